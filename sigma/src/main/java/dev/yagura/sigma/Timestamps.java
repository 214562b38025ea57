package dev.yagura.sigma;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.temporal.IsoFields;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dates as events have them: ISO 8601, with "T" or a space before the time. What is written counts;
 * nothing is converted to another time zone.
 */
public final class Timestamps {
    private static final int MIN_LENGTH = "2025-08-02".length();
    private static final int MAX_LENGTH = 40;
    private static final Pattern DATE =
            Pattern.compile(
                    "([0-9]{4})-([0-9]{2})-([0-9]{2})"
                            + "(?:[T ]([0-9]{2}):([0-9]{2})"
                            + "(?::[0-9]{2}(?:[.,][0-9]{1,9})?)? ?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?");

    private Timestamps() {}

    /** Parts of a date that the time modifiers ask for. */
    public enum Part {
        MINUTE(0, 59),
        HOUR(0, 23),
        DAY(1, 31),
        WEEK(1, 53),
        MONTH(1, 12),
        YEAR(0, 9999);

        private final int least;
        private final int most;

        Part(int least, int most) {
            this.least = least;
            this.most = most;
        }

        int least() {
            return least;
        }

        int most() {
            return most;
        }
    }

    /**
     * The part's number; empty when the text is no date, or has no time of day and one is asked.
     */
    public static OptionalInt part(CharSequence text, Part part) {
        if (text.length() > MAX_LENGTH
                || text.length() < MIN_LENGTH
                || text.charAt(4) != '-'
                || text.charAt(7) != '-') {
            return OptionalInt.empty();
        }
        Matcher matcher = DATE.matcher(text);
        return matcher.matches() ? part(matcher, part) : OptionalInt.empty();
    }

    private static OptionalInt part(Matcher matcher, Part part) {
        LocalDate date;
        try {
            date =
                    LocalDate.of(
                            Integer.parseInt(matcher.group(1)),
                            Integer.parseInt(matcher.group(2)),
                            Integer.parseInt(matcher.group(3)));
        } catch (DateTimeException e) {
            return OptionalInt.empty();
        }
        return switch (part) {
            case MINUTE -> inRange(matcher.group(5), part);
            case HOUR -> inRange(matcher.group(4), part);
            case DAY -> OptionalInt.of(date.getDayOfMonth());
            case WEEK -> OptionalInt.of(date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case MONTH -> OptionalInt.of(date.getMonthValue());
            case YEAR -> OptionalInt.of(date.getYear());
        };
    }

    private static OptionalInt inRange(@Nullable String digits, Part part) {
        if (digits == null) {
            return OptionalInt.empty();
        }
        int number = Integer.parseInt(digits);
        return number <= part.most() ? OptionalInt.of(number) : OptionalInt.empty();
    }
}
