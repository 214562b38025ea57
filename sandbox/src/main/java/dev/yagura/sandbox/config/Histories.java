package dev.yagura.sandbox.config;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The items of every resource that was ever noticed, oldest first. */
final class Histories {
    private final TreeMap<ResourceKey, List<Item>> byKey = new TreeMap<>();

    void add(Item item) {
        List<Item> before = byKey.get(item.key());
        if (before == null) {
            // Most resources never have a second one.
            byKey.put(item.key(), List.of(item));
            return;
        }
        List<Item> all = new ArrayList<>(before);
        all.add(item);
        byKey.put(item.key(), List.copyOf(all));
    }

    /** The newest item of every resource, whether it is delivered or not. */
    List<Item> newest() {
        return byKey.values().stream().map(List::getLast).toList();
    }

    Optional<Item> newest(ResourceKey key) {
        return Optional.ofNullable(byKey.get(key)).map(List::getLast);
    }

    /** What is told of a resource at a time, oldest first. */
    List<Item> delivered(ResourceKey key, Instant now) {
        return byKey.getOrDefault(key, List.of()).stream()
                .filter(item -> !item.deliveredAt().isAfter(now))
                .toList();
    }

    /** The newest item that is told of a resource at a time. */
    Optional<Item> current(ResourceKey key, Instant now) {
        return Optional.ofNullable(current(byKey.get(key), now));
    }

    /** The same of every resource of a type, in the order of ids, after a key. */
    Stream<Item> current(String type, ResourceKey after, Instant now) {
        ResourceKey first = new ResourceKey(type, "");
        ResourceKey last = new ResourceKey(type, ResourceKey.AFTER_EVERY_ID);
        ResourceKey from = after.compareTo(first) > 0 ? after : first;
        if (from.compareTo(last) > 0) {
            return Stream.empty();
        }
        // By its iterator: a stream of the map's own counts everything first.
        Iterator<List<Item>> rest = byKey.subMap(from, false, last, false).values().iterator();
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(rest, Spliterator.ORDERED), false)
                .flatMap(items -> Optional.ofNullable(current(items, now)).stream());
    }

    /** Types of which there is any resource. */
    SortedSet<String> types() {
        SortedSet<String> types = new TreeSet<>();
        ResourceKey key = byKey.isEmpty() ? null : byKey.firstKey();
        while (key != null) {
            types.add(key.type());
            key = byKey.higherKey(new ResourceKey(key.type(), ResourceKey.AFTER_EVERY_ID));
        }
        return types;
    }

    private static @Nullable Item current(@Nullable List<Item> items, Instant now) {
        if (items == null) {
            return null;
        }
        for (int i = items.size() - 1; i >= 0; i--) {
            if (!items.get(i).deliveredAt().isAfter(now)) {
                return items.get(i);
            }
        }
        return null;
    }
}
