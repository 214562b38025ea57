package dev.yagura.detection.rule;

import dev.yagura.proto.telemetry.v1.ConnectionInfo;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.File;
import dev.yagura.proto.telemetry.v1.NetworkEndpoint;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.proto.telemetry.v1.RawRecord;
import dev.yagura.proto.telemetry.v1.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A recorded audit log as events, as far as rules need: the agent's mapping in its plainest form.
 */
final class AuditRecording {
    private static final Pattern LINE =
            Pattern.compile("type=(\\S+) msg=audit\\(([0-9.]+:[0-9]+)\\): ?(.*)");
    private static final Pattern FIELD = Pattern.compile("([a-z][\\w\\[\\]-]*)=(\"[^\"]*\"|\\S+)");
    private static final Pattern HEX_TEXT = Pattern.compile("(?:[0-9A-F]{2})+");

    private final Map<String, Process> processes = new HashMap<>();

    private record AuditRecord(String type, Map<String, String> fields) {}

    /** Events in the order of the file; the audit serial is the source_record_id. */
    static List<Event> read(Path log) throws IOException {
        Map<String, List<AuditRecord>> groups = new LinkedHashMap<>();
        for (String line : Files.readAllLines(log)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                groups.computeIfAbsent(matcher.group(2), key -> new ArrayList<>())
                        .add(record(matcher.group(1), matcher.group(3)));
            }
        }
        AuditRecording recording = new AuditRecording();
        List<Event> events = new ArrayList<>();
        groups.forEach((id, records) -> events.add(recording.event(id, records)));
        return events;
    }

    private static AuditRecord record(String type, String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher matcher = FIELD.matcher(text);
        while (matcher.find()) {
            fields.put(matcher.group(1), decode(type, matcher.group(1), matcher.group(2)));
        }
        return new AuditRecord(type, fields);
    }

    private static String decode(String type, String name, String value) {
        if (value.startsWith("\"")) {
            return value.substring(1, value.length() - 1);
        }
        boolean text =
                type.equals("EXECVE")
                        ? name.matches("a\\d+(\\[\\d+])?")
                        : name.matches("name|cwd|exe|comm|proctitle|cmd|acct");
        return text && HEX_TEXT.matcher(value).matches()
                ? new String(HexFormat.of().parseHex(value), StandardCharsets.UTF_8)
                : value;
    }

    private Event event(String id, List<AuditRecord> records) {
        Event.Builder event =
                Event.newBuilder()
                        .setSource("auditd")
                        .setSourceRecordId(id.substring(id.indexOf(':') + 1));
        records.forEach(record ->
                event.addRawRecords(
                        RawRecord.newBuilder()
                                .setType(record.type())
                                .putAllFields(record.fields())));
        records.stream()
                .filter(record -> record.type().equals("SYSCALL"))
                .findFirst()
                .ifPresent(call -> act(event, call.fields(), records));
        return event.build();
    }

    private void act(Event.Builder event, Map<String, String> call, List<AuditRecord> records) {
        String pid = call.getOrDefault("pid", "");
        switch (call.getOrDefault("syscall", "")) {
            case "59" -> {
                if ("yes".equals(call.get("success"))) {
                    launch(event, call, records);
                }
            }
            case "42" ->
                    connect(
                            event.setActor(processes.getOrDefault(pid, process(call, ""))),
                            records);
            case "257" ->
                    open(
                            event.setActor(processes.getOrDefault(pid, process(call, ""))),
                            call,
                            records);
            case "87", "263" ->
                    item(records, "DELETE")
                            .ifPresent(path ->
                                    file(
                                            event,
                                            4,
                                            path,
                                            processes.getOrDefault(pid, process(call, ""))));
            default -> event.setActor(processes.getOrDefault(pid, process(call, "")));
        }
    }

    private void launch(Event.Builder event, Map<String, String> call, List<AuditRecord> records) {
        List<String> arguments = new ArrayList<>();
        records.stream()
                .filter(record -> record.type().equals("EXECVE"))
                .forEach(record ->
                        record.fields()
                                .forEach((name, value) -> {
                                    if (name.matches("a\\d+.*") && !name.endsWith("_len")) {
                                        arguments.add(value);
                                    }
                                }));
        Process process = process(call, String.join(" ", arguments));
        processes.put(call.get("pid"), process);
        event.setClassUid(1007).setActivityId(1).setProcess(process);
        Process parent = processes.get(call.get("ppid"));
        if (parent != null) {
            event.setActor(parent);
        }
    }

    private static void connect(Event.Builder event, List<AuditRecord> records) {
        for (AuditRecord record : records) {
            String address = record.fields().getOrDefault("saddr", "");
            if (address.startsWith("0200")) {
                byte[] bytes = HexFormat.of().parseHex(address.substring(0, 16));
                String ip =
                        "%d.%d.%d.%d"
                                .formatted(
                                        bytes[4] & 255,
                                        bytes[5] & 255,
                                        bytes[6] & 255,
                                        bytes[7] & 255);
                event.setClassUid(4001)
                        .setActivityId(1)
                        .setConnection(ConnectionInfo.newBuilder().setInitiated(true))
                        .setDstEndpoint(
                                NetworkEndpoint.newBuilder()
                                        .setIp(ip)
                                        .setPort((bytes[2] & 255) << 8 | bytes[3] & 255));
            }
        }
    }

    private static void open(
            Event.Builder event, Map<String, String> call, List<AuditRecord> records) {
        boolean writes = (Integer.parseUnsignedInt(call.get("a2"), 16) & 3) != 0;
        item(records, "CREATE")
                .ifPresentOrElse(
                        path -> file(event, 1, path, event.getActor()),
                        () ->
                                item(records, "NORMAL")
                                        .ifPresent(path ->
                                                file(
                                                        event,
                                                        writes ? 3 : 2,
                                                        path,
                                                        event.getActor())));
    }

    private static void file(Event.Builder event, int activity, String path, Process actor) {
        event.setClassUid(1001)
                .setActivityId(activity)
                .setActor(actor)
                .setFile(File.newBuilder().setPath(path));
    }

    private static java.util.Optional<String> item(List<AuditRecord> records, String kind) {
        return records.stream()
                .filter(record -> kind.equals(record.fields().get("nametype")))
                .map(record -> record.fields().get("name"))
                .findFirst();
    }

    private static Process process(Map<String, String> call, String commandLine) {
        return Process.newBuilder()
                .setPid(Integer.parseInt(call.get("pid")))
                .setPath(call.get("exe"))
                .setCmdLine(commandLine)
                .setUser(User.newBuilder().setUid(call.get("uid")))
                .build();
    }
}
