package dev.yagura.agent.health;

import dev.yagura.agent.connection.GrpcGateway;
import dev.yagura.agent.connection.GrpcStreamLoop;
import dev.yagura.agent.enrollment.AgentIdentity;
import dev.yagura.agent.enrollment.StateFolder;
import dev.yagura.agent.host.HostReports;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.ReportStatusRequest;
import dev.yagura.proto.inventory.v1.ReportStatusResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Heartbeats on a channel of their own: a full log never makes a host look dead. */
public final class GrpcHeartbeat implements AutoCloseable {
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(30);
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    private final GrpcStreamLoop loop;
    private final HealthReport report;
    private final HostReports host;
    private final String version;
    private final String bootId;
    private final Clock clock;

    /** Begins to report to the gateway that the agent is enrolled with. */
    public static GrpcHeartbeat start(
            StateFolder state,
            AgentIdentity identity,
            HealthReport report,
            HostReports host,
            String version,
            String bootId,
            Clock clock) {
        return new GrpcHeartbeat(
                GrpcGateway.channel(state, identity), report, host, version, bootId, clock);
    }

    /**
     * Begins to report.
     *
     * @param channel closed by {@link #close}
     */
    GrpcHeartbeat(
            ManagedChannel channel,
            HealthReport report,
            HostReports host,
            String version,
            String bootId,
            Clock clock) {
        this.loop = new GrpcStreamLoop(channel, "heartbeat interrupted");
        this.report = report;
        this.host = host;
        this.version = version;
        this.bootId = bootId;
        this.clock = clock;
        loop.start("heartbeat", () -> new Stream().report());
    }

    @Override
    public void close() {
        loop.close();
    }

    private ReportStatusRequest request() {
        Instant now = clock.instant();
        ReportStatusRequest.Builder request =
                ReportStatusRequest.newBuilder()
                        .setVersion(version)
                        .setHealth(report.toProto())
                        .setAgentTimeNs(
                                Math.addExact(
                                        Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L),
                                        now.getNano()))
                        .setBootId(bootId);
        host.due().ifPresent(request::setHostReport);
        return request.build();
    }

    /** One stream of reports and answers. */
    private final class Stream extends GrpcStreamLoop.Answers<ReportStatusResponse> {
        Stream() {
            super(loop);
        }

        void report() throws InterruptedException {
            host.again();
            StreamObserver<ReportStatusRequest> requests =
                    AgentServiceGrpc.newStub(loop.channel()).reportStatus(this);
            while (!loop.isStopped()) {
                requests.onNext(request());
                Duration interval = awaitInterval(ANSWER_TIMEOUT);
                if (interval.isZero()) {
                    requests.onError(
                            Status.CANCELLED
                                    .withDescription("no answer to a report")
                                    .asException());
                    return;
                }
                loop.succeeded();
                // Also after the stream has ended: a gateway that starts again is not stormed.
                loop.pause(interval);
                if (isEnded()) {
                    return;
                }
            }
            requests.onCompleted();
        }

        @Override
        public void onNext(ReportStatusResponse response) {
            answered(
                    GrpcStreamLoop.interval(
                            response.getNextReport(), DEFAULT_INTERVAL, LONGEST_INTERVAL));
        }
    }
}
