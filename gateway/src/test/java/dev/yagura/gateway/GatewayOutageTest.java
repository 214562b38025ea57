package dev.yagura.gateway;

import static dev.yagura.gateway.Calls.assertAway;
import static dev.yagura.gateway.Calls.await;
import static dev.yagura.gateway.Calls.code;
import static dev.yagura.gateway.Calls.failure;
import static dev.yagura.gateway.Calls.list;
import static dev.yagura.gateway.Calls.next;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.gateway.RawCall.TelemetryCall;
import dev.yagura.gateway.RawCall.Watch;
import dev.yagura.proto.gateway.v1.CreateTokenResponse;
import dev.yagura.proto.ingest.v1.StreamTelemetryRequest;
import dev.yagura.proto.response.v1.ActionServiceGrpc;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.type.v1.Role;
import io.grpc.Channel;
import io.grpc.Status;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What callers see while something behind the gateway is away, and after. */
class GatewayOutageTest {
    @RegisterExtension
    static final GatewayFixture GATEWAY =
            GatewayFixture.wired(
                    Map.of(
                            "database.connect-timeout", "PT1S",
                            "audit.deadline", "PT1S",
                            "token.cache-time", "PT1H"));

    /** How a service goes away. */
    enum Loss {
        CONNECTION_CUT,
        /** Streams that do not end within its drain time are reset. */
        SERVICE_STOPPED;

        void begin() {
            if (this == CONNECTION_CUT) {
                GATEWAY.servicesWire().cut();
            } else {
                GATEWAY.services().close();
            }
        }
    }

    /** Everything is there again, also after a test that failed. */
    @AfterEach
    void mend() throws IOException {
        GATEWAY.databaseWire().mend();
        GATEWAY.services().startAgain();
        GATEWAY.servicesWire().leadTo(GATEWAY.services().port());
        GATEWAY.servicesWire().mend();
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void aWatchWhoseServiceGoesAwayEndsAsUnavailableAndCanBeginAgain(Loss loss) throws Exception {
        Channel channel = GATEWAY.as(GATEWAY.admin());
        Watch watch = lastingWatch(channel);

        loss.begin();
        watch.request(Integer.MAX_VALUE);
        assertAway(watch.end(), "svc-detection");
        assertAway(failure(() -> list(channel)), "svc-detection");

        mend();
        await(() -> code(() -> list(channel)) == Status.Code.OK);
        lastingWatch(channel);
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void telemetryWhoseServiceGoesAwayEndsAsUnavailableAndCanBeginAgain(Loss loss)
            throws Exception {
        Channel channel = GATEWAY.agents().admitted(UUID.randomUUID().toString());
        TelemetryCall call = lastingTelemetry(channel);
        takeOne(call);

        loss.begin();
        assertAway(call.end(), "svc-ingest");
        assertAway(new TelemetryCall(channel).end(), "svc-ingest");

        mend();
        takeOne(lastingTelemetry(channel));
    }

    /** The service takes a batch of this call. */
    private static void takeOne(TelemetryCall call) throws Exception {
        int before = GATEWAY.services().batchesTaken.get();
        call.call.sendMessage(StreamTelemetryRequest.getDefaultInstance());
        next(GATEWAY.services().telemetry).request(1);
        await(() -> GATEWAY.services().batchesTaken.get() > before);
    }

    private static Watch lastingWatch(Channel channel) {
        return lasting(
                () -> {
                    Watch watch = new Watch(channel);
                    watch.request(1);
                    return watch;
                },
                watch -> watch.received.get() == 1);
    }

    private static TelemetryCall lastingTelemetry(Channel channel) {
        return lasting(
                () -> new TelemetryCall(channel), call -> !GATEWAY.services().telemetry.isEmpty());
    }

    /** Callers try until the service takes their stream: connections come back by and by. */
    private static <C extends RawCall<?, ?>> C lasting(Supplier<C> caller, Predicate<C> isTaken) {
        AtomicReference<C> call = new AtomicReference<>(caller.get());
        await(() -> {
            if (call.get().isOver()) {
                call.set(caller.get());
            }
            return isTaken.test(call.get());
        });
        return call.get();
    }

    @Test
    void aTokenThatIsNotKnownIsNotLetInWhilePostgresIsAway() throws Exception {
        CreateTokenResponse token = GATEWAY.token(Role.ROLE_VIEWER);

        GATEWAY.databaseWire().cut();
        assertAway(failure(() -> list(GATEWAY.as(token))), "PostgreSQL");
        assertAway(new Watch(GATEWAY.as(token)).end(), "PostgreSQL");
        assertThat(code(() -> list(GATEWAY.as("nonsense")))).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(GATEWAY.services().wasCalledBy(GatewayFixture.id(token))).isFalse();

        GATEWAY.databaseWire().mend();
        await(() -> code(() -> list(GATEWAY.as(token))) == Status.Code.OK);
        lastingWatch(GATEWAY.as(token));
    }

    @Test
    void aKnownTokenReadsWhilePostgresIsAwayButChangesNothing() {
        CreateTokenResponse token = GATEWAY.token(Role.ROLE_RESPONDER);
        Channel channel = GATEWAY.as(token);
        list(channel);
        GATEWAY.services().forget();

        GATEWAY.databaseWire().cut();
        assertAway(failure(() -> createAction(channel)), "the audit");
        assertThat(GATEWAY.services().wasCalledBy(GatewayFixture.id(token))).isFalse();
        assertThat(code(() -> list(channel))).isEqualTo(Status.Code.OK);

        GATEWAY.databaseWire().mend();
        await(() -> code(() -> createAction(channel)) == Status.Code.OK);
    }

    private static void createAction(Channel channel) {
        assertThat(
                        ActionServiceGrpc.newBlockingStub(channel)
                                .createAction(CreateActionRequest.getDefaultInstance()))
                .isNotNull();
    }
}
