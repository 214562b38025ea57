package dev.yagura.bench.demo;

import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.AlertFilter;
import dev.yagura.proto.detection.v1.AlertServiceGrpc;
import dev.yagura.proto.detection.v1.GetIncidentRequest;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentFilter;
import dev.yagura.proto.detection.v1.IncidentServiceGrpc;
import dev.yagura.proto.detection.v1.ListAlertsRequest;
import dev.yagura.proto.detection.v1.ListIncidentsRequest;
import dev.yagura.proto.inventory.v1.Agent;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.CreateEnrollmentTokenRequest;
import dev.yagura.proto.inventory.v1.ListAgentsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionFilter;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionServiceGrpc;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.ApproveActionRequest;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.GetActionRequest;
import dev.yagura.proto.response.v1.ListActionsRequest;
import dev.yagura.proto.response.v1.UndoActionRequest;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The public API as the demo uses it: through the gateway, with the administrator's token. */
final class PublicApi implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final ManagedChannel channel;
    private final AgentServiceGrpc.AgentServiceBlockingStub agents;
    private final AssetServiceGrpc.AssetServiceBlockingStub assets;
    private final AlertServiceGrpc.AlertServiceBlockingStub alerts;
    private final IncidentServiceGrpc.IncidentServiceBlockingStub incidents;
    private final ActionServiceGrpc.ActionServiceBlockingStub actions;

    PublicApi(InetSocketAddress gateway, Path authority, Path tokenFile) throws IOException {
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + Files.readString(tokenFile).strip());
        channel =
                GrpcClients.channel(
                        new GrpcClientConfig(List.of(gateway), DEADLINE),
                        TlsContexts.clientWithoutCertificate(authority));
        Channel authorized =
                ClientInterceptors.intercept(
                        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
        agents = AgentServiceGrpc.newBlockingStub(authorized);
        assets = AssetServiceGrpc.newBlockingStub(authorized);
        alerts = AlertServiceGrpc.newBlockingStub(authorized);
        incidents = IncidentServiceGrpc.newBlockingStub(authorized);
        actions = ActionServiceGrpc.newBlockingStub(authorized);
    }

    String enrollmentToken(Scope scope, int uses) {
        return agents.createEnrollmentToken(
                        CreateEnrollmentTokenRequest.newBuilder()
                                .setScope(scope)
                                .setMaxUses(uses)
                                .setDescription("demo")
                                .build())
                .getSecret();
    }

    List<Agent> agents() {
        return agents.listAgents(ListAgentsRequest.getDefaultInstance()).getAgentsList();
    }

    List<Asset> instances() {
        return assets.listAssets(
                        ListAssetsRequest.newBuilder()
                                .setFilter(
                                        AssetFilter.newBuilder()
                                                .setResourceType("AWS::EC2::Instance"))
                                .build())
                .getAssetsList();
    }

    List<Alert> alerts(String instance) {
        return alerts.listAlerts(
                        ListAlertsRequest.newBuilder()
                                .setPageSize(500)
                                .setFilter(AlertFilter.newBuilder().setInstanceId(instance))
                                .build())
                .getAlertsList();
    }

    /** Incidents of a host, merged ones left out. */
    List<Incident> incidents(String instance) {
        return incidents
                .listIncidents(
                        ListIncidentsRequest.newBuilder()
                                .setFilter(IncidentFilter.newBuilder().setInstanceId(instance))
                                .build())
                .getIncidentsList()
                .stream()
                .filter(incident -> incident.getMergedInto().isEmpty())
                .toList();
    }

    Incident incident(String name) {
        return incidents.getIncident(GetIncidentRequest.newBuilder().setName(name).build());
    }

    Optional<Action> proposal(String instance) {
        return actions
                .listActions(
                        ListActionsRequest.newBuilder()
                                .setFilter(
                                        ActionFilter.newBuilder()
                                                .setInstanceId(instance)
                                                .setState(ActionState.ACTION_STATE_PROPOSED))
                                .build())
                .getActionsList()
                .stream()
                .findFirst();
    }

    Action plan(ActionTarget target) {
        return actions.createAction(
                CreateActionRequest.newBuilder()
                        .setKind(ActionKind.ACTION_KIND_ISOLATE_INSTANCE)
                        .setTarget(target)
                        .setValidateOnly(true)
                        .build());
    }

    Action approve(String name) {
        return actions.approveAction(ApproveActionRequest.newBuilder().setName(name).build());
    }

    Action undo(String name) {
        return actions.undoAction(
                UndoActionRequest.newBuilder().setName(name).setReason("end of the demo").build());
    }

    Action action(String name) {
        return actions.getAction(GetActionRequest.newBuilder().setName(name).build());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
