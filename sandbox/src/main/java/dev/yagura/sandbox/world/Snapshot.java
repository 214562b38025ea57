package dev.yagura.sandbox.world;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of an EBS volume: of one moment at once, complete only later.
 *
 * @param volumeId {@code vol-ffffffff} for a copy
 * @param kmsKeyArn key that it is encrypted with; null if it is not encrypted
 * @param copy made by CopySnapshot
 * @param endTime when it is complete, or has failed
 * @param failure why it fails; null if it does not
 * @param sharedWith accounts that may create volumes from it
 * @param locked nobody can delete it
 * @param imageId AMI that needs it; null if none does
 */
public record Snapshot(
        String id,
        String volumeId,
        int sizeGib,
        String description,
        @Nullable String kmsKeyArn,
        boolean copy,
        Instant startTime,
        Instant endTime,
        @Nullable String failure,
        Set<String> sharedWith,
        boolean locked,
        @Nullable String imageId)
        implements Resource {

    /** EC2's volume id of copies. */
    public static final String NO_VOLUME = "vol-ffffffff";

    public Snapshot {
        sharedWith = Set.copyOf(sharedWith);
    }

    public boolean isPending(Instant now) {
        return now.isBefore(endTime);
    }

    public boolean isCompleted(Instant now) {
        return !isPending(now) && failure == null;
    }

    /** As EC2 names it. */
    public String state(Instant now) {
        if (isPending(now)) {
            return "pending";
        }
        return failure == null ? "completed" : "error";
    }

    /** For example {@code 40%}. */
    public String progress(Instant now) {
        if (failure != null) {
            return "0%";
        }
        if (!isPending(now)) {
            return "100%";
        }
        Duration all = Duration.between(startTime, endTime);
        Duration done = Duration.between(startTime, now);
        return 100 * done.toMillis() / Math.max(1, all.toMillis()) + "%";
    }

    public Snapshot endingAt(Instant changed, @Nullable String failure) {
        return copy(changed, failure, sharedWith, locked, imageId);
    }

    public Snapshot withLock(boolean changed) {
        return copy(endTime, failure, sharedWith, changed, imageId);
    }

    public Snapshot usedBy(String changed) {
        return copy(endTime, failure, sharedWith, locked, changed);
    }

    public Snapshot sharing(Set<String> added, Set<String> removed) {
        Set<String> changed = new TreeSet<>(sharedWith);
        changed.addAll(added);
        changed.removeAll(removed);
        return copy(endTime, failure, changed, locked, imageId);
    }

    private Snapshot copy(
            Instant endTime,
            @Nullable String failure,
            Set<String> sharedWith,
            boolean locked,
            @Nullable String imageId) {
        return new Snapshot(
                id,
                volumeId,
                sizeGib,
                description,
                kmsKeyArn,
                copy,
                startTime,
                endTime,
                failure,
                sharedWith,
                locked,
                imageId);
    }
}
