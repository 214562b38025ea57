package dev.yagura.inventory.agent;

import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.ServerStreams;
import dev.yagura.common.grpc.WatchSink;
import dev.yagura.common.identity.Principal;
import dev.yagura.proto.inventory.v1.AgentAdmissionServiceGrpc;
import dev.yagura.proto.inventory.v1.WatchAdmissionsRequest;
import dev.yagura.proto.inventory.v1.WatchAdmissionsResponse;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** yagura.inventory.v1.AgentAdmissionService. */
@ApplicationScoped
class AdmissionEndpoint extends AgentAdmissionServiceGrpc.AgentAdmissionServiceImplBase {
    private static final String GATEWAY = "gateway";
    private static final int PAGE = 500;

    private final AgentCatalog agents;

    @Inject
    AdmissionEndpoint(AgentCatalog agents) {
        this.agents = agents;
    }

    @Override
    public void watchAdmissions(
            WatchAdmissionsRequest request, StreamObserver<WatchAdmissionsResponse> observer) {
        requireGateway(Callers.current());
        ServerStreams.<WatchAdmissionsResponse>serve(
                observer,
                sink -> {
                    String cursor =
                            request.getCursor().isEmpty() ? snapshot(sink) : request.getCursor();
                    agents.feed()
                            .watcher()
                            .watch(
                                    cursor,
                                    agents::load,
                                    new WatchSink<>(
                                            sink,
                                            AdmissionEndpoint::message,
                                            next -> message(next, null)));
                });
    }

    /**
     * Sends every agent that may connect. None of these has a cursor: who loses the stream before
     * the snapshot is complete starts again.
     *
     * @return where the changes go on
     */
    private String snapshot(ServerStreams.Sink<WatchAdmissionsResponse> sink)
            throws InterruptedException {
        // Before the list: who is revoked meanwhile is in the changes.
        String cursor = agents.feed().cursor();
        Optional<UUID> after = Optional.empty();
        List<Agent> page;
        do {
            page = agents.admitted(after, PAGE);
            for (Agent agent : page) {
                sink.send(message("", agent));
                after = Optional.of(agent.id());
            }
        } while (page.size() == PAGE);
        sink.send(
                WatchAdmissionsResponse.newBuilder()
                        .setCursor(cursor)
                        .setSnapshotComplete(true)
                        .build());
        return cursor;
    }

    private static WatchAdmissionsResponse message(String cursor, @Nullable Agent agent) {
        WatchAdmissionsResponse.Builder message =
                WatchAdmissionsResponse.newBuilder().setCursor(cursor);
        if (agent != null) {
            message.setAdmission(AgentProtos.admission(agent));
        }
        return message.build();
    }

    private static void requireGateway(Principal principal) {
        if (!principal.isService() || !principal.id().equals(GATEWAY)) {
            throw new PermissionDeniedException("this method is the gateway's");
        }
    }
}
