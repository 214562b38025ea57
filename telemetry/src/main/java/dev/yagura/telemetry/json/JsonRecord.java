package dev.yagura.telemetry.json;

import java.util.Arrays;

/**
 * The values of one JSON object in their order, as text, each with its path. Nulls are left out.
 * Used again for the next object.
 */
public final class JsonRecord {
    private static final int INITIAL_SIZE = 64;

    /** Bytes a UTF-16 unit at most. */
    private static final long MOST_UTF8 = 3;

    private JsonPath[] paths = new JsonPath[INITIAL_SIZE];
    private String[] values = new String[INITIAL_SIZE];
    private int size;
    private int sourceBytes;
    private long pathUnits;

    void begin(int bytes) {
        size = 0;
        sourceBytes = bytes;
        pathUnits = 0;
    }

    /**
     * Length of the JSON that the values came from, with the whole path of each: names of outer
     * objects are written once, and count for each value within.
     */
    public int sourceBytes() {
        return (int) Math.min(Integer.MAX_VALUE, sourceBytes + MOST_UTF8 * pathUnits);
    }

    void add(JsonPath path, String value) {
        if (size == values.length) {
            paths = Arrays.copyOf(paths, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        pathUnits += path.text().length();
        paths[size] = path;
        values[size++] = value;
    }

    public int size() {
        return size;
    }

    public JsonPath path(int index) {
        return paths[index];
    }

    public String value(int index) {
        return values[index];
    }

    /** The first value at the path; empty when there is none. */
    public String text(String path) {
        for (int i = 0; i < size; i++) {
            if (paths[i].text().equals(path)) {
                return values[i];
            }
        }
        return "";
    }
}
