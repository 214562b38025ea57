package dev.yagura.sandbox.storage;

import dev.yagura.sandbox.wire.ApiFault;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** The buckets of the account. */
public final class Buckets {
    private final Map<String, Bucket> byName = new HashMap<>();

    public void add(String name, boolean versioned, Instant created) {
        byName.put(name, new Bucket(versioned, created));
    }

    /** With its objects; false when there is no such bucket. */
    public boolean remove(String name) {
        return byName.remove(name) != null;
    }

    /** By name. */
    public SortedMap<String, BucketAccess> access() {
        SortedMap<String, BucketAccess> all = new TreeMap<>();
        byName.forEach((name, bucket) -> all.put(name, bucket.access()));
        return all;
    }

    /** False when there is no such bucket. */
    public boolean open(String name, BucketAccess access) {
        return byName.computeIfPresent(name, (key, bucket) -> bucket.with(access)) != null;
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

    /** By name. */
    SortedMap<String, Instant> created() {
        SortedMap<String, Instant> all = new TreeMap<>();
        byName.forEach((name, bucket) -> all.put(name, bucket.created()));
        return all;
    }

    Bucket bucket(String name) {
        Bucket bucket = byName.get(name);
        if (bucket == null) {
            throw new ApiFault("NoSuchBucket", 404, "The specified bucket does not exist");
        }
        return bucket;
    }
}
