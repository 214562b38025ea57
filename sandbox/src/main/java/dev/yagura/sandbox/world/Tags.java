package dev.yagura.sandbox.world;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Tags of every resource, by resource id. */
public final class Tags {
    private final TreeMap<String, TreeMap<String, String>> byResource = new TreeMap<>();
    private long changes;

    public Map<String, String> of(String resourceId) {
        return Collections.unmodifiableMap(byResource.getOrDefault(resourceId, new TreeMap<>()));
    }

    public Map<String, TreeMap<String, String>> all() {
        return Collections.unmodifiableMap(byResource);
    }

    public void put(String resourceId, Map<String, String> tags) {
        if (!tags.isEmpty()) {
            changes++;
            byResource.computeIfAbsent(resourceId, id -> new TreeMap<>()).putAll(tags);
        }
    }

    public void remove(String resourceId, String key) {
        TreeMap<String, String> tags = byResource.get(resourceId);
        if (tags != null) {
            tags.remove(key);
            changes++;
        }
    }

    /** The resource is gone, its tags with it. */
    public void forget(String resourceId) {
        byResource.remove(resourceId);
        changes++;
    }

    /** How often they have changed. */
    long changes() {
        return changes;
    }
}
