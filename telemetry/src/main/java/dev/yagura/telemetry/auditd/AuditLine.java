package dev.yagura.telemetry.auditd;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one line, as described in auditd's "specs/fields" and in the README of the recorded
 * scenario: a value in quotes is text, a bare value of a text field is hexadecimal.
 */
final class AuditLine {
    private static final Set<String> TEXT_FIELDS =
            Set.of(
                    "name",
                    "cwd",
                    "exe",
                    "comm",
                    "key",
                    "proctitle",
                    "cmd",
                    "acct",
                    "path",
                    "ocomm",
                    "dir",
                    "data");

    /** Between the fields of the kernel and those that auditd adds with log_format=ENRICHED. */
    private static final char GROUP_SEPARATOR = 0x1d;

    private static final int MOST_FIELDS = 4096;

    private final String line;
    private final String type;
    private final Map<String, String> fields = new LinkedHashMap<>();

    private AuditLine(String line, String type) {
        this.line = line;
        this.type = type;
    }

    /** The record; empty when the line is none. */
    static Optional<AuditRecord> parse(String line) {
        int typeStart = line.indexOf("type=");
        int idStart = line.indexOf("audit(");
        if (typeStart < 0 || idStart < typeStart) {
            return Optional.empty();
        }
        int typeEnd = line.indexOf(' ', typeStart);
        int idEnd = line.indexOf(')', idStart);
        if (typeEnd < 0 || idEnd < 0) {
            return Optional.empty();
        }
        Optional<AuditId> id = id(line.substring(idStart + "audit(".length(), idEnd));
        if (id.isEmpty()) {
            return Optional.empty();
        }
        AuditLine parsed =
                new AuditLine(line, line.substring(typeStart + "type=".length(), typeEnd));
        int body = idEnd + 1;
        if (body < line.length() && line.charAt(body) == ':') {
            body++;
        }
        parsed.readFields(body, line.length(), false);
        return Optional.of(new AuditRecord(parsed.type, id.get(), parsed.fields));
    }

    private static Optional<AuditId> id(String text) {
        int dot = text.indexOf('.');
        int colon = text.indexOf(':', dot);
        if (dot < 0 || colon < 0) {
            return Optional.empty();
        }
        try {
            long seconds = Long.parseLong(text, 0, dot, 10);
            long millis = Long.parseLong(text, dot + 1, colon, 10);
            long serial = Long.parseLong(text, colon + 1, text.length(), 10);
            long nanos =
                    Math.addExact(Math.multiplyExact(seconds, 1_000_000_000L), millis * 1_000_000L);
            return Optional.of(new AuditId(nanos, serial));
        } catch (NumberFormatException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** Only {@code msg='…'} of the line itself is read as fields, not what is within it. */
    private void readFields(int from, int end, boolean nested) {
        int at = from;
        while (at < end && fields.size() < MOST_FIELDS) {
            at = skipBlanks(at, end);
            int equals = line.indexOf('=', at);
            if (equals < 0 || equals >= end) {
                return;
            }
            // Words without a value, as in "op=PAM:x some words res=1", belong to no field.
            int nameStart = Math.max(at, lastBlank(at, equals) + 1);
            String name = line.substring(nameStart, equals);
            at = readValue(name, equals + 1, end, nested);
        }
    }

    private int readValue(String name, int start, int end, boolean nested) {
        char first = start < end ? line.charAt(start) : ' ';
        if (first == '"') {
            int close = line.indexOf('"', start + 1);
            int valueEnd = close < 0 || close > end ? end : close;
            put(name, line.substring(start + 1, valueEnd));
            return Math.min(end, valueEnd + 1);
        }
        if (first == '\'' && !nested) {
            int close = closingApostrophe(start + 1, end);
            readFields(start + 1, close, true);
            return Math.min(end, close + 1);
        }
        int valueEnd = start;
        while (valueEnd < end && !isBlank(line.charAt(valueEnd))) {
            valueEnd++;
        }
        String bare = line.substring(start, valueEnd);
        put(name, isText(name) ? decoded(bare, charset(name)) : bare);
        return valueEnd;
    }

    /** Fields outside a nested message win: they are the kernel's. */
    private void put(String name, String value) {
        fields.putIfAbsent(name, value);
    }

    private int closingApostrophe(int from, int end) {
        int close = line.indexOf('\'', from);
        while (close >= 0 && close + 1 < end && !isBlank(line.charAt(close + 1))) {
            close = line.indexOf('\'', close + 1);
        }
        return close < 0 || close > end ? end : close;
    }

    private boolean isText(String name) {
        if (TEXT_FIELDS.contains(name)) {
            return true;
        }
        return type.equals("EXECVE")
                && name.length() > 1
                && name.charAt(0) == 'a'
                && Character.isDigit(name.charAt(1))
                && !name.endsWith("_len");
    }

    /**
     * Parts of a split argument, as "a7[1]", are kept as one char a byte: a character may be cut
     * between two of them. {@link AuditEvent#arguments} puts them together.
     */
    private static Charset charset(String name) {
        return name.endsWith("]") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
    }

    /** Hexadecimal text decoded; what is not hexadecimal stays. */
    private static String decoded(String bare, Charset charset) {
        if (bare.length() < 2 || bare.length() % 2 != 0) {
            return bare;
        }
        for (int i = 0; i < bare.length(); i++) {
            char c = bare.charAt(i);
            if ((c < '0' || c > '9') && (c < 'A' || c > 'F')) {
                return bare;
            }
        }
        return new String(HexFormat.of().parseHex(bare), charset);
    }

    private int skipBlanks(int from, int end) {
        int at = from;
        while (at < end && isBlank(line.charAt(at))) {
            at++;
        }
        return at;
    }

    private int lastBlank(int from, int before) {
        int at = before - 1;
        while (at >= from && !isBlank(line.charAt(at))) {
            at--;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == GROUP_SEPARATOR || c == '\t';
    }
}
