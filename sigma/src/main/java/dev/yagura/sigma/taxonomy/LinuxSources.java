package dev.yagura.sigma.taxonomy;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.Hashes;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.proto.telemetry.v1.RawRecord;
import dev.yagura.proto.telemetry.v1.User;
import dev.yagura.sigma.Detection;
import dev.yagura.sigma.LogSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Sigma's categories for product linux, in the names of Sysmon, over the typed core. An empty text
 * or a zero id in the core is a missing field.
 */
final class LinuxSources {
    private static final int FILE_ACTIVITY = 1001;
    private static final int PROCESS_ACTIVITY = 1007;
    private static final int NETWORK_ACTIVITY = 4001;
    private static final int DNS_ACTIVITY = 4003;

    private static final Map<String, FieldReader> ACTOR_FIELDS =
            Map.of(
                    "Image", text(event -> event.getActor().getPath()),
                    "CommandLine", text(event -> event.getActor().getCmdLine()),
                    "CurrentDirectory", text(event -> event.getActor().getWorkingDirectory()),
                    "ParentImage", text(event -> event.getActor().getParentPath()),
                    "ParentCommandLine", text(event -> event.getActor().getParentCmdLine()),
                    "ProcessId", number(event -> event.getActor().getPid()),
                    "ParentProcessId", number(event -> event.getActor().getParentPid()),
                    "ProcessGuid", text(event -> event.getActor().getUid()),
                    "User", text(event -> name(user(event, event.getActor()))),
                    "RuleName", unmapped("RuleName"));

    private static final Map<String, FieldReader> PROCESS_FIELDS =
            with(
                    Map.ofEntries(
                            Map.entry("Image", text(event -> event.getProcess().getPath())),
                            Map.entry(
                                    "CommandLine", text(event -> event.getProcess().getCmdLine())),
                            Map.entry(
                                    "CurrentDirectory",
                                    text(e -> e.getProcess().getWorkingDirectory())),
                            Map.entry("ParentImage", text(LinuxSources::parentPath)),
                            Map.entry("ParentCommandLine", text(LinuxSources::parentCommandLine)),
                            Map.entry(
                                    "ParentUser", text(event -> name(event.getActor().getUser()))),
                            Map.entry("ProcessId", number(event -> event.getProcess().getPid())),
                            Map.entry("ParentProcessId", number(LinuxSources::parentPid)),
                            Map.entry("ProcessGuid", text(event -> event.getProcess().getUid())),
                            Map.entry(
                                    "ParentProcessGuid", text(event -> event.getActor().getUid())),
                            Map.entry("User", text(e -> name(user(e, e.getProcess())))),
                            Map.entry("LogonId", text(LinuxSources::logonId)),
                            Map.entry("TerminalSessionId", unmapped("TerminalSessionId")),
                            Map.entry("IntegrityLevel", unmapped("IntegrityLevel")),
                            Map.entry("RuleName", unmapped("RuleName"))),
                    hashes(event -> event.getProcess().getHashes()));

    private static final Map<String, FieldReader> FILE_FIELDS =
            with(
                    with(
                            ACTOR_FIELDS,
                            Map.of(
                                    "TargetFilename", text(event -> event.getFile().getPath()),
                                    "SourceFilename",
                                            text(event -> event.getFile().getPreviousPath()))),
                    hashes(event -> event.getFile().getHashes()));

    private static final Map<String, FieldReader> NETWORK_FIELDS =
            with(
                    ACTOR_FIELDS,
                    Map.of(
                            "DestinationIp", text(event -> event.getDstEndpoint().getIp()),
                            "DestinationPort", number(event -> event.getDstEndpoint().getPort()),
                            "DestinationHostname",
                                    text(event -> event.getDstEndpoint().getHostname()),
                            "SourceIp", text(event -> event.getSrcEndpoint().getIp()),
                            "SourcePort", number(event -> event.getSrcEndpoint().getPort()),
                            "SourceHostname", text(event -> event.getSrcEndpoint().getHostname()),
                            "Protocol", text(event -> event.getConnection().getProtocol()),
                            "Initiated", initiated()));

    private static final Map<String, FieldReader> DNS_FIELDS =
            with(
                    ACTOR_FIELDS,
                    Map.of(
                            "QueryName", text(event -> event.getDnsQuery().getHostname()),
                            "QueryResults", answers(),
                            "record_type", text(event -> event.getDnsQuery().getType())));

    static final EventSource PROCESS_CREATION =
            category("process_creation", PROCESS_ACTIVITY, List.of(1), PROCESS_FIELDS);
    static final EventSource PROCESS_TERMINATION =
            category("process_termination", PROCESS_ACTIVITY, List.of(2), PROCESS_FIELDS);
    static final EventSource NETWORK_CONNECTION =
            category("network_connection", NETWORK_ACTIVITY, List.of(1), NETWORK_FIELDS);

    /** Files made or written to, as Sysmon's FileCreate. */
    static final EventSource FILE_EVENT =
            category("file_event", FILE_ACTIVITY, List.of(1, 3), FILE_FIELDS);

