package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Filters;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.Snapshot;
import dev.yagura.sandbox.world.Volume;
import dev.yagura.sandbox.world.World;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** CreateSnapshots, DescribeSnapshots, DeleteSnapshot. */
final class SnapshotOperations {
    private static final String TYPE = "snapshot";

    private final World world;
    private final Clock clock;
    private final Listing<Snapshot> listing;

    SnapshotOperations(World world, Clock clock) {
        this.world = world;
        this.clock = clock;
        this.listing =
                new Listing<>(
                        ResourceKind.SNAPSHOT,
                        world.snapshots(),
                        "SnapshotId",
                        Filters.<Snapshot>tagged(each -> world.tags().of(each.id()))
                                .field("snapshot-id", each -> Stream.of(each.id()))
                                .field("volume-id", each -> Stream.of(each.volumeId()))
                                .field("status", each -> Stream.of(each.state(clock.instant())))
                                .field("owner-id", each -> Stream.of(world.account().id())),
                        Page.Rules.ec2(5, 1000));
    }

    List<Operation> all() {
        return List.of(
                Operation.named("CreateSnapshots", this::create)
                        .needs("InstanceSpecification.InstanceId")
                        .knows("Description")
                        .knows(TagParameters.SPECIFICATION),
                listing.accept(Operation.named("DescribeSnapshots", this::describe))
                        .knows("Owner.N"),
                Operation.named("DeleteSnapshot", this::delete).needs("SnapshotId"));
    }

    /** One of each volume that is attached, or none at all. */
    private Body create(Call call) {
        Instance instance =
                ResourceKind.INSTANCE.find(
                        world.instances(),
                        call.parameters().required("InstanceSpecification.InstanceId"));
        if (instance.isTerminating()) {
            throw ApiFault.of(
                    "IncorrectInstanceState",
                    "The instance '%s' is not in a state from which its volumes can be read.",
                    instance.id());
        }
        Map<String, String> tags = TagParameters.ofNew(world, call.parameters(), TYPE);
        Instant now = clock.instant();
        List<Volume> volumes = world.volumesOf(instance.id());
        volumes.forEach(volume -> checkPending(volume, now));
        List<Snapshot> made = new ArrayList<>();
        for (Volume volume : volumes) {
            Snapshot snapshot =
                    new Snapshot(
                            world.ids().next("snap"),
                            volume.id(),
                            volume.sizeGib(),
                            call.parameters().text("Description").orElse(""),
                            volume.kmsKeyArn(),
                            false,
                            now,
                            now.plus(world.timing().snapshot()),
                            null,
                            Set.of(),
                            false,
                            null);
            world.snapshots().put(snapshot);
            world.tags().put(snapshot.id(), tags);
            made.add(snapshot);
        }
        return Xml.ofItems()
                .list("snapshotSet", made, (xml, each) -> write(xml, each, "state"))
                .body();
    }

    private void checkPending(Volume volume, Instant now) {
        long pending =
                world.snapshots().all().stream()
                        .filter(each -> each.volumeId().equals(volume.id()))
                        .filter(each -> each.isPending(now))
                        .count();
        if (pending >= world.limits().pendingSnapshotsPerVolume()) {
            throw ApiFault.of(
                    "ConcurrentSnapshotLimitExceeded",
                    "Maximum allowed in-progress snapshots for a single volume exceeded.");
        }
    }

    private Body describe(Call call) {
        List<String> owners = call.parameters().list("Owner");
        boolean own =
                owners.isEmpty()
                        || owners.contains("self")
                        || owners.contains(world.account().id());
        Page<Snapshot> page = listing.page(call.parameters());
        return Xml.ofItems()
                .list(
                        "snapshotSet",
                        own ? page.items() : List.of(),
                        (xml, each) -> write(xml, each, "status"))
                .text("nextToken", page.nextToken())
                .body();
    }

    private Body delete(Call call) {
        Snapshot snapshot =
                ResourceKind.SNAPSHOT.find(
                        world.snapshots(), call.parameters().required("SnapshotId"));
        if (snapshot.imageId() != null) {
            throw ApiFault.of(
                    "InvalidSnapshot.InUse",
                    "The snapshot %s is currently in use by %s",
                    snapshot.id(),
                    snapshot.imageId());
        }
        if (snapshot.locked()) {
            throw ApiFault.of(
                    "SnapshotLocked",
                    "The snapshot %s is locked and cannot be deleted.",
                    snapshot.id());
        }
        world.snapshots().remove(snapshot.id());
        world.tags().forget(snapshot.id());
        return Xml.ofItems().text("return", true).body();
    }

    /**
     * @param stateName CreateSnapshots names it another way
     */
    private void write(Xml xml, Snapshot snapshot, String stateName) {
        Instant now = clock.instant();
        xml.text("snapshotId", snapshot.id())
                .text("volumeId", snapshot.volumeId())
                .text(stateName, snapshot.state(now))
                .text("statusMessage", snapshot.isPending(now) ? null : snapshot.failure())
                .text("startTime", snapshot.startTime())
                .text("progress", snapshot.progress(now))
                .text("ownerId", world.account().id())
                .text("volumeSize", snapshot.sizeGib())
                .text("description", snapshot.description())
                .text("encrypted", snapshot.kmsKeyArn() != null)
                .text("kmsKeyId", snapshot.kmsKeyArn())
                .text("storageTier", "standard");
        xml.tags(world.tags().of(snapshot.id()));
    }
}
