package dev.yagura.telemetry.web;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.event.BadLines;
import dev.yagura.telemetry.event.EventLimits;
import dev.yagura.telemetry.event.EventParser;
import dev.yagura.telemetry.event.EventSink;
import dev.yagura.telemetry.event.EventTimes;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Logs of Apache and nginx: the common and combined formats, with the virtual host in front or not,
 * and their error logs.
 */
public final class AccessLogParser implements EventParser {
    private static final String QUOTED = "\"((?:[^\"\\\\]|\\\\.)*+)\"";

    private static final Pattern ACCESS =
            Pattern.compile(
                    "(?:(?<host>[^ \"\\[]{1,255}) )?(?<client>[0-9A-Fa-f:.]{2,45}|[A-Za-z0-9.-]{1,255}) [^ ]{1,255} (?<user>[^\\[]{1,255}?) \\[(?<time>[^\\]]{20,40})\\] "
                            + QUOTED
                            + " (?<status>[0-9]{3}|-) (?<bytes>[0-9]{1,19}|-)(?: "
                            + QUOTED
                            + " "
                            + QUOTED
                            + ")?.*");

    private static final Pattern APACHE_ERROR =
            Pattern.compile(
                    "\\[[A-Z][a-z]{2} [A-Z][a-z]{2} [0-9 ]{2} [0-9:.]{8,15} [0-9]{4}\\] \\[[^\\]]{1,64}\\].*");
    private static final Pattern NGINX_ERROR =
            Pattern.compile(
                    "[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8} \\[[a-z]{1,10}\\] [0-9]+#[0-9]+:.*");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);
    private static final DateTimeFormatter APACHE_TIME =
            DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ROOT);

    private final Clock clock;
    private final BadLines badLines;
    private final EventSink sink;

    public AccessLogParser(Clock clock, BadLines badLines, EventSink sink) {
        this.clock = clock;
        this.badLines = badLines;
        this.sink = sink;
    }

    /** True when the line is of such a log. */
    public static boolean reads(String line) {
        return ACCESS.matcher(line).matches()
                || APACHE_ERROR.matcher(line).matches()
                || NGINX_ERROR.matcher(line).matches();
    }

    @Override
    public void line(String line) {
        if (line.isBlank()) {
            return;
        }
        long now = EventTimes.nanos(clock.instant());
        Matcher access = ACCESS.matcher(line);
        if (access.matches()) {
            sink.accept(request(access, now).event(now));
        } else if (APACHE_ERROR.matcher(line).matches()) {
            sink.accept(error("apache", apacheTime(line, now), now, line));
        } else if (NGINX_ERROR.matcher(line).matches()) {
            String time = line.substring(0, 19).replace('/', '-');
            sink.accept(error("nginx", EventTimes.parse(time).orElse(now), now, line));
        } else {
            badLines.add(line, "no line of an access or error log");
        }
    }

    private static WebRequest request(Matcher access, long now) {
        Map<String, String> fields = new HashMap<>();
        put(fields, "c-ip", access.group("client"));
        put(fields, "cs-host", access.group("host"));
        put(fields, "cs-username", access.group("user"));
        put(fields, "sc-status", access.group("status"));
        put(fields, "sc-bytes", access.group("bytes"));
        put(fields, "cs-referer", access.group(8));
        put(fields, "cs-user-agent", access.group(9));
        String[] request = access.group(5).split(" ", 3);
        if (request.length > 1) {
            put(fields, "cs-method", request[0]);
            int query = request[1].indexOf('?');
            put(fields, "cs-uri", request[1]);
            put(fields, "cs-uri-stem", query < 0 ? request[1] : request[1].substring(0, query));
            put(fields, "cs-version", request.length > 2 ? request[2] : null);
        } else {
            put(fields, "cs-uri", request[0]);
        }
        return new WebRequest(WebRequest.WEB_SERVER, time(access.group("time"), now), fields);
    }

    static void put(
            Map<String, String> fields,
            String name,
            @org.jspecify.annotations.Nullable String value) {
        if (value != null && !value.isEmpty() && !value.equals("-")) {
            fields.put(name, value);
        }
    }

    private static long time(String text, long now) {
        try {
            return EventTimes.nanos(OffsetDateTime.parse(text, TIME).toInstant());
        } catch (DateTimeException | ArithmeticException e) {
            return now;
        }
    }

    /** "[Wed Oct 11 14:32:52.123456 2023] …", in UTC. */
    private static long apacheTime(String line, long now) {
        try {
            String text =
                    line.substring(1, line.indexOf(']'))
                            .replaceAll("\\.[0-9]+", "")
                            .replaceAll(" +", " ");
            return EventTimes.nanos(
                    java.time.LocalDateTime.parse(text, APACHE_TIME)
                            .toInstant(java.time.ZoneOffset.UTC));
        } catch (DateTimeException | ArithmeticException e) {
            return now;
        }
    }

    private static Event error(String server, long time, long now, String line) {
        return EventLimits.bound(
                Event.newBuilder()
                        .setTimeNs(time)
                        .setObservedTimeNs(now)
                        .setSource(server)
                        .putUnmapped("message", line)
                        .build());
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
