package dev.yagura.telemetry.json;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a value is in a JSON object: names joined by dots, without the indices of arrays. Paths of
 * one reader are made once and are compared by identity; beyond {@value #MOST_PATHS} they are made
 * for each use.
 */
public final class JsonPath {
    private static final int MOST_PATHS = 50_000;

    /** Long names within long names would take more memory than the object that has them. */
    private static final int LONGEST_TEXT = 1024;

    private final String text;
    private final String name;
    private final @Nullable JsonPath parent;
    private final Count count;
    private final Map<String, JsonPath> children = new HashMap<>(4);
    private @Nullable Object meaning;

    /** Paths made so far below one root. */
    private static final class Count {
        private int paths;
    }

    private JsonPath(String text, String name, @Nullable JsonPath parent, Count count) {
        this.text = text;
        this.name = name;
        this.parent = parent;
        this.count = count;
    }

    static JsonPath root() {
        return new JsonPath("", "", null, new Count());
    }

    JsonPath child(String field) {
        JsonPath known = children.get(field);
        if (known != null) {
            return known;
        }
        JsonPath made =
                new JsonPath(cut(text.isEmpty() ? field : text + '.' + field), field, this, count);
        if (count.paths < MOST_PATHS && field.length() <= LONGEST_TEXT) {
            count.paths++;
            children.put(field, made);
        }
        return made;
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
    }

    /** "Event.System.Channel"; its first 1024 units where it is longer. */
    public String text() {
        return text;
    }

    /** The last name of the path. */
    public String name() {
        return name;
    }

    /** Null for the root. */
    public @Nullable JsonPath parent() {
        return parent;
    }

    /** What {@link #mean} has set; null before. */
    public @Nullable Object meaning() {
        return meaning;
    }

    /** Keeps what the one user of this reader has worked out about the path. */
    public void mean(Object worked) {
        meaning = worked;
    }
}
