package dev.yagura.response.webhook;

import com.google.protobuf.Timestamp;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.paging.PageSize;
import dev.yagura.common.paging.PageTokens;
import dev.yagura.proto.response.v1.ListWebhookDeliveriesRequest;
import dev.yagura.proto.response.v1.ListWebhookDeliveriesResponse;
import dev.yagura.proto.response.v1.ListWebhookEndpointsRequest;
import dev.yagura.proto.response.v1.ListWebhookEndpointsResponse;
import dev.yagura.proto.response.v1.ReplayWebhookDeliveriesRequest;
import dev.yagura.proto.response.v1.ReplayWebhookDeliveriesResponse;
import dev.yagura.proto.response.v1.WebhookDelivery;
import dev.yagura.proto.response.v1.WebhookDeliveryFilter;
import dev.yagura.proto.response.v1.WebhookDeliveryState;
import dev.yagura.proto.response.v1.WebhookEndpoint;
import dev.yagura.proto.response.v1.WebhookEndpointState;
import dev.yagura.proto.response.v1.WebhookServiceGrpc;
import dev.yagura.response.outbox.Delivery;
import dev.yagura.response.outbox.DeliveryState;
import dev.yagura.response.outbox.DeliveryStore;
import dev.yagura.response.outbox.DeliveryStore.Counts;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** yagura.response.v1.WebhookService. */
@ApplicationScoped
public class WebhooksEndpoint extends WebhookServiceGrpc.WebhookServiceImplBase {
    private static final String DELIVERIES = "webhookDeliveries";
    private static final String ENDPOINTS = "webhookEndpoints/";
    private static final String STATE_PREFIX = "WEBHOOK_DELIVERY_STATE_";
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 500;
    private static final int MOST_NAMES = 100;

    private final WebhookEndpoints endpoints;
    private final DeliveryStore store;

    @Inject
    WebhooksEndpoint(WebhookEndpoints endpoints, DeliveryStore store) {
        this.endpoints = endpoints;
        this.store = store;
    }

    @Override
    public void listWebhookEndpoints(
            ListWebhookEndpointsRequest request,
            StreamObserver<ListWebhookEndpointsResponse> observer) {
        Replies.unary(
                observer,
                () -> {
                    requireEveryAccount();
                    Map<String, Counts> counts = store.counts();
                    return ListWebhookEndpointsResponse.newBuilder()
                            .addAllEndpoints(
                                    endpoints.all().stream()
                                            .map(each -> endpoint(each, counts))
                                            .toList())
                            .build();
                });
    }

    @Override
    public void listWebhookDeliveries(
            ListWebhookDeliveriesRequest request,
            StreamObserver<ListWebhookDeliveriesResponse> observer) {
        Replies.unary(
                observer,
                () -> {
                    requireEveryAccount();
                    return list(request);
                });
    }

    @Override
    public void replayWebhookDeliveries(
            ReplayWebhookDeliveriesRequest request,
            StreamObserver<ReplayWebhookDeliveriesResponse> observer) {
        Replies.unary(
                observer,
                () -> {
                    requireEveryAccount();
                    return ReplayWebhookDeliveriesResponse.newBuilder()
                            .setReplayedCount(replay(request))
                            .build();
                });
    }

    private static void requireEveryAccount() {
        Principal caller = Callers.current();
        if (!caller.seesEveryAccount()) {
            throw new PermissionDeniedException(
                    "webhooks tell of every account, and "
                            + caller.displayName()
                            + " may see some only");
        }
    }

    private ListWebhookDeliveriesResponse list(ListWebhookDeliveriesRequest request) {
        WebhookDeliveryFilter filter = request.getFilter();
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
        PageTokens tokens =
                PageTokens.of(
                        "yagura.response.v1.WebhookService/ListWebhookDeliveries",
                        filter.toByteArray(),
                        "id desc");
        @Nullable UUID after =
                tokens.read(request.getPageToken()).map(key -> key.uuid(0)).orElse(null);
        Optional<String> endpoint =
                filter.getEndpoint().isEmpty()
                        ? Optional.empty()
                        : Optional.of(endpointName("filter.endpoint", filter.getEndpoint()));
        List<Delivery> deliveries = store.list(state(filter.getState()), endpoint, after, size + 1);
        ListWebhookDeliveriesResponse.Builder response =
                ListWebhookDeliveriesResponse.newBuilder()
                        .addAllDeliveries(
                                deliveries.stream()
                                        .limit(size)
                                        .map(WebhooksEndpoint::delivery)
                                        .toList());
        if (deliveries.size() > size) {
            response.setNextPageToken(tokens.next(deliveries.get(size - 1).id().toString()));
        }
        return response.build();
    }

