package dev.yagura.agent.health;

import dev.yagura.agent.connection.GrpcGateway;
import dev.yagura.agent.delivery.Backoff;
import dev.yagura.agent.enrollment.AgentIdentity;
import dev.yagura.agent.enrollment.StateFolder;
import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.ReportStatusRequest;
import dev.yagura.proto.inventory.v1.ReportStatusResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Heartbeats on a channel of their own: a full log never makes a host look dead. */
public final class GrpcHeartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcHeartbeat.class);
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(30);
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    private final ManagedChannel channel;
    private final HealthReport report;
    private final String version;
    private final String bootId;
    private final Clock clock;
    private final Object monitor = new Object();
    private final Thread thread;
    private boolean stopped;

    /** Begins to report to the gateway that the agent is enrolled with. */
    public static GrpcHeartbeat start(
            StateFolder state,
            AgentIdentity identity,
            HealthReport report,
            String version,
            String bootId,
            Clock clock) {
        return new GrpcHeartbeat(
                GrpcGateway.channel(state, identity), report, version, bootId, clock);
    }

    /**
     * Begins to report.
     *
     * @param channel closed by {@link #close}
     */
    GrpcHeartbeat(
            ManagedChannel channel,
            HealthReport report,
            String version,
            String bootId,
            Clock clock) {
        this.channel = channel;
        this.report = report;
        this.version = version;
        this.bootId = bootId;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("heartbeat").daemon().start(this::run);
    }

    @Override
    public void close() {
        synchronized (monitor) {
            stopped = true;
            monitor.notifyAll();
        }
        channel.shutdownNow();
    }

    private void run() {
        Backoff retries =
                new Backoff(
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        () -> ThreadLocalRandom.current().nextDouble());
        try {
            while (!isStopped()) {
                channel.resetConnectBackoff();
                Stream stream = new Stream();
                stream.report(retries);
                pause(retries.next());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStopped() {
        synchronized (monitor) {
            return stopped;
        }
    }

    private void pause(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        synchronized (monitor) {
            for (long left = time.toMillis();
                    left > 0 && !stopped;
                    left = (deadline - System.nanoTime()) / 1_000_000) {
                monitor.wait(left);
            }
        }
    }

    private ReportStatusRequest request() {
        Instant now = clock.instant();
        return ReportStatusRequest.newBuilder()
                .setVersion(version)
                .setHealth(report.toProto())
                .setAgentTimeNs(
                        Math.addExact(
                                Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L),
                                now.getNano()))
                .setBootId(bootId)
                .build();
    }

    /** One stream of reports and answers. */
    private final class Stream implements StreamObserver<ReportStatusResponse> {
        private @Nullable ReportStatusResponse answer;
        private boolean ended;

        void report(Backoff retries) throws InterruptedException {
            StreamObserver<ReportStatusRequest> requests =
                    AgentServiceGrpc.newStub(channel).reportStatus(this);
            while (!isStopped()) {
                requests.onNext(request());
                Duration interval = awaitAnswer();
                if (interval.isZero()) {
                    requests.onError(
                            Status.CANCELLED
                                    .withDescription("no answer to a report")
                                    .asException());
                    return;
                }
                retries.reset();
                pause(interval);
                synchronized (monitor) {
                    if (ended) {
                        return;
                    }
                }
            }
            requests.onCompleted();
        }

        /** Time until the next report; zero when there was no answer. */
        private Duration awaitAnswer() throws InterruptedException {
            long deadline = System.nanoTime() + ANSWER_TIMEOUT.toNanos();
            synchronized (monitor) {
                while (answer == null && !ended && !stopped && System.nanoTime() - deadline < 0) {
                    monitor.wait(200);
                }
                ReportStatusResponse received = answer;
                answer = null;
                return received == null ? Duration.ZERO : interval(received);
            }
        }

        @Override
        public void onNext(ReportStatusResponse response) {
            synchronized (monitor) {
                answer = response;
                monitor.notifyAll();
            }
        }

        @Override
        public void onError(Throwable error) {
            LOG.atInfo()
                    .addKeyValue(LogKeys.CODE, Status.fromThrowable(error).getCode())
                    .log("heartbeat interrupted");
            onCompleted();
        }

        @Override
        public void onCompleted() {
            synchronized (monitor) {
                ended = true;
                monitor.notifyAll();
            }
        }
    }

    private static Duration interval(ReportStatusResponse response) {
        Duration asked =
                Duration.ofSeconds(
                        response.getNextReport().getSeconds(), response.getNextReport().getNanos());
        if (asked.isZero() || asked.isNegative()) {
            return DEFAULT_INTERVAL;
        }
        return asked.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : asked;
    }
}
