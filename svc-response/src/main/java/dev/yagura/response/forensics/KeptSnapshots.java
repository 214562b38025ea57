package dev.yagura.response.forensics;

import dev.yagura.proto.response.v1.SnapshotSet;
import dev.yagura.proto.response.v1.VolumeSnapshot;
import java.util.Map;
import java.util.TreeMap;

/** Which snapshots of a set are kept: the copies where it has some. */
public final class KeptSnapshots {
    private KeptSnapshots() {}

    /** Ids by volume; without volumes that have none. */
    public static Map<String, String> of(SnapshotSet set) {
        Map<String, String> kept = new TreeMap<>();
        for (VolumeSnapshot each : set.getSnapshotsList()) {
            if (!id(set, each).isEmpty()) {
                kept.put(each.getVolumeId(), id(set, each));
            }
        }
        return kept;
    }

    /** Empty for a volume that has none. */
    static String id(SnapshotSet set, VolumeSnapshot each) {
        return set.getKmsKeyArn().isEmpty()
                ? each.getSnapshot().getSnapshotId()
                : each.getCopy().getSnapshotId();
    }
}
