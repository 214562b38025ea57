package dev.yagura.sigma.taxonomy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.LogSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A record of each Windows table with every field that the table names: all of them arrive. */
class WindowsTablesTest {
    private static final Mappings MAPPINGS = Mappings.standard();

    /** Fields that are a form or a part of another one, or of the System part. */
    private static final Set<String> DERIVED =
            Set.of("md5", "sha1", "sha256", "Imphash", "Feature_Name");

    /** No real event has as many fields as the manifests of a channel together. */
    private static final int MOST_FIELDS = 200;

    private static final Set<String> SYSTEM =
            Set.of(
                    "Channel",
                    "EventID",
                    "EventRecordID",
                    "Provider_Name",
                    "Computer",
                    "Level",
                    "Task",
                    "Opcode",
                    "Keywords",
                    "Security_UserID");

    @TempDir private Path folder = Path.of("");

    static List<LogSource> tables() {
        return MAPPINGS.all().stream()
                .map(EventSource::logSource)
                .filter(logSource -> logSource.product().equals("windows"))
                .filter(logSource ->
                        !logSource.category().isEmpty() || !logSource.service().isEmpty())
                // One event of the channel has not the fields of all of them.
                .filter(logSource -> !logSource.service().equals("sysmon"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void everyFieldArrives(LogSource logSource) {
        EventSource source = Recorded.source(MAPPINGS, logSource);
        Map<String, List<String>> fields = MAPPINGS.fields(logSource);
        for (EventFilter filter : filters(logSource)) {
            for (int from = 0; from < fields.size(); from += MOST_FIELDS) {
                check(source, filter, part(fields, from));
            }
        }
    }

    private static Map<String, List<String>> part(Map<String, List<String>> fields, int from) {
        Map<String, List<String>> part = new LinkedHashMap<>();
        fields.entrySet().stream()
                .skip(from)
                .limit(MOST_FIELDS)
                .forEach(field -> part.put(field.getKey(), field.getValue()));
        return part;
    }

    private void check(EventSource source, EventFilter filter, Map<String, List<String>> fields) {
        Event event = Recorded.events(folder, record(filter, fields), "json").getFirst();
        assertThat(Recorded.accepts(source, event)).as("%s", event).isTrue();
        Set<String> missing = new TreeSet<>();
        for (String name : fields.keySet()) {
            if (Recorded.read(source, event, name).filter(text -> isRight(name, text)).isEmpty()) {
                missing.add(name);
            }
        }
        assertThat(missing).as("of %s in %s", source.logSource(), filter).isEmpty();
    }

    /** The forms of Security 4688, 4689 and of the kernel's provider have names of their own. */
    private static List<EventFilter> filters(LogSource logSource) {
        List<EventFilter> all =
                MAPPINGS.tables(logSource).stream().flatMap(t -> t.events().stream()).toList();
        boolean sysmon = all.stream().anyMatch(filter -> filter.sources().contains("sysmon"));
        return all.stream()
                .filter(filter -> !filter.sources().contains(""))
                .filter(filter -> !sysmon || filter.sources().contains("sysmon"))
                .filter(filter -> filter.classes().isEmpty())
                .filter(filter -> !logSource.category().startsWith("file_a"))
                .filter(filter -> !logSource.category().equals("file_rename"))
                .toList();
    }

    private static String record(EventFilter filter, Map<String, List<String>> fields) {
        Map<String, String> values = new LinkedHashMap<>();
        fields.keySet().stream()
                .filter(name -> !DERIVED.contains(name))
                .forEach(name -> values.put(name, value(name)));
        if (fields.containsKey("Feature_Name")) {
            values.remove("FeatureName");
            values.put("Feature Name", value("FeatureName"));
        }
        if (fields.containsKey("Hash") && fields.containsKey("Hashes")) {
            // Sysmon's event 15 has but one of the names.
            values.remove("Hashes");
        }
        boolean sysmon = filter.sources().contains("sysmon");
        Map<String, String> system = new LinkedHashMap<>();
        SYSTEM.stream().filter(values::containsKey).forEach(name -> system.put(name, value(name)));
        values.keySet().removeAll(SYSTEM);
        system.put(
                "Channel",
                sysmon ? "Microsoft-Windows-Sysmon/Operational" : filter.channels().getFirst());
        system.put("EventID", filter.eventIds().stream().sorted().findFirst().orElse("1"));
        system.put("EventRecordID", "7");
        return "{\"Event\":{\"System\":{\"Security\":{\"#attributes\":{\"UserID\":\"value of Security_UserID\"}},"
                + json(system)
                + "},\"EventData\":{"
                + json(values)
                + "}}}";
    }

    private static String json(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":\"" + entry.getValue() + "\"")
                .collect(Collectors.joining(","));
    }

    private static String value(String name) {
        return switch (name) {
            case "Initiated" -> "false";
            case "Hashes", "Hash" -> "SHA1=aa,MD5=bb,SHA256=cc,IMPHASH=dd";
            case "Feature_Name" -> "value of FeatureName";
            case "ProcessGuid",
                    "ParentProcessGuid",
                    "SourceProcessGuid",
                    "TargetProcessGuid",
                    "SourceProcessGUID",
                    "TargetProcessGUID" ->
                    "{5aa13a44}";
            default -> name.endsWith("Port") || name.endsWith("Id") ? "4711" : "value of " + name;
        };
    }

    private static boolean isRight(String name, String text) {
        return switch (name) {
            case "Channel", "EventID", "EventRecordID" -> !text.isEmpty();
            case "md5" -> text.equals("bb");
            case "sha1" -> text.equals("aa");
            case "sha256" -> text.equals("cc");
            case "Imphash" -> text.equals("dd");
            default -> text.equals(value(name));
        };
    }
}
