package dev.yagura.common.evidence;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON in the one form of RFC 8785 (JSON Canonicalization Scheme), for texts, whole numbers, flags,
 * lists and objects: the same value is always the same text. Fractions and null are refused; no
 * record has them.
 */
public final class CanonicalJson {
    /** Whole numbers beyond this are not the same in every reader (RFC 7493, section 2.2). */
    private static final long MAX_NUMBER = (1L << 53) - 1;

    private static final String SHORT_ESCAPES = "\b\t\n\f\r\"\\";
    private static final String SHORT_NAMES = "btnfr\"\\";

    private CanonicalJson() {}

    /**
     * The text of a value.
     *
     * @throws IllegalArgumentException a value of another kind
     */
    public static String of(@Nullable Object value) {
        StringBuilder text = new StringBuilder();
        write(text, value);
        return text.toString();
    }

    private static void write(StringBuilder text, @Nullable Object value) {
        switch (value) {
            case String string -> writeText(text, string);
            case Boolean flag -> text.append(flag.booleanValue());
            case Integer number -> text.append(number.intValue());
            case Long number -> text.append(checked(number));
            case List<?> list -> writeList(text, list);
            case Map<?, ?> map -> writeObject(text, map);
            case null, default ->
                    throw new IllegalArgumentException(
                            "a record has texts, whole numbers, flags, lists and objects, not "
                                    + value);
        }
    }

    private static long checked(long number) {
        if (Math.abs(number) > MAX_NUMBER) {
            throw new IllegalArgumentException(number + " is too large for a number in JSON");
        }
        return number;
    }

    private static void writeList(StringBuilder text, List<?> list) {
        text.append('[');
        for (int i = 0; i < list.size(); i++) {
            text.append(i == 0 ? "" : ",");
            write(text, list.get(i));
        }
        text.append(']');
    }

    /** Sorted by UTF-16 code units, as {@link String#compareTo} does. */
    private static void writeObject(StringBuilder text, Map<?, ?> map) {
        TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
        String separator = "{";
        for (Map.Entry<String, @Nullable Object> entry : sorted.entrySet()) {
            text.append(separator);
            writeText(text, entry.getKey());
            text.append(':');
            write(text, entry.getValue());
            separator = ",";
        }
        text.append(sorted.isEmpty() ? "{}" : "}");
    }

    private static void writeText(StringBuilder text, String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            int escape = SHORT_ESCAPES.indexOf(c);
            if (escape >= 0) {
                text.append('\\').append(SHORT_NAMES.charAt(escape));
            } else if (c < ' ') {
                text.append("\\u%04x".formatted((int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
