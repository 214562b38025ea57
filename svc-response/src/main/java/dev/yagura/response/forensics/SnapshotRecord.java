package dev.yagura.response.forensics;

import dev.yagura.proto.response.v1.CallRecord;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.SnapshotProgress;
import dev.yagura.proto.response.v1.SnapshotSet;
import dev.yagura.proto.response.v1.VolumeSnapshot;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.StillPendingException;
import dev.yagura.response.aws.SavedTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which snapshots an action has, by its record; and, for a call that EC2 did not answer, by their
 * tags: neither CreateSnapshots nor CopySnapshot has a token that makes it safe to repeat.
 */
final class SnapshotRecord {
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    private final SnapshotReader reader;
    private final ForensicsConfig config;
    private final ActionRun run;
    private final Clock clock;

    SnapshotRecord(SnapshotReader reader, ForensicsConfig config, ActionRun run, Clock clock) {
        this.reader = reader;
        this.config = config;
        this.run = run;
        this.clock = clock;
    }

    SnapshotSet set() {
        return run.action().getSnapshotSet();
    }

    /** The set of snapshots is known. */
    boolean isTaken() {
        return set().getSnapshotsList().stream().anyMatch(VolumeSnapshot::hasSnapshot);
    }

    /** Volumes that were to have a snapshot and have none. */
    List<String> missing() {
        return set().getSnapshotsList().stream()
                .filter(each -> !each.hasSnapshot())
                .map(VolumeSnapshot::getVolumeId)
                .toList();
    }

    /** Every snapshot and copy that is not deleted yet by this action. */
    List<String> ids() {
        return set().getSnapshotsList().stream().flatMap(SnapshotRecord::ids).toList();
    }

    private static Stream<String> ids(VolumeSnapshot each) {
        Stream<String> original =
                each.hasSnapshot() && !each.getSnapshotDeleted()
                        ? Stream.of(each.getSnapshot().getSnapshotId())
                        : Stream.empty();
        return each.hasCopy()
                ? Stream.concat(original, Stream.of(each.getCopy().getSnapshotId()))
                : original;
    }

    /** Writes what EC2 said, or was found to have done. */
    void taken(List<SnapshotReader.LiveSnapshot> snapshots) {
        Map<String, VolumeSnapshot> known =
                set().getSnapshotsList().stream()
                        .collect(
                                Collectors.toMap(VolumeSnapshot::getVolumeId, Function.identity()));
        SnapshotSet.Builder changed = set().toBuilder();
        for (SnapshotReader.LiveSnapshot snapshot : snapshots) {
            VolumeSnapshot.Builder entry =
                    known.containsKey(snapshot.volumeId())
                            ? entry(changed, snapshot.volumeId())
                            : changed.addSnapshotsBuilder().setVolumeId(snapshot.volumeId());
            entry.setSizeGib(snapshot.sizeGib()).setSnapshot(progress(snapshot));
        }
        save(changed.build());
    }

    void copied(String volumeId, SnapshotProgress copy) {
        SnapshotSet.Builder changed = set().toBuilder();
        entry(changed, volumeId).setCopy(copy);
        save(changed.build());
    }

    private void save(SnapshotSet snapshots) {
        run.saved(saving -> saving.setSnapshotSet(snapshots));
    }

    void deleted(String volumeId) {
        SnapshotSet.Builder changed = set().toBuilder();
        entry(changed, volumeId).setSnapshotDeleted(true);
        save(changed.build());
    }

