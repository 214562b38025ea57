package dev.yagura.inventory.agent;

import static dev.yagura.inventory.Enrolling.enroll;
import static dev.yagura.inventory.Enrolling.request;
import static dev.yagura.inventory.Enrolling.signingRequest;
import static dev.yagura.inventory.Enrolling.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.proto.inventory.v1.Agent;
import dev.yagura.proto.inventory.v1.AgentHealth;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.AgentState;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import dev.yagura.proto.inventory.v1.GetAgentRequest;
import dev.yagura.proto.inventory.v1.ListAgentsRequest;
import dev.yagura.proto.inventory.v1.ListAgentsResponse;
import dev.yagura.proto.inventory.v1.ReportStatusRequest;
import dev.yagura.proto.inventory.v1.ReportStatusResponse;
import dev.yagura.proto.inventory.v1.RevokeAgentRequest;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HeartbeatTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final Scope SCOPE = Enrolling.scope("100000000021");
    private static final long LIMIT_SECONDS = 20;

    /** What an agent hears: answers, then the error that ended the stream. */
    private static final class Answers implements StreamObserver<ReportStatusResponse> {
        private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

        @Override
        public void onNext(ReportStatusResponse answer) {
            heard.add(answer);
        }

        @Override
        public void onError(Throwable error) {
            heard.add(Status.fromThrowable(error).getCode());
        }

        @Override
        public void onCompleted() {
            heard.add("completed");
        }

        Object next() throws InterruptedException {
            Object next = heard.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("something within %s s", LIMIT_SECONDS).isNotNull();
            return next;
        }
    }

    @Test
    void stateFollowsTheHeartbeatsInGetAndInLists() throws Exception {
        EnrollAgentResponse enrolled = agent(SCOPE);
        assertThat(get(enrolled).getState()).isEqualTo(AgentState.AGENT_STATE_ENROLLED);
        assertThat(listed(SCOPE, AgentState.AGENT_STATE_ENROLLED)).contains(name(enrolled));

        Answers answers = new Answers();
        StreamObserver<ReportStatusRequest> stream = report(enrolled, answers);
        stream.onNext(report("1.2"));
        assertThat(answers.next())
                .isInstanceOfSatisfying(
                        ReportStatusResponse.class,
                        answer -> assertThat(answer.getNextReport().getSeconds()).isEqualTo(15));
        Agent connected = await(enrolled, agent -> agent.hasLastHeartbeatTime());
        assertThat(connected.getState()).isEqualTo(AgentState.AGENT_STATE_CONNECTED);
        assertThat(connected.getVersion()).isEqualTo("1.2");
        assertThat(connected.getHealth().getEventsRead()).isEqualTo(7);
        assertThat(connected.getHealth().getTakesCommands()).isTrue();
        assertThat(connected.getHealth().getProblems(0)).hasSize(500);

        TestClock.CLOCK.advance(Duration.ofSeconds(90));
        assertThat(get(enrolled).getState()).isEqualTo(AgentState.AGENT_STATE_CONNECTED);
        assertThat(listed(SCOPE, AgentState.AGENT_STATE_CONNECTED)).contains(name(enrolled));
        TestClock.CLOCK.advance(Duration.ofMillis(1));
        assertThat(get(enrolled).getState()).isEqualTo(AgentState.AGENT_STATE_SILENT);
        assertThat(listed(SCOPE, AgentState.AGENT_STATE_SILENT)).contains(name(enrolled));
        assertThat(listed(SCOPE, AgentState.AGENT_STATE_CONNECTED)).doesNotContain(name(enrolled));

        stream.onNext(report("1.3"));
        assertThat(await(enrolled, agent -> agent.getVersion().equals("1.3")).getState())
                .isEqualTo(AgentState.AGENT_STATE_CONNECTED);
        stream.onCompleted();
    }

    @Test
    void revocationEndsTheOpenStreamAndRefusesAnother() throws Exception {
        EnrollAgentResponse enrolled = agent(SCOPE);
        Answers answers = new Answers();
        StreamObserver<ReportStatusRequest> stream = report(enrolled, answers);
        stream.onNext(report("1.0"));
        assertThat(answers.next()).isInstanceOf(ReportStatusResponse.class);

        AgentServiceGrpc.newBlockingStub(SERVICE.admin())
                .revokeAgent(
                        RevokeAgentRequest.newBuilder()
                                .setName(name(enrolled))
                                .setReason("test")
                                .build());
        assertThat(answers.next()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(get(enrolled).getState()).isEqualTo(AgentState.AGENT_STATE_REVOKED);

        Answers second = new Answers();
        report(enrolled, second);
        assertThat(second.next()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void onlyAgentsReport() throws Exception {
        Answers answers = new Answers();
        AgentServiceGrpc.newStub(SERVICE.admin()).reportStatus(answers);
        assertThat(answers.next()).isEqualTo(Status.Code.PERMISSION_DENIED);
    }

    @Test
    void pagingSkipsNothingWhileAgentsAreAdded() {
        Scope scope = Enrolling.scope("100000000022");
        List<String> before = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            before.add(name(agent(scope)));
        }
        var stub = AgentServiceGrpc.newBlockingStub(SERVICE.admin(scope.getAccountId()));
        List<String> seen = new ArrayList<>();
        ListAgentsRequest request = ListAgentsRequest.newBuilder().setPageSize(2).build();
        ListAgentsResponse page;
        do {
            page = stub.listAgents(request);
            page.getAgentsList().forEach(agent -> seen.add(agent.getName()));
            if (seen.size() < 7) {
                agent(scope);
            }
            request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
        } while (!page.getNextPageToken().isEmpty());
        assertThat(seen).doesNotHaveDuplicates().containsAll(before);

        ListAgentsRequest other =
                ListAgentsRequest.newBuilder()
                        .setPageToken(stub.listAgents(firstPage()).getNextPageToken())
                        .setState(AgentState.AGENT_STATE_SILENT)
                        .build();
        assertThatThrownBy(() -> stub.listAgents(other)).hasMessageContaining("page_token");
    }

    private static ListAgentsRequest firstPage() {
        return ListAgentsRequest.newBuilder().setPageSize(2).build();
    }

    private static EnrollAgentResponse agent(Scope scope) {
        return enroll(
                SERVICE.anonymous(),
                request(token(SERVICE.admin(), scope, 1), signingRequest(), "i-0123456789abcdef2"));
    }

    private static StreamObserver<ReportStatusRequest> report(
            EnrollAgentResponse enrolled, Answers answers) {
        Channel channel =
                SERVICE.agent(enrolled.getAgentId(), enrolled.getHostId(), enrolled.getScope());
        return AgentServiceGrpc.newStub(channel).reportStatus(answers);
    }

    private static ReportStatusRequest report(String version) {
        return ReportStatusRequest.newBuilder()
                .setVersion(version)
                .setHealth(
                        AgentHealth.newBuilder()
                                .setEventsRead(7)
                                .setTakesCommands(true)
                                .addProblems("x".repeat(600)))
                .build();
    }

    private static Agent get(EnrollAgentResponse enrolled) {
        return AgentServiceGrpc.newBlockingStub(SERVICE.admin())
                .getAgent(GetAgentRequest.newBuilder().setName(name(enrolled)).build());
    }

    private static List<String> listed(Scope scope, AgentState state) {
        return AgentServiceGrpc.newBlockingStub(SERVICE.admin(scope.getAccountId()))
                .listAgents(ListAgentsRequest.newBuilder().setState(state).setPageSize(500).build())
                .getAgentsList()
                .stream()
                .map(Agent::getName)
                .toList();
    }

    /** Reports are written a moment later. */
    private static Agent await(EnrollAgentResponse enrolled, Predicate<Agent> condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        Agent agent = get(enrolled);
        while (!condition.test(agent)) {
            assertThat(System.nanoTime()).as("condition within the limit").isLessThan(end);
            agent = get(enrolled);
        }
        return agent;
    }

    private static String name(EnrollAgentResponse enrolled) {
        return "agents/" + enrolled.getAgentId();
    }
}
