package dev.yagura.sandbox.ssm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a command will do on a host, as a test arranged it.
 *
 * @param instanceId of the host; null for any
 * @param contains text that the script must contain; null for any
 * @param exitCode 0 is Success, anything else Failed
 */
public record Outcome(
        @Nullable String instanceId,
        @Nullable String contains,
        int exitCode,
        String standardOutput,
        String standardError,
        Duration duration) {

    boolean fits(String instanceId, String script) {
        return (this.instanceId == null || this.instanceId.equals(instanceId))
                && (contains == null || script.contains(contains));
    }
}
