package dev.yagura.inventory.agent;

import dev.yagura.inventory.access.Visibility;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Where agents are kept, with the feed of who may connect. */
interface AgentStore {

    /**
     * Which agents a client asks for.
     *
     * @param state empty means any
     * @param now that the state is judged at
     */
    record Selection(Visibility visibility, Optional<Agent.State> state, Instant now) {}

    void insert(Agent agent);

    /** Tells who follows the admissions; after every other row of the transaction. */
    void announce(UUID id);

    Optional<Agent> find(UUID id);

    /** Those that exist, by id. */
    Map<UUID, Agent> findAll(Collection<UUID> ids);

    Optional<Agent> findEnrolled(UUID tokenId, String publicKeySha256);

    /** Whether any agent with this key was revoked. */
    boolean isKeyRevoked(String publicKeySha256);

    /** Whether any agent of another host has or had this key. */
    boolean isKeyOfAnotherHost(String publicKeySha256, UUID hostId);

    /** Agents above an id, by id. */
    List<Agent> list(Selection selection, Optional<UUID> after, int limit);

    /** Agents above an id that may connect, by id. */
    List<Agent> listAdmitted(Optional<UUID> after, int limit);

    /** A later certificate for the same key, and whether its host is proven by now. */
    void renew(UUID id, Instant certificateExpireTime, boolean proven, Instant now);

    /**
     * Ends it and appends to the feed.
     *
     * @return false when it was revoked before; then nothing changed
     */
    boolean revoke(UUID id, String reason, Instant now);

    /**
     * Retires the agents of a host that may connect, and tells nobody yet.
     *
     * @return their ids
     */
    List<UUID> retireHost(UUID hostId, String reason, Instant now);
}
