package dev.yagura.telemetry.auditd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.yagura.telemetry.event.BadLines;
import dev.yagura.telemetry.event.EventParser;
import dev.yagura.telemetry.event.EventSink;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Audit events as Microsoft's AUOMS writes them to syslog, exported as JSON lines: one line holds a
 * whole event, with the fields of its records side by side and lists for PATH items.
 */
public final class AuomsParser implements EventParser {
    private static final String PREFIX = "type=AUOMS_";
    private static final String COMMAND = " cmdline=\"";
    private static final String COMMAND_END = "\" redactors=";
    private static final String TITLE = " proctitle=";

    private final ObjectMapper json = new ObjectMapper();
    private final AuditEventMapper mapper;
    private final BadLines badLines;
    private final EventSink sink;

    public AuomsParser(String bootId, Clock clock, BadLines badLines, EventSink sink) {
        this.mapper = new AuditEventMapper(new ProcessTable(bootId), clock);
        this.badLines = badLines;
        this.sink = sink;
    }

    /** True when the line holds such an event. */
    public static boolean reads(String line) {
        return line.startsWith("{") && line.contains("\"SyslogMessage\"") && line.contains(PREFIX);
    }

    @Override
    public void line(String line) {
        if (line.isBlank()) {
            return;
        }
        event(line)
                .ifPresentOrElse(
                        event -> mapper.map(event).ifPresent(sink::accept),
                        () -> badLines.add(line, "no AUOMS event in JSON"));
    }

    private Optional<AuditEvent> event(String line) {
        try {
            String message = json.readTree(line).path("SyslogMessage").asText("");
            return message.startsWith(PREFIX) ? event(new Message(message)) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private Optional<AuditEvent> event(Message message) throws JsonProcessingException {
        Optional<AuditRecord> all = AuditLine.parse(message.fields());
        if (all.isEmpty()) {
            return Optional.empty();
        }
        AuditId id = all.get().id();
        Map<String, String> syscall = new LinkedHashMap<>(all.get().fields());
        syscall.keySet().removeIf(name -> name.startsWith("path_"));
        syscall.put("SYSCALL", all.get().text("syscall"));
        syscall.put("syscall", all.get().text("syscall_r"));
        List<AuditRecord> records = new ArrayList<>();
        records.add(new AuditRecord("SYSCALL", id, syscall));
        List<String> arguments = words(message.commandLine());
        if (!arguments.isEmpty()) {
            records.add(new AuditRecord("EXECVE", id, numbered(arguments)));
        }
        records.add(new AuditRecord("CWD", id, Map.of("cwd", all.get().text("cwd"))));
        records.addAll(paths(all.get()));
        records.add(new AuditRecord("PROCTITLE", id, Map.of("proctitle", message.title())));
        return Optional.of(new AuditEvent(id, records));
    }

    private List<AuditRecord> paths(AuditRecord all) throws JsonProcessingException {
        JsonNode names = list(all.text("path_name"));
        JsonNode kinds = list(all.text("path_nametype"));
        JsonNode modes = list(all.text("path_mode"));
        List<AuditRecord> paths = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            paths.add(
                    new AuditRecord(
                            "PATH",
                            all.id(),
                            Map.of(
                                    "item", Integer.toString(i),
                                    "name", names.path(i).asText(""),
                                    "nametype", kinds.path(i).asText(""),
                                    "mode", modes.path(i).asText(""))));
        }
        return paths;
    }

    private JsonNode list(String text) throws JsonProcessingException {
        return json.readTree(text.isEmpty() ? "[]" : text);
    }

    private static Map<String, String> numbered(List<String> arguments) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("argc", Integer.toString(arguments.size()));
        for (int i = 0; i < arguments.size(); i++) {
            fields.put("a" + i, arguments.get(i));
        }
        return fields;
    }

    /** Splits at blanks outside double quotes. */
    private static List<String> words(String commandLine) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean begun = false;
        for (char c : commandLine.toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
                begun = true;
            } else if (c == ' ' && !quoted) {
                if (begun) {
                    words.add(word.toString());
                }
                word.setLength(0);
                begun = false;
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }

    /** Command line and title are not escaped; they are cut out before the fields are read. */
    private record Message(String fields, String commandLine, String title) {
        Message(String message) {
            this(
                    between(message, "", first(message, TITLE, COMMAND)),
                    between(message, COMMAND, COMMAND_END),
                    between(
                            message,
                            TITLE,
                            first(afterStart(message, TITLE), COMMAND, " redactors=")));
        }

        private static String between(String text, String start, String end) {
            int from = text.indexOf(start);
            if (from < 0) {
                return "";
            }
            int to = text.indexOf(end, from + start.length());
            return text.substring(
                    from + start.length(), to < 0 || end.isEmpty() ? text.length() : to);
        }

        /** Whichever of two markers comes first; empty when there is none. */
        private static String first(String text, String one, String other) {
            int a = text.indexOf(one);
            int b = text.indexOf(other);
            if (a < 0 && b < 0) {
                return "";
            }
            return b < 0 || (a >= 0 && a < b) ? one : other;
        }

        private static String afterStart(String text, String start) {
            int from = text.indexOf(start);
            return from < 0 ? "" : text.substring(from);
        }
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
