package dev.yagura.sigma.taxonomy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Value of one field, in a buffer that is used again for the next event. As a character sequence it
 * is the value as it is.
 */
public final class FieldText implements CharSequence {
    private static final int INITIAL_LENGTH = 64;
    private static final int MAX_DIGITS = 20;

    private final char[] digits = new char[MAX_DIGITS];
    private char[] text = new char[INITIAL_LENGTH];
    private int length;
    private boolean present;

    /** A value by itself. */
    public static FieldText of(String value) {
        FieldText text = new FieldText();
        text.put(value);
        return text;
    }

    /** The field is missing, until something is put in. */
    public void clear() {
        length = 0;
        present = false;
    }

    void put(String value) {
        length = 0;
        add(value);
    }

    /** Like {@link #put}, but an empty text leaves the field missing: protobuf's way of absence. */
    void putUnlessEmpty(String value) {
        if (!value.isEmpty()) {
            put(value);
        }
    }

    void put(long number) {
        if (number < 0) {
            put(Long.toString(number));
            return;
        }
        int start = MAX_DIGITS;
        long rest = number;
        do {
            digits[--start] = (char) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        length = MAX_DIGITS - start;
        reserve(length);
        System.arraycopy(digits, start, text, 0, length);
        present = true;
    }

    /** Appends a text on a line of its own. */
    void putLine(String value) {
        if (value.isEmpty()) {
            return;
        }
        if (length > 0) {
            add("\n");
        }
        add(value);
    }

    /** Appends. */
    void add(String value) {
        int end = length + value.length();
        reserve(end);
        value.getChars(0, value.length(), text, length);
        length = end;
        present = true;
    }

    /** Appends UTF-8. */
    void add(byte[] utf8, int at, int count) {
        reserve(length + count);
        for (int i = 0; i < count; i++) {
            byte unit = utf8[at + i];
            if (unit < 0) {
                add(new String(utf8, at, count, StandardCharsets.UTF_8));
                return;
            }
            text[length + i] = (char) unit;
        }
        length += count;
        present = true;
    }

    public boolean isPresent() {
        return present;
    }

    /** The buffer; its first {@link #length()} units are the value. */
    public char[] units() {
        return text;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public char charAt(int index) {
        return text[index];
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new String(text, start, end - start);
    }

    @Override
    public String toString() {
        return new String(text, 0, length);
    }

    private void reserve(int capacity) {
        if (capacity > text.length) {
            text = Arrays.copyOf(text, Math.max(capacity, 2 * text.length));
        }
    }
}
