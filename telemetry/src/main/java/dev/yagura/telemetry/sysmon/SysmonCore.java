package dev.yagura.telemetry.sysmon;

import dev.yagura.proto.telemetry.v1.ConnectionInfo;
import dev.yagura.proto.telemetry.v1.DnsQuery;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.File;
import dev.yagura.proto.telemetry.v1.Hashes;
import dev.yagura.proto.telemetry.v1.NetworkEndpoint;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.proto.telemetry.v1.User;
import dev.yagura.telemetry.event.EventClass;
import dev.yagura.telemetry.event.EventData;
import java.util.Locale;

/**
 * The typed core of Sysmon's events, on Windows and Linux alike; fields of schema 4.90. What finds
 * a place is taken out of the data.
 */
public final class SysmonCore {
    private SysmonCore() {}

    /**
     * An event with its class, activity and typed fields.
     *
     * @param id EventID
     */
    public static Event.Builder of(int id, EventData data, long timeNanos) {
        if (data.text("RuleName").isEmpty()) {
            data.drop("RuleName");
        }
        return switch (id) {
            case 1 -> launch(data, timeNanos);
            case 5 ->
                    event(EventClass.PROCESS, EventClass.PROCESS_TERMINATE)
                            .setProcess(process(data));
            case 3 -> network(data);
            case 22 -> dns(data);
            case 2 -> file(data, EventClass.FILE_SET_ATTRIBUTES, "TargetFilename");
            case 9 -> file(data, EventClass.FILE_READ, "Device");
            case 11, 15, 29 -> file(data, EventClass.FILE_CREATE, "TargetFilename");
            case 23, 26 -> file(data, EventClass.FILE_DELETE, "TargetFilename");
            case 6 -> module(data, EventClass.KERNEL_EXTENSION);
            case 7 -> module(data, EventClass.MODULE).setActor(process(data));
            case 12 -> event(EventClass.REGISTRY_KEY, keyActivity(data)).setActor(process(data));
            case 14 ->
                    event(EventClass.REGISTRY_KEY, EventClass.REGISTRY_KEY_RENAME)
                            .setActor(process(data));
            case 13 ->
                    event(EventClass.REGISTRY_VALUE, EventClass.REGISTRY_VALUE_SET)
                            .setActor(process(data));
            case 8 -> between(data, "ProcessGuid");
            case 10 -> between(data, "ProcessGUID");
            default -> Event.newBuilder().setActor(process(data));
        };
    }

    private static Event.Builder event(int classUid, int activity) {
        return Event.newBuilder().setClassUid(classUid).setActivityId(activity);
    }

    private static Event.Builder launch(EventData data, long timeNanos) {
        Process.Builder process =
                process(data)
                        .setStartTimeNs(timeNanos)
                        .setCmdLine(data.take("CommandLine"))
                        .setWorkingDirectory(data.take("CurrentDirectory"))
                        .setHashes(hashes(data, "Hashes"))
                        .setParentUid(uid(data.take("ParentProcessGuid")))
                        .setParentPid(data.takeNumber("ParentProcessId"))
                        .setParentPath(data.take("ParentImage"))
                        .setParentCmdLine(data.take("ParentCommandLine"));
        String logon = data.take("LogonId");
        if (!logon.isEmpty()) {
            process.getUserBuilder().setLoginUid(logon);
        }
        Process.Builder parent =
                Process.newBuilder()
                        .setUid(process.getParentUid())
                        .setPid(process.getParentPid())
                        .setPath(process.getParentPath())
                        .setName(name(process.getParentPath()))
                        .setCmdLine(process.getParentCmdLine());
        String parentUser = data.take("ParentUser");
        if (!parentUser.isEmpty()) {
            parent.setUser(User.newBuilder().setName(parentUser));
        }
        return event(EventClass.PROCESS, EventClass.PROCESS_LAUNCH)
                .setProcess(process)
                .setActor(parent);
    }