    static final EventSource FILE_ACCESS =
            category("file_access", FILE_ACTIVITY, List.of(2), FILE_FIELDS);
    static final EventSource FILE_DELETE =
            category("file_delete", FILE_ACTIVITY, List.of(4), FILE_FIELDS);
    static final EventSource FILE_RENAME =
            category("file_rename", FILE_ACTIVITY, List.of(5), FILE_FIELDS);
    static final EventSource DNS_QUERY =
            new EventSource(
                    new LogSource("linux", "dns_query", ""),
                    linux(kind -> kind.classUid() == DNS_ACTIVITY),
                    false,
                    field -> Optional.ofNullable(DNS_FIELDS.get(field)));

    /** Any event of a Linux host; only unbound keywords, over all its texts. */
    static final EventSource ANY =
            new EventSource(
                    new LogSource("linux", "", ""),
                    linux(kind -> true),
                    false,
                    field ->
                            field.equals(Detection.KEYWORDS)
                                    ? Optional.of(LinuxSources::everyText)
                                    : Optional.empty());

    private LinuxSources() {}

    private static Predicate<EventKind> linux(Predicate<EventKind> kinds) {
        return kinds.and(kind ->
                kind.os().equals("linux")
                        || kind.source().equals("auditd")
                        || kind.source().equals("sysmon_linux"));
    }

    static FieldReader text(Function<Event, String> getter) {
        return (view, text) -> text.putUnlessEmpty(getter.apply(view.event()));
    }

    private static EventSource category(
            String name, int classUid, List<Integer> activities, Map<String, FieldReader> fields) {
        int[] wanted = activities.stream().mapToInt(Integer::intValue).toArray();
        return new EventSource(
                new LogSource("linux", name, ""),
                linux(kind -> kind.classUid() == classUid && contains(wanted, kind.activityId())),
                false,
                field ->
                        field.equals(Detection.KEYWORDS)
                                ? Optional.of(LinuxSources::everyText)
                                : Optional.ofNullable(fields.get(field)));
    }

    private static boolean contains(int[] values, int value) {
        for (int each : values) {
            if (each == value) {
                return true;
            }
        }
        return false;
    }

    private static FieldReader number(ToLongFunction<Event> getter) {
        return (view, text) -> {
            long value = getter.applyAsLong(view.event());
            if (value != 0) {
                text.put(value);
            }
        };
    }

    static FieldReader unmapped(String name) {
        return (view, text) -> {
            String value = view.event().getUnmappedMap().get(name);
            if (value != null) {
                text.put(value);
            }
        };
    }

    private static Map<String, FieldReader> hashes(Function<Event, Hashes> hashes) {
        return Map.of(
                "sha256", text(event -> hashes.apply(event).getSha256()),
                "sha1", text(event -> hashes.apply(event).getSha1()),
                "md5", text(event -> hashes.apply(event).getMd5()),
                "Hashes",
                        (view, text) -> {
                            Hashes all = hashes.apply(view.event());
                            addHash(text, "SHA256=", all.getSha256());
                            addHash(text, "SHA1=", all.getSha1());
                            addHash(text, "MD5=", all.getMd5());
                        });
    }

    private static void addHash(FieldText text, String name, String value) {
        if (!value.isEmpty()) {
            text.add(text.isPresent() ? "," : "");
            text.add(name);
            text.add(value);
        }
    }

    private static FieldReader initiated() {
        return (view, text) -> {
            if (view.event().hasConnection()) {
                text.put(view.event().getConnection().getInitiated() ? "true" : "false");
            }
        };
    }

    private static FieldReader answers() {
        return (view, text) -> {
            for (int i = 0; i < view.event().getDnsQuery().getAnswersCount(); i++) {
                text.add(view.event().getDnsQuery().getAnswers(i));
                text.add(";");
            }
        };
    }

    private static String parentPath(Event event) {
        String path = event.getActor().getPath();
        return path.isEmpty() ? event.getProcess().getParentPath() : path;
    }

    private static String parentCommandLine(Event event) {
        String line = event.getActor().getCmdLine();
        return line.isEmpty() ? event.getProcess().getParentCmdLine() : line;
    }

    private static long parentPid(Event event) {
        int pid = event.getActor().getPid();
        return pid == 0 ? event.getProcess().getParentPid() : pid;
    }

    private static String logonId(Event event) {
        return user(event, event.getProcess()).getLoginUid();
    }

    private static User user(Event event, Process process) {
        return process.hasUser() ? process.getUser() : event.getUser();
    }

    /** The name, or the id where the sensor knows none; id 0 has but one name. */
    private static String name(User user) {
        if (!user.getName().isEmpty()) {
            return user.getName();
        }
        return user.getUid().equals("0") ? "root" : user.getUid();
    }

    private static void everyText(EventView view, FieldText text) {
        Event event = view.event();
        text.putLine(event.getProcess().getPath());
        text.putLine(event.getProcess().getCmdLine());
        text.putLine(event.getActor().getPath());
        text.putLine(event.getActor().getCmdLine());
        text.putLine(event.getFile().getPath());
        text.putLine(event.getDnsQuery().getHostname());
        for (int i = 0; i < event.getRawRecordsCount(); i++) {
            RawRecord raw = event.getRawRecords(i);
            raw.getFieldsMap().values().forEach(text::putLine);
        }
        event.getUnmappedMap().values().forEach(text::putLine);
    }

    private static Map<String, FieldReader> with(
            Map<String, FieldReader> fields, Map<String, FieldReader> more) {
        Map<String, FieldReader> all = new HashMap<>(fields);
        all.putAll(more);
        return Map.copyOf(all);
    }
}
