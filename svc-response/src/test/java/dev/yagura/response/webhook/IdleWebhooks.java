package dev.yagura.response.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.ids.Ids;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.ListWebhookDeliveriesRequest;
import dev.yagura.proto.response.v1.ListWebhookEndpointsRequest;
import dev.yagura.proto.response.v1.ReplayWebhookDeliveriesRequest;
import dev.yagura.proto.response.v1.WebhookDelivery;
import dev.yagura.proto.response.v1.WebhookDeliveryFilter;
import dev.yagura.proto.response.v1.WebhookDeliveryState;
import dev.yagura.proto.response.v1.WebhookEndpoint;
import dev.yagura.proto.response.v1.WebhookServiceGrpc.WebhookServiceBlockingStub;
import dev.yagura.response.TestService;
import dev.yagura.response.outbox.Delivery;
import dev.yagura.response.outbox.DeliveryStore;
import dev.yagura.response.outbox.Event;
import jakarta.enterprise.inject.spi.CDI;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.net.ssl.SSLContext;

/** Deliveries of a service that sends nothing by itself, to its endpoint "soar". */
record IdleWebhooks(TestService service) {
    private static final Ids IDS = new Ids(Clock.systemUTC());

    UUID newId() {
        return IDS.v7();
    }

    UUID add() {
        UUID id = newId();
        store().add(id, "soar", event("actions/a"));
        return id;
    }

    Event event(String resource) {
        return new Event("action.state_changed", resource, "111122223333", "{}");
    }

    /** So many looks, between which every pause is over. */
    void deliver(int looks) throws Exception {
        WebhookLoop loop = loop();
        for (int i = 0; i < looks; i++) {
            service.postgres()
                    .execute(
                            "UPDATE webhook_delivery SET next_attempt_at = now() - interval '1"
                                    + " second' WHERE state = 'PENDING'");
            loop.deliverDue(config());
        }
    }

    WebhookLoop loop() throws Exception {
        return new WebhookLoop(endpoints(), store(), sender());
    }

    WebhookSender sender() throws Exception {
        return new WebhookSender(endpoints().config(), SSLContext.getDefault(), Clock.systemUTC());
    }

    WebhookEndpoints endpoints() {
        return CDI.current().select(WebhookEndpoints.class).get();
    }

    DeliveryStore store() {
        return CDI.current().select(DeliveryStore.class).get();
    }

    EndpointConfig config() {
        return endpoints().find("soar").orElseThrow();
    }

    Delivery found(UUID id) {
        return store().find(id).orElseThrow();
    }

    void endLeases() {
        service.postgres()
                .execute("UPDATE webhook_delivery SET lease_until = now() - interval '1 second'");
    }

    WebhookServiceBlockingStub webhooks() {
        return service.webhooksOf(Set.of());
    }

    String name(UUID id) {
        return ResourceName.of("webhookDeliveries", id);
    }

    List<WebhookDelivery> list(WebhookDeliveryState state) {
        return webhooks()
                .listWebhookDeliveries(
                        ListWebhookDeliveriesRequest.newBuilder()
                                .setFilter(
                                        WebhookDeliveryFilter.newBuilder()
                                                .setState(state)
                                                .setEndpoint("webhookEndpoints/soar"))
                                .build())
                .getDeliveriesList();
    }

    WebhookDelivery single(WebhookDeliveryState state) {
        assertThat(list(state)).hasSize(1);
        return list(state).getFirst();
    }

    WebhookDelivery single(String name) {
        return list(WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_UNSPECIFIED).stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    WebhookEndpoint endpoint() {
        return webhooks()
                .listWebhookEndpoints(ListWebhookEndpointsRequest.getDefaultInstance())
                .getEndpoints(0);
    }

    int replay(String name) {
        return webhooks()
                .replayWebhookDeliveries(
                        ReplayWebhookDeliveriesRequest.newBuilder().addNames(name).build())
                .getReplayedCount();
    }

    int replayAll() {
        return webhooks()
                .replayWebhookDeliveries(
                        ReplayWebhookDeliveriesRequest.newBuilder()
                                .setEndpoint("webhookEndpoints/soar")
                                .build())
                .getReplayedCount();
    }
}
