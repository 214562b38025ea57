package dev.yagura.sandbox.control;

import dev.yagura.sandbox.backup.RecoveryPoint;
import dev.yagura.sandbox.cloud.UnknownNameException;
import dev.yagura.sandbox.front.Sandbox;
import dev.yagura.sandbox.world.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What becomes of snapshots: when they are complete, whether they fail, who needs them, which are
 * recovery points of AWS Backup.
 */
final class SnapshotRoutes {
    private final Sandbox sandbox;

    SnapshotRoutes(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> all() {
        return List.of(
                Route.of("PUT", "snapshots/*", this::change),
                Route.of("PUT", "snapshots/*/recovery-point", this::keep));
    }

    private Object keep(ControlRequest request) {
        Requests.KeepSnapshot wanted = request.as(Requests.KeepSnapshot.class);
        return sandbox.within(cloud -> {
            cloud.recoveryPoints()
                    .put(
                            new RecoveryPoint(
                                    request.part(0),
                                    wanted.vault(),
                                    wanted.status(),
                                    wanted.storageClass()));
            return Map.of();
        });
    }

    private Object change(ControlRequest request) {
        Requests.ChangeSnapshot wanted = request.as(Requests.ChangeSnapshot.class);
        return sandbox.within(cloud -> {
            String id = request.part(0);
            Snapshot changed =
                    cloud.world()
                            .snapshots()
                            .find(id)
                            .orElseThrow(() -> new UnknownNameException("snapshot", id));
            Instant now = cloud.clock().instant();
            if (wanted.endIn() != null) {
                if (!changed.isPending(now)) {
                    throw new IllegalArgumentException(id + " has ended already");
                }
                changed = changed.endingAt(now.plus(wanted.endIn()), wanted.failure());
            }
            if (wanted.locked() != null) {
                changed = changed.withLock(wanted.locked());
            }
            if (wanted.image() != null) {
                changed = changed.usedBy(wanted.image());
            }
            cloud.world().snapshots().put(changed);
            return Map.of();
        });
    }
}
