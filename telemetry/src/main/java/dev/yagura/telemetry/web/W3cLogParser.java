package dev.yagura.telemetry.web;

import dev.yagura.telemetry.event.BadLines;
import dev.yagura.telemetry.event.EventParser;
import dev.yagura.telemetry.event.EventSink;
import dev.yagura.telemetry.event.EventTimes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The W3C extended log file format, as IIS and proxies write it: a "#Fields:" line names the values
 * of the lines behind it. A log with fields of the far side ("r-…", "cs-uri-scheme", "c-uri") is a
 * proxy's.
 */
public final class W3cLogParser implements EventParser {
    private static final String FIELDS = "#Fields:";

    private final Clock clock;
    private final BadLines badLines;
    private final EventSink sink;
    private List<String> names = List.of();
    private boolean tabs;
    private String source = WebRequest.WEB_SERVER;

    public W3cLogParser(Clock clock, BadLines badLines, EventSink sink) {
        this.clock = clock;
        this.badLines = badLines;
        this.sink = sink;
    }

    /** True when the line names fields. */
    public static boolean reads(String line) {
        return line.startsWith(FIELDS);
    }

    @Override
    public void line(String line) {
        if (line.startsWith(FIELDS)) {
            fields(line.substring(FIELDS.length()).strip());
        } else if (!line.isBlank() && !line.startsWith("#")) {
            values(line);
        }
    }

    private void fields(String text) {
        tabs = text.indexOf('\t') >= 0;
        names = List.of(text.split(tabs ? "\t" : " +")).stream().map(W3cLogParser::name).toList();
        boolean proxy =
                names.stream()
                        .anyMatch(name ->
                                name.startsWith("r-")
                                        || name.startsWith("c-uri")
                                        || name.equals("cs-uri-scheme"));
        source = proxy ? WebRequest.PROXY : WebRequest.WEB_SERVER;
    }

    /** "cs(User-Agent)" is cs-user-agent. */
    private static String name(String field) {
        return field.toLowerCase(Locale.ROOT).replace('(', '-').replace(")", "");
    }

    private void values(String line) {
        List<String> values = tabs ? List.of(line.split("\t", -1)) : words(line);
        if (values.size() != names.size()) {
            badLines.add(line, "not as many values as #Fields names");
            return;
        }
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            AccessLogParser.put(fields, names.get(i), values.get(i));
        }
        String stem = fields.getOrDefault("cs-uri-stem", "");
        String query = fields.get("cs-uri-query");
        if (!stem.isEmpty()) {
            fields.putIfAbsent("cs-uri", query == null ? stem : stem + '?' + query);
        }
        String agent = fields.get("cs-user-agent");
        if (agent != null) {
            // IIS writes blanks as plus signs.
            fields.put("cs-user-agent", agent.indexOf(' ') < 0 ? agent.replace('+', ' ') : agent);
        }
        long now = EventTimes.nanos(clock.instant());
        long time =
                EventTimes.parse(
                                fields.getOrDefault("date", "")
                                        + ' '
                                        + fields.getOrDefault("time", ""))
                        .orElse(now);
        sink.accept(new WebRequest(source, time, fields).event(now));
    }

    /** Split at blanks outside quotes. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ' ' && !quoted) {
                words.add(word.toString());
                word.setLength(0);
            } else {
                word.append(c);
            }
        }
        words.add(word.toString());
        return words;
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
