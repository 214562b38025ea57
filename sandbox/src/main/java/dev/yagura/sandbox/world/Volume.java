package dev.yagura.sandbox.world;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An EBS volume.
 *
 * @param type for example {@code gp3}
 * @param kmsKeyArn key that it is encrypted with; null if it is not encrypted
 * @param available when it is made
 * @param attachment null when it is attached to nothing
 */
public record Volume(
        String id,
        String availabilityZone,
        int sizeGib,
        String type,
        @Nullable String kmsKeyArn,
        Instant createTime,
        Instant available,
        @Nullable Attached attachment)
        implements Resource {

    /**
     * Its place on an instance.
     *
     * @param changing until when it is attaching, or detaching
     */
    public record Attached(
            String instanceId,
            String device,
            boolean deleteOnTermination,
            Instant changing,
            boolean ending) {

        /** As EC2 names it. */
        public String status(Instant now) {
            if (ending) {
                return "detaching";
            }
            return changing.isAfter(now) ? "attaching" : "attached";
        }

        public Attached ending(Instant until) {
            return new Attached(instanceId, device, deleteOnTermination, until, true);
        }

        public Attached withDeleteOnTermination(boolean changed) {
            return new Attached(instanceId, device, changed, changing, ending);
        }
    }

    /** As EC2 names it. */
    public String state(Instant now) {
        if (attachment != null) {
            return "in-use";
        }
        return available.isAfter(now) ? "creating" : "available";
    }

    /** Device name on its instance; empty if it has none. */
    public String device() {
        return attachment == null ? "" : attachment.device();
    }

    public boolean isAttachedTo(String instanceId) {
        return attachment != null && attachment.instanceId().equals(instanceId);
    }

    public Volume with(@Nullable Attached changed) {
        return new Volume(
                id, availabilityZone, sizeGib, type, kmsKeyArn, createTime, available, changed);
    }

    Volume detached() {
        return with(null);
    }
}