    /**
     * Reads how far all are; those that EC2 does not show are left as they were, unless this action
     * has asked for their end.
     */
    Map<String, SnapshotReader.LiveSnapshot> refresh() {
        Map<String, SnapshotReader.LiveSnapshot> live = reader.snapshots(ids());
        SnapshotSet.Builder changed = set().toBuilder();
        for (VolumeSnapshot.Builder entry : changed.getSnapshotsBuilderList()) {
            Optional.ofNullable(live.get(entry.getSnapshot().getSnapshotId()))
                    .ifPresent(found -> entry.setSnapshot(progress(found)));
            Optional.ofNullable(live.get(entry.getCopy().getSnapshotId()))
                    .ifPresent(found -> entry.setCopy(progress(found)));
            String original = entry.getSnapshot().getSnapshotId();
            if (!live.containsKey(original) && isDeletionBegun(original)) {
                entry.setSnapshotDeleted(true);
            }
        }
        save(changed.build());
        return live;
    }

    /**
     * Looks for the snapshots that CreateSnapshots made without answering; does nothing when it was
     * never called.
     *
     * @throws StillPendingException EC2 may not show them yet
     */
    void reconcileTaken() {
        PlannedCall create = SnapshotChange.create(run.action()).call();
        if (isTaken() || last(create).isEmpty()) {
            return;
        }
        List<SnapshotReader.LiveSnapshot> found = reader.made(run.action(), begun(create));
        if (found.isEmpty()) {
            requireSettled(create);
        } else {
            taken(found);
        }
    }

    /** The same for the copy of a snapshot; whether there is one. */
    boolean reconcileCopy(VolumeSnapshot entry, PlannedCall copy) {
        if (entry.hasCopy() || last(copy).isEmpty()) {
            return entry.hasCopy();
        }
        Optional<SnapshotReader.LiveSnapshot> found =
                reader.copy(run.action(), entry.getSnapshot().getSnapshotId(), begun(copy));
        if (found.isEmpty()) {
            requireSettled(copy);
        }
        found.ifPresent(each -> copied(entry.getVolumeId(), progress(each)));
        return found.isPresent();
    }

    /** When it was called first, with room for clocks that differ. */
    private Instant begun(PlannedCall call) {
        return like(call)
                .findFirst()
                .map(each -> SavedTime.read(each.getStartTime()).minus(CLOCKS_DIFFER))
                .orElse(Instant.MAX);
    }

    /** Whether it was tried: an error does not tell that it was not done. */
    boolean isDeletionBegun(String snapshotId) {
        return last(SnapshotChange.delete(snapshotId).call()).isPresent();
    }

    /** Waits until EC2 would show what it did without answering. */
    private void requireSettled(PlannedCall call) {
        last(call)
                .filter(SnapshotRecord::isPerhapsDone)
                .map(each -> SavedTime.read(each.getStartTime()).plus(config.settle()))
                .filter(clock.instant()::isBefore)
                .ifPresent(end -> {
                    throw new StillPendingException(
                            call.getOperation()
                                    + " was not answered; what it made is looked for until "
                                    + end,
                            shorter(Duration.between(clock.instant(), end), config.poll()));
                });
    }

    private Optional<CallRecord> last(PlannedCall planned) {
        return like(planned).reduce((first, second) -> second);
    }

    private Stream<CallRecord> like(PlannedCall planned) {
        return run.action().getCallsList().stream()
                .filter(call -> call.getOperation().equals(planned.getOperation()))
                .filter(call -> call.getParametersMap().equals(planned.getParametersMap()));
    }

    /** Not refused, as far as anybody knows: what it made may only not be seen yet. */
    private static boolean isPerhapsDone(CallRecord call) {
        return call.getAwsRequestId().isEmpty() || call.getError().isEmpty();
    }

    private static VolumeSnapshot.Builder entry(SnapshotSet.Builder set, String volumeId) {
        return set.getSnapshotsBuilderList().stream()
                .filter(each -> each.getVolumeId().equals(volumeId))
                .findFirst()
                .orElseThrow();
    }

    static SnapshotProgress progress(SnapshotReader.LiveSnapshot snapshot) {
        return SnapshotProgress.newBuilder()
                .setSnapshotId(snapshot.id())
                .setState(snapshot.state())
                .setProgress(snapshot.progress())
                .build();
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
