package dev.yagura.inventory.coverage;

import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_DUPLICATE;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_KEY_SHARED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_REVOKED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_SILENT;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_INSTANCE_STALE;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_NO_AGENT;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SENSOR_DEGRADED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SSM_CONNECTION_LOST;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SSM_NOT_MANAGED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SSM_UNREAD;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_GAP;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_NOT_RUNNING;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_PROTECTED;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_UNKNOWN;

import dev.yagura.inventory.agent.Agent;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.reconcile.ManagedNode;
import dev.yagura.inventory.reconcile.NodeKnowledge;
import dev.yagura.proto.inventory.v1.CoverageReason;
import dev.yagura.proto.inventory.v1.CoverageStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says where a host stands, by what is known of it at one moment.
 *
 * <p>An instance should run an agent that reports and names no problem, and be online in Systems
 * Manager; a host outside EC2 should run such an agent. Only a running instance can have a gap: on
 * one that is stopped no agent could live. EC2's word that it runs counts while it is fresh; later
 * only a live agent shows that it still does.
 */
final class CoverageDecision {
    private static final String RUNNING = "running";

    private final Facts facts;
    private final Instant now;
    private final Duration staleAfter;
    private final Remedies remedies;
    private final List<Finding> gaps = new ArrayList<>();
    private final List<Finding> unknowns = new ArrayList<>();

    private CoverageDecision(Facts facts, Instant now, Duration staleAfter) {
        this.facts = facts;
        this.now = now;
        this.staleAfter = staleAfter;
        this.remedies = new Remedies(facts.asset());
    }

    /**
     * Decides.
     *
     * @param staleAfter what was read from AWS longer ago is not known any more
     */
    static Coverage of(Facts facts, Instant now, Duration staleAfter) {
        return new CoverageDecision(facts, now, staleAfter).decide();
    }

    private Coverage decide() {
        Asset asset = facts.asset();
        Optional<Agent> agent = judged();
        if (!asset.resourceType().equals(Asset.INSTANCE)) {
            judge(agent);
        } else if (isStale(asset.observedTime())) {
            unknowns.add(
                    new Finding(
                            COVERAGE_REASON_INSTANCE_STALE,
                            asset.observedTime(),
                            "EC2 was last read at " + asset.observedTime(),
                            remedies.readAgain()));
            agent.filter(this::isConnected).ifPresent(this::judgeConnected);
        } else if (asset.instanceState().equals(RUNNING)) {
            judge(agent);
            judgeNode();
        } else {
            return coverage(COVERAGE_STANDING_NOT_RUNNING, agent);
        }
        if (!gaps.isEmpty()) {
            return coverage(COVERAGE_STANDING_GAP, agent);
        }
        return coverage(
                unknowns.isEmpty() ? COVERAGE_STANDING_PROTECTED : COVERAGE_STANDING_UNKNOWN,
                agent);
    }

    private Coverage coverage(CoverageStanding standing, Optional<Agent> agent) {
        return new Coverage(
                facts.asset(), standing, agent.map(Agent::id).orElse(null), gaps, unknowns);
    }

    /**
     * The agent that speaks for the host: the one heard last, else the one that enrolled last. One
     * that was revoked speaks only where no other is, and one that is not proven only where no
     * proven one is: else whoever has a token could report in the place of an agent that he ended.
     */
    private Optional<Agent> judged() {
        return facts.agents().stream()
                .max(
                        Comparator.comparing((Agent agent) -> !agent.isRevoked())
                                .thenComparing(Agent::proven)
                                .thenComparing(CoverageDecision::heard)
                                .thenComparing(Agent::enrollTime));
    }

    private static Instant heard(Agent agent) {
        return Objects.requireNonNullElse(agent.lastHeartbeatTime(), Instant.EPOCH);
    }

    private boolean isConnected(Agent agent) {
        return agent.state(now) == Agent.State.CONNECTED;
    }

    private void judge(Optional<Agent> agent) {
        if (agent.isEmpty()) {
            gap(COVERAGE_REASON_NO_AGENT, null, "no agent has enrolled for it", remedies.enroll());
            return;
        }
        Agent judged = agent.get();
        switch (judged.state(now)) {
            case CONNECTED -> judgeConnected(judged);
            case SILENT ->
                    gap(
                            COVERAGE_REASON_AGENT_SILENT,
                            judged.lastHeartbeatTime(),
                            "last heartbeat at " + judged.lastHeartbeatTime(),
                            remedies.startAgent());
            case ENROLLED ->
                    gap(
                            COVERAGE_REASON_AGENT_SILENT,
                            judged.enrollTime(),
                            "no heartbeat since it enrolled at " + judged.enrollTime(),
                            remedies.startAgent());
            case REVOKED, RETIRED ->
                    gap(
                            COVERAGE_REASON_AGENT_REVOKED,
                            judged.revokeTime(),
                            (judged.retired() ? "retired: " : "revoked: ") + judged.revokeReason(),
                            remedies.enrollAgain());
        }
    }

