package dev.yagura.telemetry.windows;

import dev.yagura.proto.telemetry.v1.ConnectionInfo;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.File;
import dev.yagura.proto.telemetry.v1.NetworkEndpoint;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.proto.telemetry.v1.User;
import dev.yagura.telemetry.event.EventClass;
import dev.yagura.telemetry.event.EventData;
import java.util.Map;

/**
 * The typed core of the Security channel's events, as its manifest names their fields. Nothing is
 * taken out of the data: rules name it as it is.
 */
final class SecurityCore {
    private static final String NOBODY = "S-1-0-0";

    /** Of mandatory labels, in the words of Sysmon's IntegrityLevel. */
    private static final Map<String, String> INTEGRITY =
            Map.of(
                    "S-1-16-0", "Untrusted",
                    "S-1-16-4096", "Low",
                    "S-1-16-8192", "Medium",
                    "S-1-16-8448", "MediumPlus",
                    "S-1-16-12288", "High",
                    "S-1-16-16384", "System");

    private SecurityCore() {}

    static Event.Builder of(int id, EventData data, long timeNanos) {
        return switch (id) {
            case 4688 -> launch(data, timeNanos);
            case 4689 ->
                    event(EventClass.PROCESS, EventClass.PROCESS_TERMINATE).setProcess(actor(data));
            case 4624, 4625, 4648, 4776, 4778 ->
                    authentication(data, EventClass.AUTHENTICATION_LOGON);
            case 4634, 4647, 4779 -> authentication(data, EventClass.AUTHENTICATION_LOGOFF);
            case 4768, 4771 -> authentication(data, EventClass.AUTHENTICATION_TICKET);
            case 4769, 4770 -> authentication(data, EventClass.AUTHENTICATION_SERVICE_TICKET);
            case 5156 -> network(data, EventClass.NETWORK_OPEN);
            case 5157 -> network(data, EventClass.NETWORK_REFUSE);
            case 5154, 5158 -> network(data, EventClass.NETWORK_LISTEN);
            case 4657 ->
                    event(EventClass.REGISTRY_VALUE, EventClass.REGISTRY_VALUE_SET)
                            .setActor(actor(data));
            case 4660, 4663 -> object(data, id);
            default -> Event.newBuilder().setActor(actor(data));
        };
    }

    private static Event.Builder event(int classUid, int activity) {
        return Event.newBuilder().setClassUid(classUid).setActivityId(activity);
    }

    private static Event.Builder launch(EventData data, long timeNanos) {
        String path = data.text("NewProcessName");
        String parentPath = data.text("ParentProcessName");
        int pid = data.number("NewProcessId");
        int parentPid = data.number("ProcessId");
        boolean target = !isNobody(data.text("TargetUserSid"), data.text("TargetUserName"));
        User user = user(data, target ? "Target" : "Subject");
        String integrity = INTEGRITY.getOrDefault(data.text("MandatoryLabel"), "");
        if (!integrity.isEmpty()) {
            data.set("IntegrityLevel", integrity);
        }
        Process.Builder process =
                Process.newBuilder()
                        .setUid("security:" + timeNanos + ':' + pid)
                        .setPid(pid)
                        .setStartTimeNs(timeNanos)
                        .setPath(path)
                        .setName(name(path))
                        .setCmdLine(data.text("CommandLine"))
                        .setUser(user)
                        .setParentPid(parentPid)
                        .setParentPath(parentPath);
        Process.Builder parent =
                Process.newBuilder()
                        .setPid(parentPid)
                        .setPath(parentPath)
                        .setName(name(parentPath))
                        .setUser(user(data, "Subject"));
        return event(EventClass.PROCESS, EventClass.PROCESS_LAUNCH)
                .setProcess(process)
                .setActor(parent);
    }

    private static Event.Builder authentication(EventData data, int activity) {
        boolean target = !isNobody(data.text("TargetUserSid"), data.text("TargetUserName"));
        String address = data.text("IpAddress");
        // An IPv4 address of Kerberos events comes mapped into IPv6.
        String ip = address.startsWith("::ffff:") ? address.substring(7) : address;
        String host = data.text("WorkstationName");
        return event(EventClass.AUTHENTICATION, activity)
                .setActor(actor(data))
                .setUser(user(data, target ? "Target" : "Subject"))
                .setSrcEndpoint(
                        NetworkEndpoint.newBuilder()
                                .setIp(ip)
                                .setPort(data.number("IpPort"))
                                .setHostname(host.isEmpty() ? data.text("Workstation") : host));
    }

    private static Event.Builder network(EventData data, int activity) {
        boolean inbound = data.text("Direction").equals("%%14592");
        return event(EventClass.NETWORK, activity)
                .setActor(actor(data))
                .setSrcEndpoint(endpoint(data, "SourceAddress", "SourcePort"))
                .setDstEndpoint(endpoint(data, "DestAddress", "DestPort"))
                .setConnection(
                        ConnectionInfo.newBuilder()
                                .setProtocol(protocol(data.text("Protocol")))
                                .setInitiated(activity != EventClass.NETWORK_LISTEN && !inbound));
    }

    private static Event.Builder object(EventData data, int id) {
        if (!data.text("ObjectType").equals("File")) {
            return Event.newBuilder().setActor(actor(data));
        }
        int activity = id == 4660 ? EventClass.FILE_DELETE : EventClass.FILE_READ;
        return event(EventClass.FILE, activity)
                .setActor(actor(data))
                .setFile(File.newBuilder().setPath(data.text("ObjectName")));
    }

    /** Who did it: the process, where the event names one, and the subject. */
    private static Process.Builder actor(EventData data) {
        String name = data.text("ProcessName");
        String path = name.isEmpty() ? data.text("Application") : name;
        int pid = data.number("ProcessId");
        return Process.newBuilder()
                .setPid(pid == 0 ? data.number("ProcessID") : pid)
                .setPath(path)
                .setName(name(path))
                .setUser(user(data, "Subject"));
    }

    private static User user(EventData data, String side) {
        String name = data.text(side + "UserName");
        String domain = data.text(side + "DomainName");
        String sid = data.text(side + "UserSid");
        return User.newBuilder()
                .setUid(sid.isEmpty() ? data.text(side + "Sid") : sid)
                .setName(domain.isEmpty() || name.isEmpty() ? name : domain + '\\' + name)
                .setLoginUid(data.text(side + "LogonId"))
                .build();
    }

    private static boolean isNobody(String sid, String name) {
        return name.isEmpty() || sid.equals(NOBODY);
    }

    private static NetworkEndpoint endpoint(EventData data, String address, String port) {
        return NetworkEndpoint.newBuilder()
                .setIp(data.text(address))
                .setPort(data.number(port))
                .build();
    }

    /** IANA's numbers. */
    private static String protocol(String number) {
        return switch (number) {
            case "1" -> "icmp";
            case "6" -> "tcp";
            case "17" -> "udp";
            case "58" -> "icmpv6";
            default -> number;
        };
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('\\') + 1);
    }
}
