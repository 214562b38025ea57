package dev.yagura.sandbox.storage;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * A bucket.
 *
 * @param access who outside the account may use it
 * @param objects the newest of each key
 */
record Bucket(
        boolean versioned,
        Instant created,
        BucketAccess access,
        Map<String, StoredObject> objects) {
    Bucket(boolean versioned, Instant created) {
        this(versioned, created, BucketAccess.BLOCKED, new HashMap<>());
    }

    Bucket with(BucketAccess changed) {
        return new Bucket(versioned, created, changed, objects);
    }
}
