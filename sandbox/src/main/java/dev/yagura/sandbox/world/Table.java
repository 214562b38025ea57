package dev.yagura.sandbox.world;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Records of one kind by id, in id order (the order that pages follow). */
public final class Table<T extends Resource> {
    private final TreeMap<String, T> rows = new TreeMap<>();
    private final Set<String> touched = new HashSet<>();

    public Optional<T> find(String id) {
        return Optional.ofNullable(rows.get(id));
    }

    /**
     * The record of an id that another record refers to.
     *
     * @throws IllegalStateException if the reference dangles, which is a bug or a bad seed
     */
    public T get(String id) {
        return find(id).orElseThrow(() -> new IllegalStateException("no such resource: " + id));
    }

    public boolean contains(String id) {
        return rows.containsKey(id);
    }

    /** Adds the record or replaces the one with its id. */
    public void put(T row) {
        rows.put(row.id(), row);
        touched.add(row.id());
    }

    public void remove(String id) {
        rows.remove(id);
        touched.add(id);
    }

    /** Moves the ids of what was put or removed since the last time. */
    void moveTouched(Set<String> into) {
        into.addAll(touched);
        touched.clear();
    }

    public Collection<T> all() {
        return Collections.unmodifiableCollection(rows.values());
    }
}
