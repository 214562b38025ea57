package dev.yagura.telemetry.event;

import dev.yagura.proto.telemetry.v1.Event;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named values of one event on their way into the schema. What finds a place there is taken out;
 * the rest goes to the unmapped fields by its name. Used again for the next event.
 *
 * <p>A text that the typed core cannot tell from a missing one, empty or "-", is never taken: it
 * stays in the unmapped fields as it was written.
 */
public final class EventData {
    private static final int MOST_FIELDS = 1000;

    private final Map<String, String> values = new LinkedHashMap<>();

    public void clear() {
        values.clear();
    }

    /**
     * Adds a value; several of one name become lines of one text. Beyond 1000 names, and beyond
     * what an event can hold: nothing.
     */
    public void add(String name, String value) {
        String before = values.get(name);
        if (before != null) {
            if (before.length() <= EventLimits.MAX_EVENT_BYTES) {
                values.put(name, before + '\n' + value);
            }
        } else if (values.size() < MOST_FIELDS) {
            values.put(name, value);
        }
    }

    /** Sets a value whatever was there. */
    public void set(String name, String value) {
        values.put(name, value);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The value; empty when it is missing, empty or "-". */
    public String text(String name) {
        String value = values.getOrDefault(name, "");
        return value.equals("-") ? "" : value;
    }

    /** Like {@link #text}, and takes it out. */
    public String take(String name) {
        String value = text(name);
        if (!value.isEmpty()) {
            values.remove(name);
        }
        return value;
    }

    public void drop(String name) {
        values.remove(name);
    }

    /** A decimal or hexadecimal ("0x1f") number that fits an int; 0 when it is none. */
    public int number(String name) {
        return number(values.getOrDefault(name, ""), false);
    }

    /** A decimal number; taken out unless it is 0 or none. */
    public int takeNumber(String name) {
        int number = number(values.getOrDefault(name, ""), true);
        if (number != 0) {
            values.remove(name);
        }
        return number;
    }

    private static int number(String text, boolean plain) {
        try {
            if (!plain && (text.startsWith("0x") || text.startsWith("0X"))) {
                return Integer.parseUnsignedInt(text, 2, text.length(), 16);
            }
            int number = text.isEmpty() ? 0 : Integer.parseInt(text);
            return number > 0 && (!plain || text.charAt(0) != '0') ? number : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Adds what is left to the event. */
    public void putRest(Event.Builder event) {
        values.forEach(event::putUnmapped);
    }
}
