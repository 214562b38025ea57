package dev.yagura.sigma.taxonomy;

import java.util.Arrays;

/**
 * Value of one field, as it is and with case folded, in buffers that are used again for the next
 * event. As a character sequence it is the value as it is.
 */
public final class FieldText implements CharSequence {
    private static final int INITIAL_LENGTH = 64;
    private static final int MAX_DIGITS = 20;

    private char[] raw = new char[INITIAL_LENGTH];
    private char[] folded = new char[INITIAL_LENGTH];
    private int length;
    private boolean present;

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
        reserve(MAX_DIGITS);
        int start = MAX_DIGITS;
        long rest = number;
        do {
            folded[--start] = (char) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        length = MAX_DIGITS - start;
        System.arraycopy(folded, start, raw, 0, length);
        System.arraycopy(raw, 0, folded, 0, length);
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
        value.getChars(0, value.length(), raw, length);
        for (int i = length; i < end; i++) {
            folded[i] = CaseFolding.fold(raw[i]);
        }
        length = end;
        present = true;
    }

    public boolean isPresent() {
        return present;
    }

    public char[] raw() {
        return raw;
    }

    public char[] folded() {
        return folded;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public char charAt(int index) {
        return raw[index];
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new String(raw, start, end - start);
    }

    @Override
    public String toString() {
        return new String(raw, 0, length);
    }

    private void reserve(int capacity) {
        if (capacity > raw.length) {
            int larger = Math.max(capacity, 2 * raw.length);
            raw = Arrays.copyOf(raw, larger);
            folded = Arrays.copyOf(folded, larger);
        }
    }
}
