package dev.yagura.agent;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.yagura.agent.command.GrpcCommandChannel;
import dev.yagura.agent.delivery.DeliverySource;
import dev.yagura.agent.delivery.GrpcDelivery;
import dev.yagura.agent.delivery.RejectedBatches;
import dev.yagura.agent.enrollment.AgentIdentity;
import dev.yagura.agent.enrollment.HostFacts;
import dev.yagura.agent.enrollment.StateFolder;
import dev.yagura.agent.event.AgentCounters;
import dev.yagura.agent.event.Problems;
import dev.yagura.agent.failure.AgentFailure;
import dev.yagura.agent.health.GrpcHeartbeat;
import dev.yagura.agent.health.HealthReport;
import dev.yagura.agent.host.HostReports;
import dev.yagura.agent.spool.AtomicFile;
import dev.yagura.agent.spool.BatchWriter;
import dev.yagura.agent.spool.Spool;
import dev.yagura.agent.spool.SpoolInUseException;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What `run` and `replay` have in common: spool, delivery, heartbeat, status. */
final class RunningAgent implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long STATUS_EVERY = TimeUnit.SECONDS.toNanos(5);

    private final StateFolder state;
    private final AgentIdentity identity;
    private final AgentCounters counters = new AgentCounters();
    private final Problems problems = new Problems();
    private final Spool spool;
    private final BatchWriter batches;
    private final GrpcDelivery delivery;
    private final HostReports host;
    private final GrpcHeartbeat heartbeat;
    private final HealthReport report;
    private final Clock clock;
    private volatile @Nullable GrpcCommandChannel commands;
    private long statusWritten = System.nanoTime() - STATUS_EVERY;

    RunningAgent(StateFolder state, AgentConfig config, Clock clock) {
        this.state = state;
        this.clock = clock;
        this.identity = state.identity();
        String version = AgentVersion.text();
        String bootId = HostFacts.bootId();
        this.spool = openSpool(config, clock);
        this.batches = new BatchWriter(spool, config.batch(), identity.device(), counters);
        this.delivery =
                GrpcDelivery.start(
                        state,
                        identity,
                        config.delivery(),
                        new DeliverySource(
                                spool,
                                new RejectedBatches(state.rejected()),
                                identity.device(),
                                version,
                                counters,
                                problems,
                                clock));
        this.report =
                new HealthReport(
                        spool, counters, problems, delivery::state, this::takesCommands, clock);
        this.host = HostReports.start(clock);
        this.heartbeat = GrpcHeartbeat.start(state, identity, report, host, version, bootId, clock);
    }

    /** Lets svc-response run documents on this host, until the end. */
    void receiveCommands() {
        commands =
                GrpcCommandChannel.start(state, identity, AgentVersion.text(), problems, clock)
                        .orElse(null);
    }

    private boolean takesCommands() {
        GrpcCommandChannel channel = commands;
        return channel != null && channel.isOpen();
    }

    AgentIdentity identity() {
        return identity;
    }

    AgentCounters counters() {
        return counters;
    }

    Problems problems() {
        return problems;
    }

    Spool spool() {
        return spool;
    }

    BatchWriter batches() {
        return batches;
    }

    GrpcDelivery delivery() {
        return delivery;
    }

    /** To be called several times a second. */
    void tick() {
        batches.tick();
        try {
            spool.tick();
            if (System.nanoTime() - statusWritten >= STATUS_EVERY) {
                writeStatus();
            }
            problems.solved("disk");
        } catch (IOException e) {
            problems.say(
                    "disk",
                    "cannot write to "
                            + state.path()
                            + " ("
                            + e.getMessage()
                            + "): free disk space");
        }
    }

    @Override
    public void close() {
        GrpcCommandChannel channel = commands;
        if (channel != null) {
            channel.close();
        }
        batches.flush();
        delivery.close();
        heartbeat.close();
        host.close();
        try {
            writeStatus();
            spool.close();
        } catch (IOException e) {
            throw new AgentFailure(
                    AgentFailure.Kind.FAILED,
                    "cannot close the spool in "
                            + state.path()
                            + " ("
                            + e.getMessage()
                            + "): free disk space; batches may be sent twice",
                    e);
        }
    }

    private void writeStatus() throws IOException {
        statusWritten = System.nanoTime();
        AtomicFile.write(state.status(), JSON.writeValueAsString(report.toMap()) + "\n");
    }

    private Spool openSpool(AgentConfig config, Clock clock) {
        try {
            return new Spool(state.spool(), config.spool(), clock, counters, problems);
        } catch (SpoolInUseException e) {
            throw new AgentFailure(AgentFailure.Kind.REFUSED, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new AgentFailure(
                    AgentFailure.Kind.FAILED,
                    "cannot open the spool in "
                            + state.spool()
                            + " ("
                            + e.getMessage()
                            + "): free disk space, or run as the user that enrolled",
                    e);
        }
    }
}
