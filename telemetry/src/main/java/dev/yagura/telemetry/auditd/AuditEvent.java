package dev.yagura.telemetry.auditd;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All records of one serial, in the order of the log. */
record AuditEvent(AuditId id, List<AuditRecord> records) {
    private static final Pattern ARGUMENT = Pattern.compile("a(\\d{1,6})(?:\\[(\\d{1,6})])?");

    AuditEvent {
        records = List.copyOf(records);
    }

    Optional<AuditRecord> first(String type) {
        return records.stream().filter(record -> record.type().equals(type)).findFirst();
    }

    List<AuditRecord> all(String type) {
        return records.stream().filter(record -> record.type().equals(type)).toList();
    }

    /** Argument vector of the EXECVE records; empty when there are none. */
    List<String> arguments() {
        Map<Integer, TreeMap<Integer, String>> parts = new TreeMap<>();
        for (AuditRecord record : all("EXECVE")) {
            record.fields()
                    .forEach((name, value) -> {
                        Matcher matcher = ARGUMENT.matcher(name);
                        if (matcher.matches()) {
                            int part =
                                    matcher.group(2) == null
                                            ? -1
                                            : Integer.parseInt(matcher.group(2));
                            parts.computeIfAbsent(
                                            Integer.valueOf(matcher.group(1)),
                                            key -> new TreeMap<>())
                                    .put(part, value);
                        }
                    });
        }
        List<String> arguments = new ArrayList<>();
        parts.values().forEach(argument -> arguments.add(joined(argument)));
        return arguments;
    }

    private static String joined(TreeMap<Integer, String> parts) {
        if (parts.firstKey() < 0) {
            return parts.firstEntry().getValue();
        }
        byte[] bytes = String.join("", parts.values()).getBytes(StandardCharsets.ISO_8859_1);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** First 128 bytes of the command line, arguments joined by blanks. */
    String title() {
        return first("PROCTITLE")
                .map(record -> record.text("proctitle").replace('\0', ' ').strip())
                .orElse("");
    }

    String workingDirectory() {
        return first("CWD").map(record -> record.text("cwd")).orElse("");
    }
}
