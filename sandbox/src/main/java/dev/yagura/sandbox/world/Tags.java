package dev.yagura.sandbox.world;

import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Tags of every resource, by resource id. */
public final class Tags {
    private final TreeMap<String, TreeMap<String, String>> byResource = new TreeMap<>();
    private final Set<String> touched = new HashSet<>();

    public Map<String, String> of(String resourceId) {
        return Collections.unmodifiableMap(byResource.getOrDefault(resourceId, new TreeMap<>()));
    }

    public Map<String, TreeMap<String, String>> all() {
        return Collections.unmodifiableMap(byResource);
    }

    public void put(String resourceId, Map<String, String> tags) {
        if (!tags.isEmpty()) {
            touched.add(resourceId);
            byResource.computeIfAbsent(resourceId, id -> new TreeMap<>()).putAll(tags);
        }
    }

    public void remove(String resourceId, String key) {
        TreeMap<String, String> tags = byResource.get(resourceId);
        if (tags != null) {
            tags.remove(key);
            touched.add(resourceId);
        }
    }

    /** The resource is gone, its tags with it. */
    public void forget(String resourceId) {
        byResource.remove(resourceId);
        touched.add(resourceId);
    }

    /** Moves the ids of the resources whose tags have changed since the last time. */
    void moveTouched(Set<String> into) {
        into.addAll(touched);
        touched.clear();
    }
}
