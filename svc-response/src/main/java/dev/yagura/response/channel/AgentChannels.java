package dev.yagura.response.channel;

import dev.yagura.common.config.Settings;
import dev.yagura.common.tls.SignedBytes;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.response.v1.AgentCommand;
import dev.yagura.proto.response.v1.SignedCommand;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Commands to the agents of hosts, for actions; the same on every replica. */
@ApplicationScoped
public class AgentChannels {
    /** What the key of this service's certificate signs here, and nothing else. */
    static final String PURPOSE = "yagura agent command v1";

    private final ChannelStore store;
    private final OpenStreams streams;
    private final TlsFiles signer;
    private final ChannelConfig config;

    @Inject
    AgentChannels(ChannelStore store, OpenStreams streams, Settings settings) {
        this.store = store;
        this.streams = streams;
        this.signer = TlsFiles.from(settings);
        this.config = ChannelConfig.from(settings);
    }

    /** Channels of an EC2 instance, live or not, the last heard first. */
    public List<AgentChannel> of(Scope scope, String instanceId) {
        return store.ofHost(AgentHellos.hostId(scope, instanceId));
    }

    /** Whether an agent beat lately. */
    public boolean isLive(UUID agentId) {
        return store.ofAgent(agentId).filter(AgentChannel::isLive).isPresent();
    }

    /** How long an agent has to take a command. */
    public Duration takeTimeout() {
        return config.takeTimeout();
    }

    /** Signs a command and keeps it for its agent; a second of the same run changes nothing. */
    public void order(AgentCommand command) {
        try {
            SignedBytes signed = SignedBytes.sign(signer, PURPOSE, command.toByteString());
            store.order(
                    UUID.fromString(command.getAgentId()),
                    command.getRunId(),
                    SignedCommand.newBuilder()
                            .setCommand(signed.content())
                            .setSignature(signed.signature())
                            .addAllCertificateChain(signed.chain())
                            .build(),
                    Instant.ofEpochSecond(command.getExpireTime().getSeconds()));
        } catch (IOException e) {
            throw new UncheckedIOException("a command to an agent cannot be signed", e);
        }
        streams.wake();
    }

    /** The command of a run. */
    public Optional<OrderedCommand> find(String runId) {
        return store.find(runId);
    }

    /** Takes a command back, unless its agent has taken it. */
    public void withdraw(String runId) {
        store.withdraw(runId);
    }
}