    private static Event.Builder network(EventData data) {
        ConnectionInfo.Builder connection =
                ConnectionInfo.newBuilder().setProtocol(data.take("Protocol"));
        String initiated = data.text("Initiated");
        if (initiated.equalsIgnoreCase("true") || initiated.equalsIgnoreCase("false")) {
            data.drop("Initiated");
            connection.setInitiated(initiated.equalsIgnoreCase("true"));
        }
        return event(EventClass.NETWORK, EventClass.NETWORK_OPEN)
                .setActor(process(data))
                .setSrcEndpoint(endpoint(data, "Source"))
                .setDstEndpoint(endpoint(data, "Destination"))
                .setConnection(connection);
    }

    private static NetworkEndpoint endpoint(EventData data, String side) {
        return NetworkEndpoint.newBuilder()
                .setIp(data.take(side + "Ip"))
                .setPort(data.takeNumber(side + "Port"))
                .setHostname(data.take(side + "Hostname"))
                .build();
    }

    private static Event.Builder file(EventData data, int activity, String field) {
        return event(EventClass.FILE, activity)
                .setActor(process(data))
                .setFile(
                        File.newBuilder()
                                .setPath(data.take(field))
                                .setHashes(hashes(data, data.has("Hash") ? "Hash" : "Hashes")));
    }

    private static Event.Builder module(EventData data, int classUid) {
        return event(classUid, EventClass.LOAD)
                .setFile(
                        File.newBuilder()
                                .setPath(data.take("ImageLoaded"))
                                .setHashes(hashes(data, "Hashes")));
    }

    private static Event.Builder dns(EventData data) {
        return event(EventClass.DNS, EventClass.DNS_QUERY)
                .setActor(process(data))
                .setDnsQuery(DnsQuery.newBuilder().setHostname(data.take("QueryName")));
    }

    /** One process reaches into another; the target is no process that was launched. */
    private static Event.Builder between(EventData data, String guid) {
        return Event.newBuilder()
                .setActor(process(data, "Source", guid))
                .setProcess(process(data, "Target", guid));
    }

    private static int keyActivity(EventData data) {
        return switch (data.text("EventType")) {
            case "CreateKey", "CreateValue" -> EventClass.REGISTRY_KEY_CREATE;
            case "DeleteKey", "DeleteValue" -> EventClass.REGISTRY_KEY_DELETE;
            default -> EventClass.OTHER;
        };
    }

    private static Process.Builder process(EventData data) {
        return process(data, "", "ProcessGuid");
    }

    private static Process.Builder process(EventData data, String side, String guid) {
        String path = data.take(side + "Image");
        Process.Builder process =
                Process.newBuilder()
                        .setUid(uid(data.take(side + guid)))
                        .setPid(data.takeNumber(side + "ProcessId"))
                        .setPath(path)
                        .setName(name(path));
        String user = data.take(side + "User");
        return user.isEmpty() ? process : process.setUser(User.newBuilder().setName(user));
    }

    private static String uid(String guid) {
        if (guid.isEmpty()) {
            return "";
        }
        boolean braces = guid.startsWith("{") && guid.endsWith("}");
        return "sysmon:"
                + (braces ? guid.substring(1, guid.length() - 1) : guid).toLowerCase(Locale.ROOT);
    }

    private static String name(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    /** "SHA1=…,MD5=…,SHA256=…,IMPHASH=…": the last goes to the unmapped field Imphash. */
    private static Hashes hashes(EventData data, String field) {
        Hashes.Builder hashes = Hashes.newBuilder();
        for (String hash : data.take(field).toLowerCase(Locale.ROOT).split(",")) {
            int equals = hash.indexOf('=');
            String value = hash.substring(equals + 1).strip();
            switch (equals < 0 ? "" : hash.substring(0, equals).strip()) {
                case "sha256" -> hashes.setSha256(value);
                case "sha1" -> hashes.setSha1(value);
                case "md5" -> hashes.setMd5(value);
                case "imphash" -> data.set("Imphash", value);
                case "" -> {
                    if (!value.isEmpty()) {
                        data.set(field, value);
                    }
                }
                default -> {}
            }
        }
        return hashes.build();
    }
}
