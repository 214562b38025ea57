package dev.yagura.sandbox.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An IAM role.
 *
 * @param trustedArns principals that may assume it
 * @param trustedService service that may assume it, for example {@code ec2.amazonaws.com}
 * @param externalId what AssumeRole must give; null if nothing
 */
public record Role(
        String name,
        String id,
        String arn,
        List<String> trustedArns,
        @Nullable String trustedService,
        @Nullable String externalId,
        Duration longestSession,
        Policy policy,
        Instant createdAt) {
    public Role {
        trustedArns = List.copyOf(trustedArns);
    }
}
