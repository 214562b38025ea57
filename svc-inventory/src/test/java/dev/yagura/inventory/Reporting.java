package dev.yagura.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.inventory.v1.AgentHealth;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import dev.yagura.proto.inventory.v1.GetAgentRequest;
import dev.yagura.proto.inventory.v1.ReportStatusRequest;
import dev.yagura.proto.inventory.v1.ReportStatusResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reports of an enrolled agent. */
public final class Reporting {
    private Reporting() {}

    /** A heartbeat that is written when this returns. */
    public static void report(
            InventoryService service, EnrollAgentResponse agent, String... problems)
            throws Exception {
        report(
                service,
                agent,
                ReportStatusRequest.newBuilder()
                        .setHealth(AgentHealth.newBuilder().addAllProblems(List.of(problems)))
                        .build());
    }

    /** The same with all that an agent says. */
    public static void report(
            InventoryService service, EnrollAgentResponse agent, ReportStatusRequest report)
            throws Exception {
        TestClock.CLOCK.advance(Duration.ofMillis(10));
        Instant time = TestClock.CLOCK.instant();
        StreamObserver<ReportStatusRequest> stream =
                AgentServiceGrpc.newStub(
                                service.agent(
                                        agent.getAgentId(), agent.getHostId(), agent.getScope()))
                        .reportStatus(new Ignored());
        stream.onNext(report);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (heard(service, agent).isBefore(time)) {
            assertThat(System.nanoTime()).as("a heartbeat within 20 s").isLessThan(end);
        }
        stream.onCompleted();
    }

    private static Instant heard(InventoryService service, EnrollAgentResponse agent) {
        var time =
                AgentServiceGrpc.newBlockingStub(service.admin())
                        .getAgent(
                                GetAgentRequest.newBuilder()
                                        .setName("agents/" + agent.getAgentId())
                                        .build())
                        .getLastHeartbeatTime();
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    private static final class Ignored implements StreamObserver<ReportStatusResponse> {
        @Override
        public void onNext(ReportStatusResponse answer) {}

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {}
    }
}
