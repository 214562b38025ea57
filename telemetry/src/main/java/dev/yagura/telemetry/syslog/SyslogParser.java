package dev.yagura.telemetry.syslog;

import dev.yagura.telemetry.event.BadLines;
import dev.yagura.telemetry.event.EventParser;
import dev.yagura.telemetry.event.EventSink;
import dev.yagura.telemetry.event.EventTimes;
import dev.yagura.telemetry.sysmon.SysmonParser;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines of syslog; those of Sysmon for Linux become its events. */
public final class SyslogParser implements EventParser {
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final int DAYS_AHEAD = 2;

    /** RFC 3164, and rsyslog's form with an ISO time. */
    private static final Pattern LINE =
            Pattern.compile(
                    "(?:<([0-9]{1,3})>)?"
                            + "(?:(?<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}(?<day>[0-9]{1,2}) (?<clock>[0-9]{2}:[0-9]{2}:[0-9]{2})"
                            + "|(?<iso>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,]{8,18}(?:Z|[+-][0-9]{2}:?[0-9]{2})?))"
                            + " (?<host>[^ ]{1,255}) (?<program>[^\\[:]{1,255}?)(?:\\[(?<pid>[0-9]{1,10})\\])?: ?(?<text>.*)",
                    Pattern.DOTALL);

    private static final Pattern RFC5424 =
            Pattern.compile(
                    "<([0-9]{1,3})>1 (?<iso>\\S{1,40}) (?<host>\\S{1,255}) (?<program>\\S{1,48}) (?<pid>\\S{1,128}) \\S{1,32} (?:-|(?:\\[(?:[^\\]\"]|\"(?:[^\"\\\\]|\\\\.)*+\")*+\\])++) ?(?<text>.*)",
                    Pattern.DOTALL);

    private final Clock clock;
    private final BadLines badLines;
    private final EventSink sink;
    private final SysmonParser sysmon;

    public SyslogParser(Clock clock, BadLines badLines, EventSink sink) {
        this.clock = clock;
        this.badLines = badLines;
        this.sink = sink;
        this.sysmon = new SysmonParser(clock, badLines, sink);
    }

    /** True when the line is of syslog. */
    public static boolean reads(String line) {
        return LINE.matcher(line).matches() || RFC5424.matcher(line).matches();
    }

    @Override
    public void line(String line) {
        if (line.isBlank()) {
            return;
        }
        if (SysmonParser.reads(line)) {
            sysmon.line(line);
            return;
        }
        Instant now = clock.instant();
        parse(line, now)
                .ifPresentOrElse(
                        message -> sink.accept(message.event(EventTimes.nanos(now))),
                        () -> badLines.add(line, "no line of syslog"));
    }

    private static Optional<SyslogMessage> parse(String line, Instant now) {
        Matcher matcher = RFC5424.matcher(line);
        if (!matcher.matches()) {
            matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                return Optional.empty();
            }
        }
        String iso = matcher.group("iso");
        OptionalLong time = iso == null ? yearless(matcher, now) : EventTimes.parse(iso);
        String priority = matcher.group(1);
        String program = matcher.group("program");
        return Optional.of(
                new SyslogMessage(
                        priority == null ? -1 : Integer.parseInt(priority),
                        time.orElse(EventTimes.nanos(now)),
                        matcher.group("host"),
                        program(program),
                        pid(matcher.group("pid")),
                        matcher.group("text")));
    }

    static String program(String name) {
        return name.substring(name.lastIndexOf('/') + 1).strip();
    }

    private static int pid(@org.jspecify.annotations.Nullable String text) {
        try {
            return text == null ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The year that is nearest before now, in UTC. */
    private static OptionalLong yearless(Matcher line, Instant now) {
        int month = MONTHS.indexOf(line.group("month")) / 3 + 1;
        LocalDateTime today = LocalDateTime.ofInstant(now, ZoneOffset.UTC);
        for (int year = today.getYear(); year > today.getYear() - 5; year--) {
            OptionalLong time =
                    EventTimes.parse(
                            "%04d-%02d-%02d %s"
                                    .formatted(
                                            year,
                                            month,
                                            Integer.parseInt(line.group("day")),
                                            line.group("clock")));
            if (time.isPresent()
                    && time.getAsLong()
                            <= EventTimes.nanos(
                                    today.plusDays(DAYS_AHEAD).toInstant(ZoneOffset.UTC))) {
                return time;
            }
        }
        return OptionalLong.empty();
    }

    @Override
    public void tick(long nowNanos) {
        // Nothing waits: each line is a whole event.
    }

    @Override
    public void finish() {
        // Nothing waits: each line is a whole event.
    }

    @Override
    public boolean isHolding() {
        return false;
    }
}
