package dev.yagura.response.credentials;

import dev.yagura.response.aws.AwsErrors;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Whether Systems Manager has heard the instance since its profile was replaced.
 *
 * @param worthWaiting it may still come
 * @param text for people
 */
record ControlPath(boolean worthWaiting, String text) {

    private static final String UNMANAGED = "Systems Manager does not manage the instance";

    /** Why it cannot tell of the instance; empty when it can. */
    static Optional<String> unmanaged(RoleReader reader, String instanceId) {
        try {
            return reader.ping(instanceId).isPresent() ? Optional.empty() : Optional.of(UNMANAGED);
        } catch (SdkException e) {
            return Optional.of(notAsked(e));
        }
    }

    private static String notAsked(SdkException error) {
        return "Systems Manager could not be asked (" + AwsErrors.text(error) + ")";
    }

    /** Whether it hears the instance now. Never fails either. */
    static String now(RoleReader reader, String instanceId) {
        try {
            return reader.ping(instanceId)
                    .map(ping ->
                            ping.online()
                                    ? "Systems Manager hears it"
                                    : "Systems Manager has not heard it since " + ping.last())
                    .orElse(UNMANAGED);
        } catch (SdkException e) {
            return notAsked(e);
        }
    }

    /** Never fails: a deny that stops an intruder does not depend on Systems Manager. */
    static ControlPath look(
            RoleReader reader, String instanceId, @Nullable Instant associatedAt, Instant seenAt) {
        Optional<RoleReader.Ping> ping;
        try {
            ping = reader.ping(instanceId);
        } catch (SdkException e) {
            return new ControlPath(false, notAsked(e));
        }
        if (ping.isEmpty()) {
            return new ControlPath(false, UNMANAGED);
        }
        Instant since = associatedAt == null ? seenAt : associatedAt;
        @Nullable Instant last = ping.get().last();
        boolean heard = ping.get().online() && last != null && last.isAfter(since);
        return heard
                ? new ControlPath(false, "Systems Manager heard it at " + last)
                : new ControlPath(
                        true,
                        "Systems Manager has not heard it since its profile was replaced (last: "
                                + last
                                + "); commands may not reach it until its agent takes new"
                                + " credentials");
    }
}
