package dev.yagura.gateway;

import static dev.yagura.gateway.Calls.assertLimited;
import static dev.yagura.gateway.Calls.await;
import static dev.yagura.gateway.Calls.code;
import static dev.yagura.gateway.Calls.failure;
import static dev.yagura.gateway.Calls.list;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.gateway.v1.CreateTokenResponse;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import dev.yagura.proto.type.v1.Role;
import io.grpc.Channel;
import io.grpc.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who tries tokens, many from one address. */
class GatewayAttemptsTest {
    /** Of three attempts one comes back in 20 s. */
    @RegisterExtension
    static final GatewayFixture GATEWAY =
            GatewayFixture.with(Map.of("limit.failed-attempts", "3", "token.cache-time", "PT1H"));

    @Test
    void wrongTokensCloseTheirAddressToAllButKnownOnes() {
        CreateTokenResponse known = GATEWAY.token(Role.ROLE_VIEWER);
        CreateTokenResponse fresh = GATEWAY.token(Role.ROLE_VIEWER);
        list(GATEWAY.as(known));
        String wrong = GATEWAY.admin().replaceFirst("_[^_]*$", "_" + "A".repeat(43));
        assertThat(code(() -> list(GATEWAY.as(wrong)))).isEqualTo(Status.Code.UNAUTHENTICATED);

        await(() -> code(() -> list(GATEWAY.as(wrong))) == Status.Code.RESOURCE_EXHAUSTED);

        assertLimited(failure(() -> list(GATEWAY.as(fresh))));
        assertThat(GATEWAY.services().wasCalledBy(GatewayFixture.id(fresh))).isFalse();
        assertLimited(failure(() -> enrol(GATEWAY.anonymous())));
        assertThat(code(() -> list(GATEWAY.as(known)))).isEqualTo(Status.Code.OK);
    }

    private static void enrol(Channel channel) {
        assertThat(
                        AgentServiceGrpc.newBlockingStub(channel)
                                .enrollAgent(EnrollAgentRequest.getDefaultInstance()))
                .isNotNull();
    }
}
