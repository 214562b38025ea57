package dev.yagura.response.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.ListActionsRequest;
import dev.yagura.proto.response.v1.ListWebhookDeliveriesRequest;
import dev.yagura.proto.response.v1.ListWebhookDeliveriesResponse;
import dev.yagura.proto.response.v1.ReplayWebhookDeliveriesRequest;
import dev.yagura.proto.response.v1.WebhookDelivery;
import dev.yagura.proto.response.v1.WebhookDeliveryFilter;
import dev.yagura.proto.response.v1.WebhookDeliveryState;
import dev.yagura.proto.response.v1.WebhookEndpointState;
import dev.yagura.response.TestReceiver;
import dev.yagura.response.TestResponder;
import dev.yagura.response.TestService;
import dev.yagura.response.WebhookFiles;
import dev.yagura.response.outbox.DeliveryState;
import dev.yagura.response.outbox.DeliveryStore.Claim;
import dev.yagura.response.outbox.DeliveryStore.Outcome;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Deliveries on the real store, when this test lets them go on; the service itself looks once. */
class WebhookDeliveryTest {
    private static final TestReceiver RECEIVER = TestReceiver.start();

    @RegisterExtension static final TestService SERVICE = TestService.withoutRole(settings());

    private static final IdleWebhooks HOOKS = new IdleWebhooks(SERVICE);
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Outcome FAILED = new Outcome(500, "answered 500", "");

    private static Map<String, String> settings() {
        Map<String, String> settings =
                new HashMap<>(
                        WebhookFiles.settings(
                                Map.of("soar", RECEIVER.url()), "action.state_changed"));
        settings.put("yagura.response.webhook.poll", "PT1H");
        settings.put("yagura.response.webhook.pauses", "PT0.001S,PT0.001S");
        settings.put("yagura.response.action.poll", "PT1H");
        settings.put("yagura.response.action.two-person-kinds", "disable_access_key");
        return settings;
    }

    @BeforeEach
    void nothingWaits() {
        SERVICE.postgres().execute("DELETE FROM webhook_delivery");
        SERVICE.postgres().execute("DELETE FROM webhook_disabled_endpoint");
        SERVICE.postgres().execute("DELETE FROM action");
        RECEIVER.answerAlways(204, "");
        RECEIVER.takeAll();
    }

    @AfterAll
    static void stop() {
        RECEIVER.close();
    }

    @Test
    void whatFailsIsSentAgainWithTheSameId() throws Exception {
        UUID id = HOOKS.add();
        RECEIVER.answer(500, 302);

        HOOKS.deliver(3);

        List<TestReceiver.Message> messages = RECEIVER.takeAll();
        assertThat(messages).hasSize(3).allMatch(each -> each.id().equals(id.toString()));
        assertThat(messages)
                .allMatch(each ->
                        each.signature().equals(WebhookFiles.expected(each, WebhookFiles.SECRET)));
        WebhookDelivery delivered =
                HOOKS.single(WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_DELIVERED);
        assertThat(delivered.getName()).isEqualTo(HOOKS.name(id));
        assertThat(delivered.getAttempts()).isEqualTo(3);
        assertThat(delivered.getLastStatus()).isEqualTo(204);
        assertThat(delivered.getLastError()).isEmpty();
        assertThat(delivered.hasEndTime()).isTrue();
    }

    @Test
    void theEndpointSaysWhenToComeBack() throws Exception {
        UUID id = HOOKS.add();
        RECEIVER.answerBusy(Duration.ofHours(2));
        HOOKS.deliver(1);

        assertThat(HOOKS.store().claim("soar", 8, LEASE)).as("not due").isEmpty();
        assertThat(HOOKS.found(id).lastStatus()).isEqualTo(429);
        assertThat(Duration.between(Instant.now(), HOOKS.found(id).nextAttemptAt()))
                .isGreaterThan(Duration.ofMinutes(100));
    }

    @Test
    void afterTheLastAttemptItIsADeadLetterThatCanBeReplayed() throws Exception {
        RECEIVER.answerAlways(503, "");
        UUID first = HOOKS.add();
        UUID second = HOOKS.add();
        HOOKS.deliver(5);

        assertThat(RECEIVER.takeAll()).hasSize(6);
        assertThat(HOOKS.list(WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_DEAD))
                .extracting(WebhookDelivery::getName)
                .containsExactly(HOOKS.name(second), HOOKS.name(first));
        assertThat(HOOKS.endpoint().getDeadCount()).isEqualTo(2);
        assertThat(HOOKS.single(HOOKS.name(first)).getLastError()).isEqualTo("answered 503");

        RECEIVER.answerAlways(204, "");
        assertThat(HOOKS.replay(HOOKS.name(first))).isEqualTo(1);
        assertThat(HOOKS.replay(HOOKS.name(first))).as("it is pending").isZero();
        HOOKS.deliver(1);
        assertThat(RECEIVER.take().id()).isEqualTo(first.toString());
        refused(
                () -> HOOKS.replay(HOOKS.name(first)),
                Status.Code.FAILED_PRECONDITION,
                "was delivered");

        assertThat(HOOKS.replayAll()).isEqualTo(1);
        HOOKS.deliver(1);
        assertThat(RECEIVER.take().id()).isEqualTo(second.toString());
        assertThat(HOOKS.endpoint().getDeadCount()).isZero();
    }

