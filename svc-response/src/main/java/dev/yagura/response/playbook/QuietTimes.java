package dev.yagura.response.playbook;

import dev.yagura.proto.response.v1.QuietHours;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Hours in which nothing happens that no person has approved.
 *
 * @param to before {@code from} for hours past midnight, which count to the day on which they began
 */
record QuietTimes(ZoneId zone, LocalTime from, LocalTime to, Set<DayOfWeek> days) {

    QuietTimes {
        days = Set.copyOf(days);
    }

    /** Hours that are not as people may write them; the message says how. */
    static final class QuietTimesException extends Exception {
        private static final long serialVersionUID = 1L;

        QuietTimesException(String message) {
            super(message);
        }
    }

    static QuietTimes of(QuietHours hours) throws QuietTimesException {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String day : hours.getDaysList()) {
            days.add(
                    day(day).orElseThrow(() ->
                            new QuietTimesException("\"" + day + "\" is none of " + names())));
        }
        QuietTimes times =
                new QuietTimes(
                        zone(hours.getZone()),
                        time("from", hours.getFrom()),
                        time("to", hours.getTo()),
                        days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days);
        if (times.from.equals(times.to)) {
            throw new QuietTimesException("quiet hours have a length: from and to are the same");
        }
        return times;
    }

    boolean includes(Instant instant) {
        ZonedDateTime local = instant.atZone(zone);
        LocalTime time = local.toLocalTime();
        DayOfWeek today = local.getDayOfWeek();
        if (from.isBefore(to)) {
            return days.contains(today) && !time.isBefore(from) && time.isBefore(to);
        }
        return (days.contains(today) && !time.isBefore(from))
                || (days.contains(today.minus(1)) && time.isBefore(to));
    }

    private static ZoneId zone(String name) throws QuietTimesException {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new QuietTimesException(
                    "\"" + name + "\" is no time zone; write one like Asia/Tokyo");
        }
    }

    private static LocalTime time(String field, String text) throws QuietTimesException {
        try {
            return LocalTime.parse(text);
        } catch (DateTimeException e) {
            throw new QuietTimesException(field + " is a time such as 09:00");
        }
    }

    private static Optional<DayOfWeek> day(String name) {
        return Arrays.stream(DayOfWeek.values()).filter(day -> name(day).equals(name)).findFirst();
    }

    private static String names() {
        return List.of(DayOfWeek.values()).stream()
                .map(QuietTimes::name)
                .collect(Collectors.joining(", "));
    }

    /** "mon". */
    private static String name(DayOfWeek day) {
        return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
    }
}
