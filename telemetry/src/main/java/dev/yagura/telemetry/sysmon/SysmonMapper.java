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
import dev.yagura.telemetry.event.EventLimits;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;

/** Sysmon's events to events of the contract. */
final class SysmonMapper {
    static final String SOURCE = "sysmon_linux";

    /** Fields that have a place in the schema; the others go to unmapped. */
    private static final Set<String> MAPPED =
            Set.of(
                    "UtcTime",
                    "ProcessGuid",
                    "ProcessId",
                    "Image",
                    "CommandLine",
                    "CurrentDirectory",
                    "User",
                    "Hashes",
                    "ParentProcessGuid",
                    "ParentProcessId",
                    "ParentImage",
                    "ParentCommandLine",
                    "TargetFilename",
                    "Protocol",
                    "Initiated",
                    "SourceIp",
                    "SourcePort",
                    "SourceHostname",
                    "DestinationIp",
                    "DestinationPort",
                    "DestinationHostname",
                    "QueryName");

    private final Clock clock;

    SysmonMapper(Clock clock) {
        this.clock = clock;
    }

    Event map(SysmonEvent sysmon, long timeNanos) {
        Event.Builder event =
                switch (sysmon.id()) {
                    case 1 -> launch(sysmon, timeNanos);
                    case 5 ->
                            Event.newBuilder()
                                    .setClassUid(EventClass.PROCESS)
                                    .setActivityId(EventClass.PROCESS_TERMINATE)
                                    .setProcess(process(sysmon));
                    case 3 -> network(sysmon);
                    case 11 -> file(sysmon, EventClass.FILE_CREATE, "TargetFilename");
                    case 23, 26 -> file(sysmon, EventClass.FILE_DELETE, "TargetFilename");
                    case 9 -> file(sysmon, EventClass.FILE_READ, "Device");
                    case 22 -> dns(sysmon);
                    default -> Event.newBuilder().setActor(process(sysmon));
                };
        Instant now = clock.instant();
        event.setTimeNs(timeNanos)
                .setObservedTimeNs(
                        Math.addExact(
                                Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L),
                                now.getNano()))
                .setSource(SOURCE)
                .setSourceRecordId(sysmon.recordId())
                .putUnmapped("EventID", Integer.toString(sysmon.id()));
        sysmon.data()
                .forEach((name, value) -> {
                    if (!MAPPED.contains(name)) {
                        event.putUnmapped(name, value);
                    }
                });
        return EventLimits.bound(event.build());
    }

    private static Event.Builder launch(SysmonEvent sysmon, long timeNanos) {
        Process.Builder process =
                process(sysmon)
                        .setStartTimeNs(timeNanos)
                        .setCmdLine(sysmon.text("CommandLine"))
                        .setWorkingDirectory(sysmon.text("CurrentDirectory"))
                        .setHashes(hashes(sysmon.text("Hashes")))
                        .setParentUid(uid(sysmon.text("ParentProcessGuid")))
                        .setParentPid(sysmon.number("ParentProcessId"))
                        .setParentPath(sysmon.text("ParentImage"))
                        .setParentCmdLine(sysmon.text("ParentCommandLine"));
        Process.Builder parent =
                Process.newBuilder()
                        .setUid(process.getParentUid())
                        .setPid(process.getParentPid())
                        .setPath(process.getParentPath())
                        .setName(name(process.getParentPath()))
                        .setCmdLine(process.getParentCmdLine());
        return Event.newBuilder()
                .setClassUid(EventClass.PROCESS)
                .setActivityId(EventClass.PROCESS_LAUNCH)
                .setProcess(process)
                .setActor(parent);
    }

    private static Event.Builder network(SysmonEvent sysmon) {
        return Event.newBuilder()
                .setClassUid(EventClass.NETWORK)
                .setActivityId(EventClass.NETWORK_OPEN)
                .setActor(process(sysmon))
                .setSrcEndpoint(endpoint(sysmon, "Source"))
                .setDstEndpoint(endpoint(sysmon, "Destination"))
                .setConnection(
                        ConnectionInfo.newBuilder()
                                .setProtocol(sysmon.text("Protocol"))
                                .setInitiated(sysmon.text("Initiated").equalsIgnoreCase("true")));
    }

    private static Event.Builder file(SysmonEvent sysmon, int activity, String field) {
        return Event.newBuilder()
                .setClassUid(EventClass.FILE)
                .setActivityId(activity)
                .setActor(process(sysmon))
                .setFile(
                        File.newBuilder()
                                .setPath(sysmon.text(field))
                                .setHashes(hashes(sysmon.text("Hashes"))));
    }

    private static Event.Builder dns(SysmonEvent sysmon) {
        return Event.newBuilder()
                .setClassUid(EventClass.DNS)
                .setActivityId(EventClass.DNS_QUERY)
                .setActor(process(sysmon))
                .setDnsQuery(DnsQuery.newBuilder().setHostname(sysmon.text("QueryName")));
    }

    /** Who did it; access to another process (10) names it SourceProcess…. */
    private static Process.Builder process(SysmonEvent sysmon) {
        boolean access = sysmon.data().containsKey("SourceImage");
        String path = sysmon.text(access ? "SourceImage" : "Image");
        return Process.newBuilder()
                .setUid(uid(sysmon.text(access ? "SourceProcessGUID" : "ProcessGuid")))
                .setPid(sysmon.number(access ? "SourceProcessId" : "ProcessId"))
                .setPath(path)
                .setName(name(path))
                .setUser(User.newBuilder().setName(sysmon.text("User")));
    }

    private static NetworkEndpoint endpoint(SysmonEvent sysmon, String side) {
        return NetworkEndpoint.newBuilder()
                .setIp(sysmon.text(side + "Ip"))
                .setPort(sysmon.number(side + "Port"))
                .setHostname(sysmon.text(side + "Hostname"))
                .build();
    }

    private static String uid(String guid) {
        return guid.isEmpty() ? "" : "sysmon:" + guid.replaceAll("[{}]", "");
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** "SHA1=…,MD5=…,SHA256=…" */
    private static Hashes hashes(String text) {
        Hashes.Builder hashes = Hashes.newBuilder();
        for (String hash : text.toLowerCase(Locale.ROOT).split(",")) {
            int equals = hash.indexOf('=');
            String value = hash.substring(equals + 1);
            switch (equals < 0 ? "" : hash.substring(0, equals)) {
                case "sha256" -> hashes.setSha256(value);
                case "sha1" -> hashes.setSha1(value);
                case "md5" -> hashes.setMd5(value);
                default -> {}
            }
        }
        return hashes.build();
    }
}
