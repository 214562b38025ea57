package dev.yagura.telemetry.auditd;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.NetworkEndpoint;
import dev.yagura.proto.telemetry.v1.User;
import dev.yagura.telemetry.event.EventClass;
import java.util.Map;
import java.util.Set;

/** Events without a system call: what programs such as sshd and sudo report themselves. */
final class UserRecords {
    private static final Set<String> LOGON = Set.of("USER_LOGIN", "USER_AUTH");
    private static final Set<String> IDENTITY_FIELDS = Set.of("pid", "uid", "auid", "exe");
    private static final int LONGEST_VALUE = 4096;

    private UserRecords() {}

    static Event.Builder map(AuditEvent audit, ProcessTable processes) {
        AuditRecord record = audit.records().getFirst();
        Event.Builder event = Event.newBuilder();
        int pid = (int) record.number("pid");
        if (pid > 0) {
            KnownProcess process =
                    processes.acted(
                            new ProcessTable.Sighting(
                                    pid,
                                    0,
                                    audit.id().timeNanos(),
                                    record.text("exe"),
                                    audit.title()));
            event.setActor(ProcessProtos.of(process, audit, record));
        }
        if (LOGON.contains(record.type())) {
            authentication(event, record, EventClass.AUTHENTICATION_LOGON);
        } else if (record.type().equals("USER_LOGOUT")) {
            authentication(event, record, EventClass.AUTHENTICATION_LOGOFF);
        }
        event.putUnmapped("type", record.type());
        for (Map.Entry<String, String> field : record.fields().entrySet()) {
            if (!IDENTITY_FIELDS.contains(field.getKey())
                    && field.getValue().length() <= LONGEST_VALUE) {
                event.putUnmapped(field.getKey(), field.getValue());
            }
        }
        return event;
    }

    private static void authentication(Event.Builder event, AuditRecord record, int activity) {
        event.setClassUid(EventClass.AUTHENTICATION)
                .setActivityId(activity)
                .setUser(User.newBuilder().setName(record.text("acct")).setUid(record.text("id")));
        String address = record.text("addr");
        if (!address.isEmpty()) {
            String host = record.text("hostname");
            event.setSrcEndpoint(
                    NetworkEndpoint.newBuilder()
                            .setIp(address)
                            .setHostname(host.equals(address) ? "" : host));
        }
    }
}
