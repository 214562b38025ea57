package dev.yagura.sandbox.world;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An EBS volume.
 *
 * @param type for example {@code gp3}
 * @param kmsKeyArn key that it is encrypted with; null if it is not encrypted
 * @param attachment null once its instance is gone
 */
public record Volume(
        String id,
        String availabilityZone,
        int sizeGib,
        String type,
        @Nullable String kmsKeyArn,
        Instant createTime,
        @Nullable Attached attachment)
        implements Resource {

    /** Its place on an instance. */
    public record Attached(String instanceId, String device, boolean deleteOnTermination) {}

    public boolean isAttachedTo(String instanceId) {
        return attachment != null && attachment.instanceId().equals(instanceId);
    }

    Volume detached() {
        return new Volume(id, availabilityZone, sizeGib, type, kmsKeyArn, createTime, null);
    }
}
