package dev.yagura.sandbox.world;

import java.time.Instant;

/** An interface's place on an instance. */
public record Attachment(
        String id,
        String instanceId,
        int deviceIndex,
        Instant attachTime,
        boolean deleteOnTermination) {
    public Attachment withDeleteOnTermination(boolean changed) {
        return new Attachment(id, instanceId, deviceIndex, attachTime, changed);
    }
}
