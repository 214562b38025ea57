package dev.yagura.indicator;

import dev.yagura.proto.detection.v1.Severity;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Fields that every format has. */
final class EntryFields {
    private static final int MAX_LABEL = 100;
    static final int MAX_LABELS = 20;
    static final int MAX_TEXT = 500;
    static final int MAX_SOURCE_ID = 200;

    // What PostgreSQL and the contract's timestamps both hold.
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2262-01-01T00:00:00Z");

    private EntryFields() {}

    /** A day is its beginning in UTC; null when empty. */
    static @Nullable Instant time(String text) throws MalformedIndicatorException {
        if (text.isEmpty()) {
            return null;
        }
        try {
            Instant time =
                    text.length() == 10
                            ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                            : OffsetDateTime.parse(text).toInstant();
            if (!time.isBefore(EARLIEST) && !time.isAfter(LATEST)) {
                return time;
            }
        } catch (DateTimeParseException e) {
            // Said below.
        }
        throw new MalformedIndicatorException(
                "'" + clip(text, 40) + "' is no time; write 2026-01-31 or 2026-01-31T12:00:00Z");
    }

    static int confidence(String text, int otherwise) throws MalformedIndicatorException {
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            int confidence = Integer.parseInt(text);
            if (confidence >= 0 && confidence <= 100) {
                return confidence;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new MalformedIndicatorException(
                "'" + clip(text, 40) + "' is no number from 0 to 100");
    }

    static Severity severity(String text, Severity otherwise) throws MalformedIndicatorException {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "" -> otherwise;
            case "informational" -> Severity.SEVERITY_INFORMATIONAL;
            case "low" -> Severity.SEVERITY_LOW;
            case "medium" -> Severity.SEVERITY_MEDIUM;
            case "high" -> Severity.SEVERITY_HIGH;
            case "critical" -> Severity.SEVERITY_CRITICAL;
            default ->
                    throw new MalformedIndicatorException(
                            "'"
                                    + clip(text, 40)
                                    + "' is none of informational, low, medium, high, critical");
        };
    }

    static boolean flag(String text) throws MalformedIndicatorException {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "", "false" -> false;
            case "true" -> true;
            default ->
                    throw new MalformedIndicatorException(
                            "'" + clip(text, 40) + "' is neither true nor false");
        };
    }

    static String label(String text) {
        return clip(text.strip(), MAX_LABEL);
    }

    /** One line of at most so many characters. */
    static String clip(String text, int max) {
        String line = text.replaceAll("\\p{Cntrl}", " ").strip();
        if (line.length() <= max) {
            return line;
        }
        return line.substring(0, Character.isHighSurrogate(line.charAt(max - 1)) ? max - 1 : max);
    }

    static void checkPeriod(@Nullable Instant from, @Nullable Instant until)
            throws MalformedIndicatorException {
        if (from != null && until != null && !until.isAfter(from)) {
            throw new MalformedIndicatorException("valid_until is not after valid_from");
        }
    }
}