    private void judgeConnected(Agent agent) {
        if (agent.sharedKeySince() != null) {
            gap(
                    COVERAGE_REASON_AGENT_KEY_SHARED,
                    agent.sharedKeySince(),
                    "hosts of different boots report as agents/" + agent.id(),
                    remedies.separate(agent.id()));
        }
        judgeAlone();
        judgeHealth(agent);
    }

    /**
     * An agent that enrols again ends the one before within moments; two that go on reporting are
     * of one host that runs both, or one of them is somebody else's.
     */
    private void judgeAlone() {
        List<Agent> reporting = facts.agents().stream().filter(this::isConnected).toList();
        Instant last =
                reporting.stream()
                        .map(Agent::enrollTime)
                        .max(Comparator.naturalOrder())
                        .orElse(Instant.MAX.minus(Agent.SILENCE));
        List<String> names =
                reporting.stream()
                        .filter(each -> heard(each).isAfter(last.plus(Agent.SILENCE)))
                        .map(each -> "agents/" + each.id() + (each.proven() ? "" : " (not proven)"))
                        .sorted()
                        .toList();
        if (names.size() > 1) {
            gap(
                    COVERAGE_REASON_AGENT_DUPLICATE,
                    last,
                    String.join(" and ", names) + " report for it",
                    remedies.endDuplicate());
        }
    }

    private void judgeHealth(Agent agent) {
        List<String> problems = agent.health().getProblemsList();
        if (!problems.isEmpty()) {
            gap(
                    COVERAGE_REASON_SENSOR_DEGRADED,
                    Objects.requireNonNullElse(agent.degradedSince(), heard(agent)),
                    String.join("; ", problems),
                    remedies.repairAgent(agent.id()));
        }
    }

    private void judgeNode() {
        @Nullable NodeKnowledge nodes = facts.nodes();
        ManagedNode node = facts.node();
        Instant read = nodes == null ? null : nodes.observedTime();
        if (read == null || isStale(read)) {
            String last = read == null ? "was never read" : "was last read at " + read;
            String failure =
                    nodes == null || nodes.failure().isEmpty() ? "" : ": " + nodes.failure();
            unread(read, "Systems Manager " + last + failure);
        } else if (read.isBefore(launched())) {
            unread(launched(), "Systems Manager was not read since the instance was started");
        } else if (node == null || !node.isManaged()) {
            gap(
                    COVERAGE_REASON_SSM_NOT_MANAGED,
                    node == null ? Objects.requireNonNull(nodes).firstTime() : node.absentTime(),
                    "Systems Manager does not have it; "
                            + (profile().isEmpty()
                                    ? "it has no instance profile"
                                    : "its instance profile is " + profile()),
                    remedies.manage());
        } else if (!node.isOnline()) {
            gap(
                    COVERAGE_REASON_SSM_CONNECTION_LOST,
                    node.lastPingTime(),
                    "Systems Manager says %s, last ping at %s"
                            .formatted(node.pingStatus(), node.lastPingTime()),
                    remedies.reconnect());
        }
    }

    private void unread(@Nullable Instant since, String detail) {
        unknowns.add(
                new Finding(
                        COVERAGE_REASON_SSM_UNREAD, since, detail, remedies.readSystemsManager()));
    }

    /** What was missing before an instance was started last says nothing about it. */
    private void gap(CoverageReason reason, @Nullable Instant since, String detail, String remedy) {
        Instant began = since == null || since.isBefore(launched()) ? launched() : since;
        gaps.add(new Finding(reason, began.equals(Instant.EPOCH) ? null : began, detail, remedy));
    }

    private String profile() {
        return facts.asset().description().getInstanceProfileArn();
    }

    /** When EC2 started it last; the epoch where that is not known. */
    private Instant launched() {
        var time = facts.asset().description().getLaunchTime();
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    private boolean isStale(Instant read) {
        return read.isBefore(now.minus(staleAfter));
    }
}
