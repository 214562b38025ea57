package dev.yagura.gateway;

import static dev.yagura.gateway.Calls.assertAway;
import static dev.yagura.gateway.Calls.await;
import static dev.yagura.gateway.Calls.code;
import static dev.yagura.gateway.Calls.list;
import static dev.yagura.gateway.Calls.next;
import static dev.yagura.gateway.Calls.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.gateway.RawCall.Watch;
import dev.yagura.proto.detection.v1.AlertServiceGrpc;
import dev.yagura.proto.detection.v1.ListAlertsRequest;
import dev.yagura.proto.detection.v1.ListAlertsResponse;
import dev.yagura.proto.gateway.v1.CreateTokenResponse;
import dev.yagura.proto.type.v1.Role;
import io.grpc.Channel;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a stop does to the calls of the moment. */
class GatewayDrainTest {
    /** Longer than the test: what ends does so by itself. */
    @RegisterExtension
    static final GatewayFixture GATEWAY = GatewayFixture.with(Map.of("grpc.drain", "PT10M"));

    @Test
    void aStopEndsStreamsAndRefusesNewCallsAndLetsARunningCallFinish() throws Exception {
        CreateTokenResponse token = GATEWAY.token(Role.ROLE_VIEWER);
        Channel channel = GATEWAY.as(token);
        Watch watch = Watch.begun(channel);
        Future<ListAlertsResponse> running = heldList(channel);
        var answer = next(GATEWAY.services().held);

        CompletableFuture<Void> stop = CompletableFuture.runAsync(GATEWAY::stop);
        watch.request(Integer.MAX_VALUE);
        assertAway(watch.end(), "this gateway stops");
        await(() -> code(() -> list(channel)) == Status.Code.UNAVAILABLE);
        assertThat(code(() -> list(GATEWAY.as(token)))).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(running).isNotDone();
        assertThat(stop).isNotDone();

        answer.onNext(ListAlertsResponse.newBuilder().setNextPageToken("held").build());
        answer.onCompleted();
        assertThat(within(running).getNextPageToken()).isEqualTo("held");
        within(stop);
        assertThat(GATEWAY.audit(token))
                .contains("ENDED yagura.detection.v1.AlertService/ListAlerts OK ");
    }

    private static Future<ListAlertsResponse> heldList(Channel channel) {
        return AlertServiceGrpc.newFutureStub(channel)
                .withDeadlineAfter(10, TimeUnit.MINUTES)
                .listAlerts(ListAlertsRequest.newBuilder().setPageToken("hold").build());
    }
}
