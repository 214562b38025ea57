package dev.yagura.sandbox.storage;

import java.util.HashMap;
import java.util.Map;

/**
 * A bucket.
 *
 * @param objects the newest of each key
 */
record Bucket(boolean versioned, Map<String, StoredObject> objects) {
    Bucket(boolean versioned) {
        this(versioned, new HashMap<>());
    }
}
