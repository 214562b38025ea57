package dev.yagura.sandbox.storage;

import dev.yagura.sandbox.wire.ApiFault;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/** The buckets of the account. */
public final class Buckets {
    private final Map<String, Bucket> byName = new HashMap<>();

    public void add(String name, boolean versioned) {
        byName.put(name, new Bucket(versioned));
    }

    public SortedSet<String> names() {
        return new TreeSet<>(byName.keySet());
    }

    /**
     * An object that a service of AWS itself puts, under its own tag.
     *
     * @throws ApiFault NoSuchBucket
     */
    public void put(String name, String key, byte[] content, Instant now) {
        bucket(name)
                .objects()
                .put(
                        key,
                        new StoredObject(
                                content, "\"" + UUID.randomUUID() + "\"", null, null, now));
    }

    Bucket bucket(String name) {
        Bucket bucket = byName.get(name);
        if (bucket == null) {
            throw new ApiFault("NoSuchBucket", 404, "The specified bucket does not exist");
        }
        return bucket;
    }
}
