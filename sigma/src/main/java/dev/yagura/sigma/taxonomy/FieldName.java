package dev.yagura.sigma.taxonomy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Name of a field, ready to be looked for among objects and among bytes. */
final class FieldName {
    private final String text;
    private final byte[] utf8;

    FieldName(String text) {
        this.text = text;
        this.utf8 = text.getBytes(StandardCharsets.UTF_8);
    }

    String text() {
        return text;
    }

    int utf8Length() {
        return utf8.length;
    }

    boolean is(byte[] bytes, int at, int length) {
        return length == utf8.length
                && (length == 0 || bytes[at + length - 1] == utf8[length - 1])
                && isAt(bytes, at);
    }

    boolean begins(byte[] bytes, int at, int length) {
        return length >= utf8.length && isAt(bytes, at);
    }

    private boolean isAt(byte[] bytes, int at) {
        return Arrays.equals(utf8, 0, utf8.length, bytes, at, at + utf8.length);
    }
}
