package dev.yagura.telemetry.auditd;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of an audit log.
 *
 * @param type for example "SYSCALL"
 * @param id which event it belongs to
 * @param fields decoded text, in order; of a nested {@code msg='…'} too
 */
record AuditRecord(String type, AuditId id, Map<String, String> fields) {

    AuditRecord {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** Text of a field; empty when it is absent or one of audit's words for that. */
    String text(String name) {
        String value = fields.getOrDefault(name, "");
        return switch (value) {
            case "(null)", "(none)", "?" -> "";
            default -> value;
        };
    }

    /** A decimal field; 0 when it is absent or no number. */
    long number(String name) {
        return parse(text(name), 10);
    }

    /** A hexadecimal argument of a system call, for example "a2"; 0 when absent. */
    long argument(String name) {
        return parse(text(name), 16);
    }

    private static long parse(String text, int radix) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return radix == 16 ? Long.parseUnsignedLong(text, radix) : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0; // a garbled number is as good as none; the raw record keeps it
        }
    }
}
