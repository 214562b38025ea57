package dev.yagura.response.channel;

import dev.yagura.common.grpc.Callers;
import dev.yagura.proto.response.v1.AgentCommandServiceGrpc;
import dev.yagura.proto.response.v1.ReceiveCommandsRequest;
import dev.yagura.proto.response.v1.ReceiveCommandsResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** yagura.response.v1.AgentCommandService. */
@ApplicationScoped
class AgentCommandEndpoint extends AgentCommandServiceGrpc.AgentCommandServiceImplBase {
    private final ChannelStore store;
    private final OpenStreams streams;

    @Inject
    AgentCommandEndpoint(ChannelStore store, OpenStreams streams) {
        this.store = store;
        this.streams = streams;
    }

    @Override
    public StreamObserver<ReceiveCommandsRequest> receiveCommands(
            StreamObserver<ReceiveCommandsResponse> observer) {
        CommandStreamEndpoint stream =
                new CommandStreamEndpoint(
                        (ServerCallStreamObserver<ReceiveCommandsResponse>) observer,
                        Callers.current().requireAgent(),
                        store,
                        streams);
        stream.askForNext();
        return stream;
    }
}
