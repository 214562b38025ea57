package dev.yagura.sandbox.storage;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An object.
 *
 * @param etag with its quotes
 * @param versionId null in a bucket without versions
 * @param kmsKeyId of SSE-KMS; null for SSE-S3
 */
record StoredObject(
        byte[] content,
        String etag,
        @Nullable String versionId,
        @Nullable String kmsKeyId,
        Instant modified) {}
