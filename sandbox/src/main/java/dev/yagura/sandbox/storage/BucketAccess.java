package dev.yagura.sandbox.storage;

import org.jspecify.annotations.Nullable;

/**
 * Who outside the account may use a bucket, as far as AWS Config tells it.
 *
 * @param blocked all four settings of its Block Public Access
 * @param policy its bucket policy, JSON; null without one
 */
public record BucketAccess(boolean blocked, @Nullable String policy) {
    /** What a new bucket has. */
    static final BucketAccess BLOCKED = new BucketAccess(true, null);
}
