package dev.yagura.response.forensics;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.SnapshotSet;
import dev.yagura.proto.response.v1.VolumeSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What EC2 says of the snapshots that are kept, held against what was asked for.
 *
 * @param kept by volume: the copies, or the snapshots where none are copied
 * @param readers accounts that each is shared with, by its id
 */
record SnapshotCheck(
        Action action,
        Map<String, SnapshotReader.LiveSnapshot> kept,
        Map<String, Set<String>> readers) {

    static SnapshotCheck of(SnapshotReader reader, Action action) {
        SnapshotSet set = action.getSnapshotSet();
        Map<String, String> ids = new HashMap<>();
        set.getSnapshotsList()
                .forEach(each -> ids.put(each.getVolumeId(), KeptSnapshots.id(set, each)));
        Map<String, SnapshotReader.LiveSnapshot> live = reader.snapshots(ids.values());
        Map<String, SnapshotReader.LiveSnapshot> kept = new HashMap<>();
        Map<String, Set<String>> readers = new HashMap<>();
        ids.forEach((volumeId, id) -> {
            if (live.containsKey(id)) {
                kept.put(volumeId, live.get(id));
                readers.put(id, reader.sharedWith(id));
            }
        });
        return new SnapshotCheck(action, kept, readers);
    }

    /** Everything that is otherwise; empty when all is as asked for. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        action.getSnapshotSet().getSnapshotsList().forEach(each -> addProblems(problems, each));
        return problems;
    }

    private void addProblems(List<String> problems, VolumeSnapshot each) {
        SnapshotSet set = action.getSnapshotSet();
        SnapshotReader.LiveSnapshot live = kept.get(each.getVolumeId());
        if (live == null) {
            problems.add(each.getVolumeId() + " has no snapshot that EC2 shows");
            return;
        }
        if (!live.state().equals("completed")) {
            problems.add(live.id() + " is " + live.state());
        }
        if (live.sizeGib() != each.getSizeGib()) {
            problems.add(live.id() + " has " + live.sizeGib() + " GiB");
        }
        if (!set.getKmsKeyArn().isEmpty() && !live.keyArn().equals(set.getKmsKeyArn())) {
            problems.add(
                    live.id()
                            + (live.keyArn().isEmpty()
                                    ? " is not encrypted"
                                    : " is encrypted with " + live.keyArn()));
        }
        Set<String> shared = readers.getOrDefault(live.id(), Set.of());
        if (!shared.equals(wantedReaders())) {
            problems.add(live.id() + " is shared with " + (shared.isEmpty() ? "nobody" : shared));
        }
        if (!live.tags().entrySet().containsAll(SnapshotTags.of(action).entrySet())) {
            problems.add(live.id() + " has other tags: " + live.tags());
        }
    }

    private Set<String> wantedReaders() {
        String account = action.getSnapshotSet().getSharedAccountId();
        return account.isEmpty() ? Set.of() : Set.of(account);
    }

    /**
     * Everything that holds, when there is no problem.
     *
     * @param undeleted what could not be deleted, with EC2's reason
     */
    String facts(List<String> undeleted) {
        SnapshotSet set = action.getSnapshotSet();
        String snapshots =
                set.getSnapshotsList().stream()
                        .map(each -> KeptSnapshots.id(set, each) + " of " + each.getVolumeId())
                        .collect(Collectors.joining(", "));
        String key =
                set.getKmsKeyArn().isEmpty()
                        ? "encrypted as their volumes are"
                        : "copies encrypted with " + set.getKmsKeyArn();
        String account =
                set.getSharedAccountId().isEmpty()
                        ? "shared with nobody"
                        : "shared with account " + set.getSharedAccountId() + " and nobody else";
        String rest = undeleted.isEmpty() ? "" : "; not deleted: " + String.join(", ", undeleted);
        return "%d volumes of %s, each with a complete snapshot: %s; %s; %s; tagged%s"
                .formatted(
                        set.getSnapshotsCount(),
                        action.getTarget().getInstanceId(),
                        snapshots,
                        key,
                        account,
                        rest);
    }
}