    @Test
    void anEndpointThatIsGoneGetsNothingUntilItsConfigurationChanges() throws Exception {
        RECEIVER.answerAlways(410, "");
        UUID first = HOOKS.add();
        HOOKS.deliver(1);
        UUID second = HOOKS.add();
        HOOKS.deliver(3);
        HOOKS.loop().keepUp();

        assertThat(RECEIVER.takeAll()).hasSize(1);
        assertThat(HOOKS.endpoint().getState())
                .isEqualTo(WebhookEndpointState.WEBHOOK_ENDPOINT_STATE_DISABLED);
        assertThat(HOOKS.endpoint().getStateReason()).contains("410 Gone");
        assertThat(HOOKS.list(WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_DEAD))
                .extracting(WebhookDelivery::getName)
                .containsExactly(HOOKS.name(second), HOOKS.name(first));
        refused(
                () -> HOOKS.replay(HOOKS.name(second)),
                Status.Code.FAILED_PRECONDITION,
                "410 Gone");
        refused(HOOKS::replayAll, Status.Code.FAILED_PRECONDITION, "410 Gone");

        // As with another URL, events or file.
        SERVICE.postgres().execute("UPDATE webhook_disabled_endpoint SET fingerprint = 'other'");
        RECEIVER.answerAlways(204, "");
        assertThat(HOOKS.endpoint().getState())
                .isEqualTo(WebhookEndpointState.WEBHOOK_ENDPOINT_STATE_ENABLED);
        assertThat(HOOKS.replayAll()).isEqualTo(2);
        HOOKS.deliver(1);
        assertThat(RECEIVER.takeAll()).hasSize(2);
    }

    /** The process dies between the answer and the mark. */
    @Test
    void whatWasSentAndNotMarkedIsSentAgain() throws Exception {
        UUID id = HOOKS.add();
        Claim dead = HOOKS.store().claim("soar", 8, LEASE).getFirst();
        assertThat(HOOKS.sender().send(HOOKS.config(), dead.delivery()).isSuccess()).isTrue();
        assertThat(HOOKS.store().claim("soar", 8, LEASE)).as("it is leased").isEmpty();

        HOOKS.endLeases();
        HOOKS.deliver(1);

        assertThat(RECEIVER.takeAll())
                .hasSize(2)
                .allMatch(message -> message.id().equals(id.toString()));
        HOOKS.store().dead(dead, FAILED);
        assertThat(HOOKS.found(id).state()).as("too late").isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void anOlderClaimChangesNothing() {
        UUID id = HOOKS.add();
        Claim dead = HOOKS.store().claim("soar", 8, LEASE).getFirst();
        HOOKS.endLeases();
        Claim next = HOOKS.store().claim("soar", 8, LEASE).getFirst();

        HOOKS.store().dead(dead, FAILED);
        assertThat(HOOKS.found(id).state()).isEqualTo(DeliveryState.PENDING);
        HOOKS.store().delivered(next, new Outcome(204, "", ""));
        assertThat(HOOKS.found(id).state()).isEqualTo(DeliveryState.DELIVERED);
    }

    /** The other replica's transaction is open. */
    @Test
    void replicasPassOverWhatAnotherOneTakes() throws Exception {
        UUID first = HOOKS.add();
        UUID second = HOOKS.add();
        try (var connection = SERVICE.postgres().dataSource().getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    "SELECT id FROM webhook_delivery WHERE id = '" + first + "' FOR UPDATE");

            assertThat(HOOKS.store().claim("soar", 8, LEASE))
                    .extracting(claim -> claim.delivery().id())
                    .containsExactly(second);
            connection.rollback();
        }
    }

    @Test
    void aMessageOfOneNameIsThereOnce() {
        UUID id = HOOKS.add();
        HOOKS.store().add(id, "soar", HOOKS.event("actions/other"));

        assertThat(HOOKS.found(id).resource()).isEqualTo("actions/a");
    }

