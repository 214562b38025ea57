package dev.yagura.response.proposal;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.RemoteErrors;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.detection.v1.GetIncidentRequest;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentFilter;
import dev.yagura.proto.detection.v1.IncidentServiceGrpc;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.detection.v1.ListIncidentsRequest;
import dev.yagura.proto.detection.v1.ListIncidentsResponse;
import dev.yagura.proto.detection.v1.WatchIncidentsRequest;
import dev.yagura.proto.detection.v1.WatchIncidentsResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Iterator;
import java.util.function.BiConsumer;

/** yagura.detection.v1.IncidentService, over mutual TLS. */
@ApplicationScoped
class GrpcIncidents implements IncidentSource {
    private static final String DEPENDENCY = "svc-detection";
    private static final int PAGE = 100;

    private final ManagedChannel channel;
    private final IncidentServiceGrpc.IncidentServiceBlockingStub stub;

    @Inject
    GrpcIncidents(Settings settings) throws IOException {
        this.channel =
                GrpcClients.channel(
                        GrpcClientConfig.from(settings, "detection"),
                        TlsContexts.client(TlsFiles.from(settings)));
        this.stub = IncidentServiceGrpc.newBlockingStub(channel);
    }

    @Override
    public Incident get(String name) {
        try {
            return stub.getIncident(GetIncidentRequest.newBuilder().setName(name).build());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                throw new NotFoundException("incident", name);
            }
            throw RemoteErrors.translate(DEPENDENCY, e);
        }
    }

    @Override
    public Page list(String token) {
        try {
            ListIncidentsResponse response =
                    stub.listIncidents(
                            ListIncidentsRequest.newBuilder()
                                    .setPageSize(PAGE)
                                    .setPageToken(token)
                                    .setFilter(
                                            IncidentFilter.newBuilder()
                                                    .setState(IncidentState.INCIDENT_STATE_OPEN))
                                    .build());
            return new Page(
                    response.getIncidentsList(), response.getNextPageToken(), response.getCursor());
        } catch (StatusRuntimeException e) {
            throw RemoteErrors.translate(DEPENDENCY, e);
        }
    }

    @Override
    public void watch(String cursor, BiConsumer<String, Incident> receiver) {
        try {
            Iterator<WatchIncidentsResponse> changes =
                    stub.watchIncidents(
                            WatchIncidentsRequest.newBuilder().setCursor(cursor).build());
            while (changes.hasNext()) {
                WatchIncidentsResponse change = changes.next();
                receiver.accept(change.getCursor(), change.getIncident());
            }
        } catch (StatusRuntimeException e) {
            throw RemoteErrors.translate(DEPENDENCY, e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
