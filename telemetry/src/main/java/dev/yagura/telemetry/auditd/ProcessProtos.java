package dev.yagura.telemetry.auditd;

import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.proto.telemetry.v1.User;
import java.time.Instant;

/** Processes and users in the words of the contract. */
final class ProcessProtos {
    /** (uid_t) -1: no login. */
    private static final String UNSET = "4294967295";

    private ProcessProtos() {}

    static Process.Builder of(KnownProcess process) {
        return Process.newBuilder()
                .setUid(process.uid())
                .setPid(process.pid())
                .setStartTimeNs(process.startNanos())
                .setPath(process.path())
                .setCmdLine(process.commandLine())
                .setName(process.path().substring(process.path().lastIndexOf('/') + 1))
                .setParentUid(process.parentUid())
                .setParentPid(process.parentPid())
                .setParentPath(process.parentPath())
                .setParentCmdLine(process.parentCommandLine());
    }

    /** With user and working directory of the event that it caused. */
    static Process.Builder of(KnownProcess process, AuditEvent audit, AuditRecord record) {
        return of(process).setUser(user(record)).setWorkingDirectory(audit.workingDirectory());
    }

    /** A parent that the table has forgotten. */
    static Process.Builder parentOf(KnownProcess process) {
        return Process.newBuilder()
                .setUid(process.parentUid())
                .setPid(process.parentPid())
                .setPath(process.parentPath())
                .setCmdLine(process.parentCommandLine());
    }

    /** Name only when the log has it: with log_format=ENRICHED, or from AUOMS. */
    static User user(AuditRecord record) {
        String login = record.text("auid");
        String enriched = record.text("UID");
        return User.newBuilder()
                .setUid(record.text("uid"))
                .setName(enriched.isEmpty() ? record.text("user") : enriched)
                .setLoginUid(login.equals(UNSET) || login.equals("-1") ? "" : login)
                .build();
    }

    static long nanos(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }
}
