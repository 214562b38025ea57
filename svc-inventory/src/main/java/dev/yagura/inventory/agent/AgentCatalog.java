package dev.yagura.inventory.agent;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.error.UnauthenticatedException;
import dev.yagura.common.ids.Ids;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.watch.ChangeFeed;
import dev.yagura.common.watch.ChangeFeeds;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.AssetCatalog;
import dev.yagura.inventory.asset.EnrolledHost;
import dev.yagura.inventory.enrollment.AgentAuthority;
import dev.yagura.inventory.enrollment.EnrollmentToken;
import dev.yagura.inventory.enrollment.EnrollmentTokens;
import dev.yagura.inventory.enrollment.InstanceProofs;
import dev.yagura.proto.inventory.v1.AgentHealth;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Admits agents, ends them, and says who they are. */
@ApplicationScoped
public class AgentCatalog {
    static final String FEED = "admissions";

    private final AgentStore store;
    private final EnrollmentTokens tokens;
    private final InstanceProofs proofs;
    private final AgentAuthority authority;
    private final AssetCatalog assets;
    private final ChangeFeeds feeds;
    private final Ids ids;
    private final Clock clock;

    @Inject
    AgentCatalog(
            AgentStore store,
            EnrollmentTokens tokens,
            InstanceProofs proofs,
            AgentAuthority authority,
            AssetCatalog assets,
            ChangeFeeds feeds,
            Ids ids,
            Clock clock) {
        this.store = store;
        this.tokens = tokens;
        this.proofs = proofs;
        this.authority = authority;
        this.assets = assets;
        this.feeds = feeds;
        this.ids = ids;
        this.clock = clock;
    }

    /** An agent that was admitted, and its certificate. */
    record Admitted(Agent agent, AgentAuthority.Issued certificate) {}

    /**
     * Admits an agent. The same key with the same token is the same agent again, whether the token
     * has uses left or not: an agent that lost the answer asks once more, and gets a new
     * certificate. On another host it is a copy, and gets none.
     */
    @Transactional
    Admitted enroll(EnrollmentRequest sent) {
        // Holds the token's row: enrolments with one token run one after another.
        EnrollmentToken token = tokens.open(sent.token());
        EnrollmentRequest request =
                proofs.of(
                                token.scope(),
                                sent.machine().instanceId(),
                                sent.signedIdentity().toByteArray())
                        .map(sent::provenBy)
                        .orElse(sent);
        EnrolledHost host =
                new EnrolledHost(
                        token.scope(),
                        request.machine().instanceId().isEmpty() ? Asset.HOST : Asset.INSTANCE,
                        request.nativeId(),
                        request.machine().hostname());
        String key = request.signingRequest().publicKeySha256();
        if (store.isKeyRevoked(key)) {
            throw new UnauthenticatedException(
                    "the agent of this key was revoked; enrol with a new key");
        }
        if (store.isKeyOfAnotherHost(key, host.id())) {
            throw new UnauthenticatedException(
                    "this key is another host's, whose disk was copied; enrol with a new key");
        }
        Optional<Agent> known = store.findEnrolled(token.id(), key);
        return known.isPresent() ? again(known.get(), request) : first(token, host, request);
    }

    private Admitted again(Agent agent, EnrollmentRequest request) {
        AgentAuthority.Issued certificate = authority.issue(agent.id(), request.signingRequest());
        boolean proven = agent.proven() || request.proven();
        store.renew(agent.id(), certificate.expireTime(), proven, clock.instant());
        return new Admitted(store.find(agent.id()).orElseThrow(), certificate);
    }

    private Admitted first(EnrollmentToken token, EnrolledHost host, EnrollmentRequest request) {
        tokens.use(token);
        UUID id = ids.v7();
        AgentAuthority.Issued certificate = authority.issue(id, request.signingRequest());
        Instant now = clock.instant();
        Agent agent =
                new Agent(
                        id,
                        host.id(),
                        token.scope(),
                        token.id(),
                        request.signingRequest().publicKeySha256(),
                        request.machine(),
                        request.proven(),
                        request.version(),
                        now,
                        certificate.expireTime(),
                        null,
                        AgentHealth.getDefaultInstance(),
                        null,
                        null,
                        null,
                        "",
                        false,
                        now);
        // Rows first, feeds last and by name: "admissions", then "assets".
        store.insert(agent);
        assets.enrolled(id, host);
        store.announce(id);
        assets.announce(host.id());
        return new Admitted(agent, certificate);
    }

    Agent get(UUID id, Visibility visibility) {
        return store.find(id)
                .filter(agent -> visibility.covers(agent.scope().getAccountId()))
                .orElseThrow(() -> new NotFoundException("agent", ResourceName.of("agents", id)));
    }

    List<Agent> list(AgentStore.Selection selection, Optional<UUID> after, int limit) {
        return store.list(selection, after, limit);
    }

    /** Ends an agent; of one that was revoked before, reason and time stay. */
    Agent revoke(UUID id, String reason, Visibility visibility) {
        get(id, visibility); // fails for what the caller may not see
        store.revoke(id, reason, clock.instant());
        return get(id, visibility);
    }

    /**
     * Takes a host outside EC2 out of the inventory, with all its agents.
     *
     * @param id of one of them
     */
    @Transactional
    Agent retire(UUID id, String reason, Visibility visibility) {
        Agent agent = get(id, visibility);
        if (!agent.machine().instanceId().isEmpty()) {
            throw new PreconditionFailedException(
                    agent.machine().instanceId(),
                    "an instance retires its agents when EC2 says that it is gone;"
                            + " ./yagura agents revoke ends one before");
        }
        List<UUID> retired = store.retireHost(agent.hostId(), reason, clock.instant());
        boolean gone = assets.retired(agent.hostId());
        retired.forEach(store::announce);
        if (gone) {
            assets.announce(agent.hostId());
        }
        return get(id, visibility);
    }

    /**
     * Fails unless the agent may report.
     *
     * @throws UnauthenticatedException unknown or revoked
     */
    void requireAdmitted(UUID id) {
        if (store.find(id).filter(agent -> !agent.isRevoked()).isEmpty()) {
            throw revoked();
        }
    }

    static UnauthenticatedException revoked() {
        return new UnauthenticatedException("the agent is revoked or unknown; enrol again");
    }

    /** Those that exist, by id. */
    public Map<UUID, Agent> load(List<UUID> agentIds) {
        return store.findAll(agentIds);
    }

    /** Agents that may connect, above an id. */
    List<Agent> admitted(Optional<UUID> after, int limit) {
        return store.listAdmitted(after, limit);
    }

    /** Those of the agents that may not report. */
    List<UUID> revoked(List<UUID> agentIds) {
        Map<UUID, Agent> found = store.findAll(agentIds);
        return agentIds.stream()
                .filter(id -> !found.containsKey(id) || found.get(id).isRevoked())
                .toList();
    }

    ChangeFeed feed() {
        return feeds.feed(FEED);
    }
}
