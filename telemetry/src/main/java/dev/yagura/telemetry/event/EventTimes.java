package dev.yagura.telemetry.event;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.OptionalLong;

/**
 * Points in time as logs write them, in nanoseconds UTC. ISO 8601 with "T" or a blank, with or
 * without a fraction and an offset (without one: UTC), or seconds, milliseconds, microseconds or
 * nanoseconds since 1970, told by their size; also "/Date(milliseconds)/".
 */
public final class EventTimes {
    private static final long NANOS = 1_000_000_000L;
    private static final int DATE_TIME_LENGTH = 19;
    private static final String DATE = "/Date(";

    /** Longer or wider numbers are no times, and would take their time to be read. */
    private static final int LONGEST_NUMBER = 40;

    private static final int MOST_DIGITS_AFTER = 40;

    /** The year 2286 in seconds; a larger number counts smaller units. */
    private static final long MOST_SECONDS = 10_000_000_000L;

    private EventTimes() {}

    /** Nanoseconds since 1970 of an instant. */
    public static long nanos(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), NANOS), instant.getNano());
    }

    /** The time; empty when the text is none. */
    public static OptionalLong parse(String text) {
        try {
            if (text.length() >= DATE_TIME_LENGTH && text.charAt(4) == '-') {
                return OptionalLong.of(iso(text));
            }
            if (text.startsWith(DATE)) {
                int end = text.indexOf(')');
                return OptionalLong.of(number(text.substring(DATE.length(), end)));
            }
            return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(number(text));
        } catch (IndexOutOfBoundsException
                | NumberFormatException
                | ArithmeticException
                | DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    private static long iso(String text) {
        long day =
                LocalDate.of(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10))
                        .toEpochDay();
        int hour = digits(text, 11, 13);
        int minute = digits(text, 14, 16);
        int second = digits(text, 17, 19);
        if (hour > 23 || minute > 59 || second > 60) {
            throw new NumberFormatException("no time of day");
        }
        long seconds = day * 86_400 + hour * 3_600 + minute * 60 + second;
        int at = DATE_TIME_LENGTH;
        long fraction = 0;
        if (at < text.length() && (text.charAt(at) == '.' || text.charAt(at) == ',')) {
            at++;
            long unit = NANOS / 10;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                fraction += (text.charAt(at) - '0') * unit;
                unit /= 10;
                at++;
            }
        }
        return Math.addExact(
                Math.multiplyExact(seconds - offset(text.substring(at).strip()), NANOS), fraction);
    }

    /** In seconds: "", "Z", "UTC", "+01:00", "-0530", "+09". */
    private static int offset(String zone) {
        if (zone.isEmpty() || zone.equals("Z") || zone.equals("UTC")) {
            return 0;
        }
        char sign = zone.charAt(0);
        if (sign != '+' && sign != '-') {
            throw new NumberFormatException("no offset");
        }
        String digits = zone.substring(1).replace(":", "");
        int hours = digits(digits, 0, 2);
        int minutes = digits.length() >= 4 ? digits(digits, 2, 4) : 0;
        int seconds = hours * 3_600 + minutes * 60;
        return sign == '-' ? -seconds : seconds;
    }

    private static int digits(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new NumberFormatException("no digit");
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static long number(String text) {
        if (text.length() > LONGEST_NUMBER) {
            throw new NumberFormatException("no time");
        }
        int dot = text.indexOf('.');
        if (dot >= 0) {
            java.math.BigDecimal decimal = new java.math.BigDecimal(text);
            if (Math.abs((long) decimal.scale()) > MOST_DIGITS_AFTER) {
                throw new NumberFormatException("no time");
            }
            return decimal.movePointRight(9)
                    .setScale(0, java.math.RoundingMode.FLOOR)
                    .longValueExact();
        }
        long value = Long.parseLong(text);
        long unit = NANOS;
        for (long most = MOST_SECONDS; unit > 1 && Math.abs(value) >= most; most *= 1000) {
            unit /= 1000;
        }
        return Math.multiplyExact(value, unit);
    }
}
