package dev.yagura.response.channel;

import dev.yagura.proto.response.v1.AgentCommandResult;
import dev.yagura.proto.response.v1.SignedCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Rows of channels and of commands. Times are the database's. */
interface ChannelStore {

    /** A stream of an agent in a process. */
    record Stream(UUID agentId, UUID streamId) {}

    /**
     * What an agent said when its stream began.
     *
     * @param documents a line for each: name and SHA-256
     */
    record Opened(
            Stream stream,
            UUID replicaId,
            UUID hostId,
            String version,
            String bootId,
            boolean root,
            String documents) {}

    /** That an agent lives, and where its connection leads. */
    record Beat(Stream stream, String gatewayAddress) {}

    /** A command that an agent of this process is to get. */
    record Due(UUID agentId, String runId, SignedCommand command) {}

    /** The agent's row is this stream's from now on. */
    void open(Opened opened);

    /** Notes beats; those whose row is still theirs. */
    Set<Stream> beat(Collection<Beat> beats);

    /** Its row is gone, unless a newer stream has it. */
    void close(Stream stream);

    /** Channels of a host, the last heard first. */
    List<AgentChannel> ofHost(UUID hostId);

    /** Channel of an agent. */
    Optional<AgentChannel> ofAgent(UUID agentId);

    /** Keeps a command to be delivered; the first of a run counts. */
    void order(UUID agentId, String runId, SignedCommand command, Instant expireTime);

    Optional<OrderedCommand> find(String runId);

    /** Takes it back, unless the agent has taken it. */
    void withdraw(String runId);

    /** What agents with a stream in a process are to get, oldest first. */
    List<Due> due(UUID replicaId, int most);

    /** The agent has it. */
    void taken(UUID agentId, String runId);

    /**
     * Keeps a result; the first of a run counts.
     *
     * @return false when the agent was never given such a command
     */
    boolean ended(UUID agentId, AgentCommandResult result);

    /** Forgets what is older. */
    void forget(Duration commands, Duration channels);
}
