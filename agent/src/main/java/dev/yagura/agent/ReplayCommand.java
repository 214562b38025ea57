package dev.yagura.agent;

import dev.yagura.agent.delivery.DeliveryState;
import dev.yagura.agent.event.BadLineReport;
import dev.yagura.agent.failure.AgentFailure;
import dev.yagura.agent.failure.AgentFailure.Kind;
import dev.yagura.telemetry.event.EventSink;
import dev.yagura.telemetry.recording.Recording;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Sends recordings as if this host had recorded them, and waits until they are acknowledged.",
            "Formats, told by content, packed by gzip or not: auditd, AUOMS, Sysmon for Linux, syslog,",
            "Windows event log and CloudTrail in JSON, access logs of web servers."
        },
        footer = {
            "",
            "Examples:",
            "  yagura-agent replay --state /var/lib/yagura --time shift audit.log",
            "  yagura-agent replay --state /var/lib/yagura --time original audit.log.gz sysmon.log"
        })
final class ReplayCommand implements Callable<Integer> {
    private static final long WAIT_MILLIS = 100;

    /** What to do with the recording's time. */
    enum TimeMode {
        ORIGINAL,
        SHIFT
    }

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private StateOption state = new StateOption();

    @Option(
            names = "--time",
            paramLabel = "original|shift",
            defaultValue = "shift",
            description =
                    "original: the recorded times; shift: moved so that the last event is now (default).")
    private TimeMode time = TimeMode.SHIFT;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "PT2M",
            description =
                    "How long nothing may be acknowledged before it gives up, ISO-8601 (default ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Recordings.")
    private List<Path> files = List.of();

    private final Clock clock = Clock.systemUTC();

    @Override
    public Integer call() throws InterruptedException {
        List<ReplayFile> recordings = files.stream().map(ReplayFile::detect).toList();
        long shift = time == TimeMode.SHIFT ? shift(recordings) : 0;
        long acknowledged;
        long lost;
        try (RunningAgent agent = new RunningAgent(state.folder(), AgentConfig.load(), clock)) {
            Progress progress = new Progress(agent);
            long waiting = agent.spool().waitingBatches();
            if (waiting > 0) {
                out().printf(
                                "the spool still held %d batches of an earlier run; they are sent first%n",
                                waiting);
            }
            for (ReplayFile recording : recordings) {
                replay(recording, shift, agent, progress);
            }
            agent.batches().flush();
            while (agent.spool().waitingBatches() > 0) {
                progress.check();
                agent.tick();
                agent.spool().awaitChange(WAIT_MILLIS);
            }
            acknowledged = agent.counters().eventsAcknowledged();
            lost = agent.counters().eventsLost();
            agent.problems()
                    .current()
                    .forEach(problem ->
                            spec.commandLine().getErr().println("yagura-agent: " + problem));
        }
        out().printf(
                        "%d events acknowledged%s%n",
                        acknowledged, lost > 0 ? ", " + lost + " lost" : "");
        return lost > 0 ? Kind.FAILED.exitCode() : 0;
    }

    private void replay(ReplayFile file, long shift, RunningAgent agent, Progress progress) {
        Recording recording = file.recording();
        long before = agent.counters().eventsRead();
        BadLineReport badLines =
                new BadLineReport(
                        recording.file().getFileName().toString(),
                        agent.counters(),
                        agent.problems());
        EventSink sink =
                event -> {
                    progress.awaitRoom();
                    agent.batches().accept(TimeShift.by(shift, event));
                };
        agent.batches().boot(recording.bootId());
        file.read(clock, badLines, sink);
        out().printf(
                        "%s: %s, %d events, %d lines not understood%n",
                        recording.file(),
                        recording.format().word(),
                        agent.counters().eventsRead() - before,
                        badLines.count());
    }

    private long shift(List<ReplayFile> recordings) {
        long last =
                recordings.stream()
                        .mapToLong(recording -> recording.lastTimeNanos(clock))
                        .max()
                        .orElse(0);
        return last == 0 ? 0 : TimeShift.nanos(clock.instant()) - last;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Ends the replay when the gateway will not take it. */
    private final class Progress {
        private final RunningAgent agent;
        private long acknowledged = -1;
        private long since = System.nanoTime();

        Progress(RunningAgent agent) {
            this.agent = agent;
        }

        /** A recording can wait: nothing of it is given up for room. */
        void awaitRoom() {
            try {
                while (!agent.spool().hasRoom()) {
                    check();
                    agent.tick();
                    agent.spool().awaitChange(WAIT_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AgentFailure(
                        Kind.FAILED, "interrupted; the spool keeps what is not acknowledged", e);
            }
        }

        void check() {
            DeliveryState delivery = agent.delivery().state();
            delivery.failure()
                    .filter(failure -> delivery.ended() || failure.kind() == Kind.NOT_ALLOWED)
                    .ifPresent(failure -> {
                        throw new AgentFailure(
                                failure.kind(),
                                failure.getMessage() + "; the spool keeps what is not acknowledged",
                                failure);
                    });
            if (agent.spool().acknowledged() != acknowledged) {
                acknowledged = agent.spool().acknowledged();
                since = System.nanoTime();
            } else if (System.nanoTime() - since > timeout.toNanos()) {
                String why =
                        delivery.failure()
                                .map(failure -> String.valueOf(failure.getMessage()))
                                .orElse("the log holds this agent back: see `yagura logs ingest`");
                throw new AgentFailure(
                        Kind.NOT_REACHABLE,
                        "nothing was acknowledged for "
                                + timeout
                                + ": "
                                + why
                                + "; the spool keeps what is not acknowledged");
            }
        }
    }
}
