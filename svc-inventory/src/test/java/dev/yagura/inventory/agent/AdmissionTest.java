package dev.yagura.inventory.agent;

import static dev.yagura.inventory.Enrolling.enroll;
import static dev.yagura.inventory.Enrolling.request;
import static dev.yagura.inventory.Enrolling.signingRequest;
import static dev.yagura.inventory.Enrolling.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.proto.inventory.v1.Admission;
import dev.yagura.proto.inventory.v1.AgentAdmissionServiceGrpc;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import dev.yagura.proto.inventory.v1.RevokeAgentRequest;
import dev.yagura.proto.inventory.v1.WatchAdmissionsRequest;
import dev.yagura.proto.inventory.v1.WatchAdmissionsResponse;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AdmissionTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final Scope SCOPE = Enrolling.scope("100000000011");

    /** A watch that ends with the test. */
    private static final class Watch implements AutoCloseable {
        private final Context.CancellableContext context = Context.current().withCancellation();
        private final Iterator<WatchAdmissionsResponse> messages;

        Watch(Channel channel, String cursor) throws Exception {
            messages =
                    context.call(() ->
                            AgentAdmissionServiceGrpc.newBlockingStub(channel)
                                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                                    .watchAdmissions(
                                            WatchAdmissionsRequest.newBuilder()
                                                    .setCursor(cursor)
                                                    .build()));
        }

        WatchAdmissionsResponse next() {
            return messages.next();
        }

        /** Up to and with the end of the snapshot. */
        List<WatchAdmissionsResponse> snapshot() {
            List<WatchAdmissionsResponse> all = new ArrayList<>();
            do {
                all.add(next());
            } while (!all.getLast().getSnapshotComplete());
            return all;
        }

        WatchAdmissionsResponse nextOf(String agentId) {
            WatchAdmissionsResponse message = next();
            while (!message.getAdmission().getAgentId().equals(agentId)) {
                message = next();
            }
            return message;
        }

        @Override
        public void close() {
            context.close();
        }
    }

    @Test
    void snapshotHasWhoMayConnectAndChangesFollow() throws Exception {
        EnrollAgentResponse stays = agent();
        EnrollAgentResponse gone = agent();
        revoke(gone.getAgentId());
        try (Watch watch = new Watch(SERVICE.gateway(), "")) {
            List<WatchAdmissionsResponse> snapshot = watch.snapshot();
            assertThat(snapshot)
                    .extracting(message -> message.getAdmission().getAgentId())
                    .contains(stays.getAgentId())
                    .doesNotContain(gone.getAgentId());

            EnrollAgentResponse late = agent();
            Admission admission = watch.nextOf(late.getAgentId()).getAdmission();
            assertThat(admission.getRevoked()).isFalse();
            assertThat(admission.getHostId()).isEqualTo(late.getHostId());
            assertThat(admission.getScope()).isEqualTo(SCOPE);

            revoke(late.getAgentId());
            assertThat(watch.nextOf(late.getAgentId()).getAdmission().getRevoked()).isTrue();
        }
    }

    @Test
    void goesOnWhereItWasCut() throws Exception {
        EnrollAgentResponse agent = agent();
        String cursor;
        try (Watch watch = new Watch(SERVICE.gateway(), "")) {
            cursor = watch.snapshot().getLast().getCursor();
        }
        revoke(agent.getAgentId());
        try (Watch watch = new Watch(SERVICE.gateway(), cursor)) {
            assertThat(watch.nextOf(agent.getAgentId()).getAdmission().getRevoked()).isTrue();
        }
    }

    @Test
    void isTheGatewaysAlone() {
        for (Channel other : List.of(SERVICE.admin(), SERVICE.anonymous(), SERVICE.detection())) {
            assertThatThrownBy(
                            () -> {
                                try (Watch watch = new Watch(other, "")) {
                                    watch.next();
                                }
                            })
                    .extracting(Status::fromThrowable)
                    .extracting(Status::getCode)
                    .isEqualTo(Status.Code.PERMISSION_DENIED);
        }
    }

    private static EnrollAgentResponse agent() {
        return enroll(
                SERVICE.anonymous(),
                request(token(SERVICE.admin(), SCOPE, 1), signingRequest(), "i-0123456789abcdef1"));
    }

    private static void revoke(String agentId) {
        AgentServiceGrpc.newBlockingStub(SERVICE.admin())
                .revokeAgent(
                        RevokeAgentRequest.newBuilder()
                                .setName("agents/" + agentId)
                                .setReason("test")
                                .build());
    }
}