    private int replay(ReplayWebhookDeliveriesRequest request) {
        if (request.getNamesList().isEmpty() == request.getEndpoint().isEmpty()) {
            throw new InvalidFieldException(
                    "names", "and endpoint are both set, or both empty", "send one of them");
        }
        if (!request.getEndpoint().isEmpty()) {
            String endpoint = endpointName("endpoint", request.getEndpoint());
            requireEnabled(endpoint);
            return store.replay(endpoint);
        }
        if (request.getNamesCount() > MOST_NAMES) {
            throw new InvalidFieldException("names", "are more than 100", "send fewer");
        }
        List<UUID> ids =
                request.getNamesList().stream()
                        .map(name -> ResourceName.parse("names", DELIVERIES, name))
                        .distinct()
                        .toList();
        ids.forEach(this::requireReplayable);
        return store.replay(ids);
    }

    private void requireReplayable(UUID id) {
        String name = ResourceName.of(DELIVERIES, id);
        Delivery delivery =
                store.find(id).orElseThrow(() -> new NotFoundException("delivery", name));
        if (delivery.state() == DeliveryState.DELIVERED) {
            throw new PreconditionFailedException(name, "was delivered; only dead letters are not");
        }
        requireEnabled(delivery.endpoint());
    }

    private void requireEnabled(String name) {
        EndpointConfig endpoint =
                endpoints
                        .find(name)
                        .orElseThrow(() ->
                                new PreconditionFailedException(
                                        ENDPOINTS + name,
                                        "is not configured; configured: " + endpoints.names()));
        endpoints
                .disabled(endpoint)
                .ifPresent(each -> {
                    throw new PreconditionFailedException(ENDPOINTS + name, each.reason());
                });
    }

    private static String endpointName(String field, String name) {
        if (!name.startsWith(ENDPOINTS)) {
            throw new InvalidFieldException(
                    field, "is not the name of an endpoint", "send \"" + ENDPOINTS + "{name}\"");
        }
        return name.substring(ENDPOINTS.length());
    }

    private WebhookEndpoint endpoint(EndpointConfig endpoint, Map<String, Counts> counts) {
        Counts count = counts.getOrDefault(endpoint.name(), new Counts(0, 0));
        WebhookEndpoint.Builder message =
                WebhookEndpoint.newBuilder()
                        .setName(ENDPOINTS + endpoint.name())
                        .setOrigin(endpoint.origin())
                        .addAllEventTypes(endpoint.eventTypes())
                        .setState(WebhookEndpointState.WEBHOOK_ENDPOINT_STATE_ENABLED)
                        .setPendingCount(count.pending())
                        .setDeadCount(count.dead());
        endpoints
                .disabled(endpoint)
                .ifPresent(disabled ->
                        message.setState(WebhookEndpointState.WEBHOOK_ENDPOINT_STATE_DISABLED)
                                .setStateReason(disabled.reason())
                                .setDisableTime(timestamp(disabled.since())));
        return message.build();
    }

    private static WebhookDelivery delivery(Delivery delivery) {
        WebhookDelivery.Builder message =
                WebhookDelivery.newBuilder()
                        .setName(ResourceName.of(DELIVERIES, delivery.id()))
                        .setEndpoint(ENDPOINTS + delivery.endpoint())
                        .setType(delivery.type())
                        .setResource(delivery.resource())
                        .setAccountId(delivery.accountId())
                        .setState(WebhookDeliveryState.valueOf(STATE_PREFIX + delivery.state()))
                        .setAttempts(delivery.attempts())
                        .setLastStatus(delivery.lastStatus())
                        .setLastError(delivery.lastError())
                        .setCreateTime(timestamp(delivery.createdAt()));
        if (delivery.state() == DeliveryState.PENDING) {
            message.setNextAttemptTime(timestamp(delivery.nextAttemptAt()));
        }
        delivery.endedAt().ifPresent(time -> message.setEndTime(timestamp(time)));
        return message.build();
    }

    private static Optional<DeliveryState> state(WebhookDeliveryState state) {
        return switch (state) {
            case WEBHOOK_DELIVERY_STATE_UNSPECIFIED -> Optional.empty();
            case WEBHOOK_DELIVERY_STATE_PENDING -> Optional.of(DeliveryState.PENDING);
            case WEBHOOK_DELIVERY_STATE_DELIVERED -> Optional.of(DeliveryState.DELIVERED);
            case WEBHOOK_DELIVERY_STATE_DEAD -> Optional.of(DeliveryState.DEAD);
            case UNRECOGNIZED ->
                    throw new InvalidFieldException(
                            "filter.state", "is no state", "send one that the contract has");
        };
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
