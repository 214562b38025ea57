package dev.yagura.response.lifecycle;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.AttachedVolume;
import dev.yagura.response.forensics.KeptSnapshots;
import dev.yagura.response.isolation.ServiceMembership;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An instance, what its end means, and what is left of it, as read just now.
 *
 * @param snapshots by volume: the newest complete one that an action took
 */
record TerminationSurvey(LifecycleSurvey lifecycle, Map<String, Evidence> snapshots) {

    /** A snapshot of a volume, and the action that took it. */
    record Evidence(String snapshotId, String action) {
        @Override
        public String toString() {
            return snapshotId + " of " + action;
        }
    }

    /**
     * Reads everything.
     *
     * @throws NotFoundException no such instance
     */
    static TerminationSurvey take(LifecycleContext context, ActionTarget target) {
        LifecycleSurvey lifecycle = context.survey(target);
        List<Action> taken =
                context.past().succeeded(ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE, target);
        Set<String> complete =
                new LifecycleReader(context.cloud(target))
                        .completeSnapshots(
                                taken.stream()
                                        .flatMap(action ->
                                                KeptSnapshots.of(action.getSnapshotSet())
                                                        .values()
                                                        .stream())
                                        .toList());
        Map<String, Evidence> snapshots = new HashMap<>();
        for (Action action : taken) {
            KeptSnapshots.of(action.getSnapshotSet())
                    .forEach((volumeId, snapshotId) -> {
                        if (complete.contains(snapshotId)) {
                            snapshots.putIfAbsent(
                                    volumeId, new Evidence(snapshotId, action.getName()));
                        }
                    });
        }
        return new TerminationSurvey(lifecycle, Map.copyOf(snapshots));
    }

    InstanceFacts instance() {
        return lifecycle.instance();
    }

    Optional<ServiceMembership> membership() {
        return lifecycle.membership();
    }

    /** Volumes that end with it. */
    List<AttachedVolume> lost() {
        return instance().volumes().stream()
                .filter(AttachedVolume::getDeleteOnTermination)
                .toList();
    }

    /** Those of them that nothing is left of. */
    List<AttachedVolume> lostForGood() {
        return lost().stream()
                .filter(volume -> !snapshots.containsKey(volume.getVolumeId()))
                .toList();
    }
}