    @Test
    void aTransitionAndItsMessageAreBothThereOrNeither() {
        for (String table : List.of("webhook_delivery", "evidence")) {
            SERVICE.postgres()
                    .execute(
                            "ALTER TABLE "
                                    + table
                                    + " ADD CONSTRAINT broken CHECK (false) NOT VALID");
            assertThatThrownBy(WebhookDeliveryTest::request)
                    .isInstanceOf(StatusRuntimeException.class);
            SERVICE.postgres().execute("ALTER TABLE " + table + " DROP CONSTRAINT broken");

            assertThat(actions()).as(table).isZero();
            assertThat(HOOKS.store().list(Optional.empty(), Optional.empty(), null, 10)).isEmpty();
        }

        request();
        assertThat(actions()).isEqualTo(1);
        assertThat(HOOKS.store().list(Optional.empty(), Optional.empty(), null, 10))
                .singleElement()
                .satisfies(each -> assertThat(each.body()).contains("AWAITING_APPROVAL"));
    }

    @Test
    void upkeepEndsWhatNobodySendsAndForgetsWhatIsOld() throws Exception {
        UUID unknown = HOOKS.newId();
        HOOKS.store().add(unknown, "elsewhere", HOOKS.event("actions/a"));
        UUID delivered = HOOKS.add();
        HOOKS.deliver(1);
        HOOKS.loop().keepUp();
        assertThat(HOOKS.found(unknown).state()).isEqualTo(DeliveryState.PENDING);
        assertThat(HOOKS.store().find(delivered)).isPresent();

        SERVICE.postgres()
                .execute(
                        "UPDATE webhook_delivery SET created_at = created_at - interval '8 days',"
                                + " ended_at = ended_at - interval '8 days'");
        HOOKS.loop().keepUp();

        assertThat(HOOKS.found(unknown).state()).isEqualTo(DeliveryState.DEAD);
        assertThat(HOOKS.found(unknown).lastError())
                .contains("no endpoint elsewhere is configured");
        assertThat(HOOKS.store().find(delivered)).isEmpty();
        refused(
                () -> HOOKS.replay(HOOKS.name(unknown)),
                Status.Code.FAILED_PRECONDITION,
                "not configured");
    }

    @Test
    void pagesAreOfOneFilter() {
        List<String> names =
                List.of(HOOKS.name(HOOKS.add()), HOOKS.name(HOOKS.add()), HOOKS.name(HOOKS.add()));
        ListWebhookDeliveriesRequest request =
                ListWebhookDeliveriesRequest.newBuilder().setPageSize(2).build();
        ListWebhookDeliveriesResponse page = HOOKS.webhooks().listWebhookDeliveries(request);
        ListWebhookDeliveriesResponse rest =
                HOOKS.webhooks()
                        .listWebhookDeliveries(
                                request.toBuilder().setPageToken(page.getNextPageToken()).build());

        assertThat(page.getDeliveriesList())
                .extracting(WebhookDelivery::getName)
                .containsExactly(names.get(2), names.get(1));
        assertThat(rest.getDeliveriesList())
                .extracting(WebhookDelivery::getName)
                .containsExactly(names.get(0));
        assertThat(rest.getNextPageToken()).isEmpty();
        refused(
                () ->
                        HOOKS.webhooks()
                                .listWebhookDeliveries(
                                        request.toBuilder()
                                                .setFilter(
                                                        WebhookDeliveryFilter.newBuilder()
                                                                .setEndpoint(
                                                                        "webhookEndpoints/soar"))
                                                .setPageToken(page.getNextPageToken())
                                                .build()),
                Status.Code.INVALID_ARGUMENT,
                "page_token");
    }

    @Test
    void isOnlyForThoseWhoSeeEveryAccount() {
        var some = SERVICE.webhooksOf(Set.of("111122223333"));

        refused(
                () -> some.listWebhookDeliveries(ListWebhookDeliveriesRequest.getDefaultInstance()),
                Status.Code.PERMISSION_DENIED,
                "may see some only");
        refused(
                () ->
                        some.replayWebhookDeliveries(
                                ReplayWebhookDeliveriesRequest.newBuilder()
                                        .setEndpoint("webhookEndpoints/soar")
                                        .build()),
                Status.Code.PERMISSION_DENIED,
                "may see some only");
    }

    private static void request() {
        TestResponder.of(SERVICE)
                .create(
                        TestResponder.request(
                                ActionKind.ACTION_KIND_DISABLE_ACCESS_KEY,
                                ActionTarget.newBuilder()
                                        .setScope(TestService.TOKYO)
                                        .setAccessKeyId("AKIASANDBOXDEPLOY001")
                                        .build()));
    }

    private static int actions() {
        return SERVICE.actions()
                .listActions(ListActionsRequest.getDefaultInstance())
                .getActionsCount();
    }

    private static void refused(Runnable call, Status.Code code, String text) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
                .hasMessageContaining(text);
    }
}
