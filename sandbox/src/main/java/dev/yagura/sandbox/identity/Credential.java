package dev.yagura.sandbox.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A known access key.
 *
 * @param sessionToken and {@code expiresAt} are null for the long-lived keys of users
 */
public record Credential(
        String accessKeyId,
        String secretKey,
        @Nullable String sessionToken,
        @Nullable Instant expiresAt,
        Identity identity) {}
