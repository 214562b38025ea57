package dev.yagura.sandbox.storage;

import java.util.HashMap;
import java.util.Map;

/**
 * A bucket.
 *
 * @param access who outside the account may use it
 * @param objects the newest of each key
 */
record Bucket(boolean versioned, BucketAccess access, Map<String, StoredObject> objects) {
    Bucket(boolean versioned) {
        this(versioned, BucketAccess.BLOCKED, new HashMap<>());
    }

    Bucket with(BucketAccess changed) {
        return new Bucket(versioned, changed, objects);
    }
}
