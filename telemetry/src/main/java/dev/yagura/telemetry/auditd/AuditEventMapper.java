package dev.yagura.telemetry.auditd;

import dev.yagura.proto.telemetry.v1.ConnectionInfo;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.NetworkEndpoint;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.telemetry.event.EventClass;
import dev.yagura.telemetry.event.EventLimits;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Audit event to event of the contract; docs/reference/telemetry-mapping.md is the table. */
final class AuditEventMapper {
    static final String SOURCE = "auditd";

    /** EINPROGRESS: a socket that does not block connects all the same. */
    private static final long IN_PROGRESS = -115;

    private final ProcessTable processes;
    private final Clock clock;

    AuditEventMapper(ProcessTable processes, Clock clock) {
        this.processes = processes;
        this.clock = clock;
    }

    /** The event; empty for what tells nothing (a failed look-up of a local socket). */
    Optional<Event> map(AuditEvent audit) {
        Optional<AuditRecord> syscall = audit.first("SYSCALL");
        if (syscall.isEmpty()) {
            return Optional.of(finish(audit, UserRecords.map(audit, processes)));
        }
        String name = SystemCalls.name(syscall.get());
        if (isNoise(name, syscall.get(), audit)) {
            return Optional.empty();
        }
        Event.Builder event =
                switch (name) {
                    case "execve", "execveat" -> launch(audit, syscall.get());
                    case "exit", "exit_group" -> exit(audit, syscall.get());
                    default -> action(name, audit, syscall.get());
                };
        event.putUnmapped("syscall", name);
        putUnlessEmpty(event, "key", syscall.get().text("key"));
        putUnlessEmpty(event, "success", syscall.get().text("success"));
        putUnlessEmpty(event, "exit", syscall.get().text("exit"));
        return Optional.of(finish(audit, event));
    }

    private Event.Builder launch(AuditEvent audit, AuditRecord syscall) {
        if (!succeeded(syscall)) {
            return base(audit, syscall);
        }
        List<String> arguments = audit.arguments();
        String commandLine = arguments.isEmpty() ? audit.title() : String.join(" ", arguments);
        KnownProcess process = processes.executed(sighting(audit, syscall, commandLine));
        Event.Builder event =
                Event.newBuilder()
                        .setClassUid(EventClass.PROCESS)
                        .setActivityId(EventClass.PROCESS_LAUNCH)
                        .setProcess(
                                ProcessProtos.of(process, audit, syscall)
                                        .setCmdLine(commandLine)
                                        .addAllArgs(arguments));
        processes
                .find(process.parentPid())
                .ifPresentOrElse(
                        parent -> event.setActor(ProcessProtos.of(parent)),
                        () -> event.setActor(ProcessProtos.parentOf(process)));
        return event;
    }

    private Event.Builder exit(AuditEvent audit, AuditRecord syscall) {
        KnownProcess process = processes.acted(sighting(audit, syscall, audit.title()));
        processes.exited(process.pid());
        return Event.newBuilder()
                .setClassUid(EventClass.PROCESS)
                .setActivityId(EventClass.PROCESS_TERMINATE)
                .setProcess(ProcessProtos.of(process, audit, syscall));
    }

    private Event.Builder action(String name, AuditEvent audit, AuditRecord syscall) {
        KnownProcess process = processes.acted(sighting(audit, syscall, audit.title()));
        if (isFork(name) && succeeded(syscall)) {
            processes.forked((int) syscall.number("exit"), process, audit.id().timeNanos());
        }
        Process.Builder actor = ProcessProtos.of(process, audit, syscall);
        Event.Builder event =
                switch (name) {
                    case "connect" -> connect(audit, syscall);
                    case "accept", "accept4" -> accept(audit);
                    default -> FileCalls.map(name, audit, syscall);
                };
        return event.setActor(actor);
    }

    private static Event.Builder connect(AuditEvent audit, AuditRecord syscall) {
        Optional<SocketAddress> peer = peer(audit);
        if (peer.isEmpty()) {
            return Event.newBuilder();
        }
        boolean opened = succeeded(syscall) || syscall.number("exit") == IN_PROGRESS;
        return Event.newBuilder()
                .setClassUid(EventClass.NETWORK)
                .setActivityId(opened ? EventClass.NETWORK_OPEN : EventClass.NETWORK_FAIL)
                .setDstEndpoint(endpoint(peer.get()))
                .setConnection(ConnectionInfo.newBuilder().setInitiated(true));
    }

    private static Event.Builder accept(AuditEvent audit) {
        Optional<SocketAddress> peer = peer(audit);
        if (peer.isEmpty()) {
            return Event.newBuilder();
        }
        return Event.newBuilder()
                .setClassUid(EventClass.NETWORK)
                .setActivityId(EventClass.NETWORK_OPEN)
                .setSrcEndpoint(endpoint(peer.get()))
                .setConnection(ConnectionInfo.newBuilder().setInitiated(false));
    }

    private Event.Builder base(AuditEvent audit, AuditRecord syscall) {
        KnownProcess process = processes.acted(sighting(audit, syscall, audit.title()));
        return Event.newBuilder().setActor(ProcessProtos.of(process, audit, syscall));
    }

    private Event finish(AuditEvent audit, Event.Builder event) {
        event.setTimeNs(audit.id().timeNanos())
                .setObservedTimeNs(ProcessProtos.nanos(clock.instant()))
                .setSource(SOURCE)
                .setSourceRecordId(Long.toString(audit.id().serial()));
        RawRecords.addTo(event, audit);
        return EventLimits.bound(event.build());
    }

    private static ProcessTable.Sighting sighting(
            AuditEvent audit, AuditRecord syscall, String commandLine) {
        return new ProcessTable.Sighting(
                (int) syscall.number("pid"),
                (int) syscall.number("ppid"),
                audit.id().timeNanos(),
                syscall.text("exe"),
                commandLine);
    }

    private static boolean isNoise(String name, AuditRecord syscall, AuditEvent audit) {
        return name.equals("connect")
                && !succeeded(syscall)
                && syscall.number("exit") != IN_PROGRESS
                && peer(audit).isEmpty();
    }

    private static boolean isFork(String name) {
        return switch (name) {
            case "fork", "vfork", "clone", "clone3" -> true;
            default -> false;
        };
    }

    private static Optional<SocketAddress> peer(AuditEvent audit) {
        return audit.first("SOCKADDR").flatMap(record -> SocketAddress.parse(record.text("saddr")));
    }

    private static NetworkEndpoint endpoint(SocketAddress address) {
        return NetworkEndpoint.newBuilder().setIp(address.ip()).setPort(address.port()).build();
    }

    static boolean succeeded(AuditRecord syscall) {
        return syscall.text("success").equals("yes");
    }

    private static void putUnlessEmpty(Event.Builder event, String name, String value) {
        if (!value.isEmpty()) {
            event.putUnmapped(name, value);
        }
    }
}
