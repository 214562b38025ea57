package dev.yagura.cli;

import dev.yagura.proto.response.v1.ListWebhookDeliveriesRequest;
import dev.yagura.proto.response.v1.ListWebhookDeliveriesResponse;
import dev.yagura.proto.response.v1.ListWebhookEndpointsRequest;
import dev.yagura.proto.response.v1.ListWebhookEndpointsResponse;
import dev.yagura.proto.response.v1.ReplayWebhookDeliveriesRequest;
import dev.yagura.proto.response.v1.ReplayWebhookDeliveriesResponse;
import dev.yagura.proto.response.v1.WebhookDelivery;
import dev.yagura.proto.response.v1.WebhookDeliveryState;
import dev.yagura.proto.response.v1.WebhookEndpoint;
import dev.yagura.proto.response.v1.WebhookEndpointState;
import dev.yagura.proto.response.v1.WebhookServiceGrpc;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** One endpoint, which is disabled, with one dead letter. */
final class CannedWebhooks extends WebhookServiceGrpc.WebhookServiceImplBase {
    final List<ListWebhookDeliveriesRequest> listed = new ArrayList<>();
    final List<ReplayWebhookDeliveriesRequest> replayed = new ArrayList<>();

    @Override
    public void listWebhookEndpoints(
            ListWebhookEndpointsRequest request,
            StreamObserver<ListWebhookEndpointsResponse> observer) {
        observer.onNext(
                ListWebhookEndpointsResponse.newBuilder()
                        .addEndpoints(
                                WebhookEndpoint.newBuilder()
                                        .setName("webhookEndpoints/soar")
                                        .setOrigin("https://soar.example")
                                        .addEventTypes("action.state_changed")
                                        .setState(
                                                WebhookEndpointState
                                                        .WEBHOOK_ENDPOINT_STATE_DISABLED)
                                        .setStateReason("it answered 410 Gone")
                                        .setDeadCount(1))
                        .build());
        observer.onCompleted();
    }

    @Override
    public void listWebhookDeliveries(
            ListWebhookDeliveriesRequest request,
            StreamObserver<ListWebhookDeliveriesResponse> observer) {
        listed.add(request);
        observer.onNext(
                ListWebhookDeliveriesResponse.newBuilder()
                        .addDeliveries(
                                WebhookDelivery.newBuilder()
                                        .setName("webhookDeliveries/d-1")
                                        .setEndpoint("webhookEndpoints/soar")
                                        .setType("action.state_changed")
                                        .setResource("actions/a-1")
                                        .setState(WebhookDeliveryState.WEBHOOK_DELIVERY_STATE_DEAD)
                                        .setAttempts(10)
                                        .setLastError("answered 503"))
                        .build());
        observer.onCompleted();
    }

    @Override
    public void replayWebhookDeliveries(
            ReplayWebhookDeliveriesRequest request,
            StreamObserver<ReplayWebhookDeliveriesResponse> observer) {
        replayed.add(request);
        observer.onNext(ReplayWebhookDeliveriesResponse.newBuilder().setReplayedCount(1).build());
        observer.onCompleted();
    }
}
