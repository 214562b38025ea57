package dev.yagura.inventory.coverage;

import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_DUPLICATE;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_KEY_SHARED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_OUTDATED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_REVOKED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_SILENT;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_GUARDDUTY_OFF;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_GUARDDUTY_UNREAD;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_NOT_RECORDED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_NO_AGENT;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SENSOR_DEGRADED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SSM_CONNECTION_LOST;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SSM_NOT_MANAGED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_UNSUPPORTED_KIND;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_GAP;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_NOT_RUNNING;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_PROTECTED;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_UNKNOWN;

import dev.yagura.inventory.agent.Agent;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.reconcile.ManagedNode;
import dev.yagura.inventory.reconcile.NodeKnowledge;
import dev.yagura.proto.inventory.v1.CoverageStanding;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says where a host, task or function stands, by what is known of it at one moment.
 *
 * <p>An instance should run an agent that reports and names no problem, and be online in Systems
 * Manager; a host outside EC2 should run such an agent. Only a running instance can have a gap: on
 * one that is stopped no agent could live. EC2's word that it runs counts while it is fresh; later
 * only a live agent shows that it still does. A task on an instance is as protected as its host by
 * that one's agent; what cannot run an agent at all is a gap, so that nobody believes it watched.
 */
final class CoverageDecision {
    private static final String RUNNING = "running";
    private static final String FARGATE = "FARGATE";

    private final Facts facts;
    private final Instant now;
    private final CoverageConfig config;
    private final Remedies remedies;
    private final GuardDutyView guardDuty;
    private final Findings findings;

    /** What there is to protect, and who says that it is there. */
    private enum Kind {
        INSTANCE("EC2", true),
        HOST("its agent", false),
        TASK("ECS", true),
        FUNCTION("Lambda", false);

        private final String source;

        /** Whether there are times at which it does not run. */
        private final boolean stops;

        Kind(String source, boolean stops) {
            this.source = source;
            this.stops = stops;
        }

        static Kind of(Asset asset) {
            return switch (asset.resourceType()) {
                case Asset.INSTANCE -> INSTANCE;
                case Asset.TASK -> TASK;
                case Asset.FUNCTION -> FUNCTION;
                default -> HOST;
            };
        }
    }

    private CoverageDecision(Facts facts, Instant now, CoverageConfig config) {
        this.facts = facts;
        this.now = now;
        this.config = config;
        this.remedies = new Remedies(facts.asset());
        this.guardDuty = GuardDutyView.of(facts.guardDuty(), oldest());
        this.findings = new Findings(facts, remedies, oldest());
    }

    static Coverage of(Facts facts, Instant now, CoverageConfig config) {
        return new CoverageDecision(facts, now, config).decide();
    }

    private Coverage decide() {
        Asset asset = facts.asset();
        Optional<Agent> agent = judged();
        Kind kind = Kind.of(asset);
        if (kind != Kind.HOST && isStale(asset.observedTime())) {
            findings.stale(
                    asset.observedTime(),
                    "%s was last read at %s".formatted(kind.source, asset.observedTime()));
            if (kind == Kind.INSTANCE) {
                agent.filter(this::isConnected).ifPresent(this::judgeConnected);
            }
        } else if (kind.stops && !asset.instanceState().equals(RUNNING)) {
            return coverage(COVERAGE_STANDING_NOT_RUNNING, agent);
        } else {
            judge(kind, agent);
        }
        if (findings.hasGaps()) {
            return coverage(COVERAGE_STANDING_GAP, agent);
        }
        return coverage(
                findings.hasUnknowns() ? COVERAGE_STANDING_UNKNOWN : COVERAGE_STANDING_PROTECTED,
                agent);
    }

    private Coverage coverage(CoverageStanding standing, Optional<Agent> agent) {
        return new Coverage(
                facts.asset(),
                standing,
                agent.map(Agent::id).orElse(null),
                findings.gaps(),
                findings.unknowns());
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

    private void judge(Kind kind, Optional<Agent> agent) {
        switch (kind) {
            case HOST -> judge(agent);
            case INSTANCE -> {
                judge(agent);
                judgeNode();
                judgeRecording();
                judgeGuardDuty();
            }
            case TASK -> {
                judgeTask(agent);
                judgeGuardDuty();
            }
            case FUNCTION -> {
                findings.gap(
                        COVERAGE_REASON_UNSUPPORTED_KIND,
                        null,
                        "a function cannot run an agent" + guardDuty.ofFunctions(),
                        remedies.watchFunction(guardDuty.watchesFunctions()));
                judgeGuardDuty();
            }
        }
    }

    private void judgeGuardDuty() {
        if (!config.requireGuardDuty()) {
            return;
        }
        if (!guardDuty.unread().isEmpty()) {
            findings.unknown(
                    COVERAGE_REASON_GUARDDUTY_UNREAD,
                    guardDuty.observed(),
                    guardDuty.unread(),
                    remedies.readGuardDuty());
        } else if (!guardDuty.off().isEmpty()) {
            findings.gapOfAccount(
                    COVERAGE_REASON_GUARDDUTY_OFF,
                    guardDuty.offSince(),
                    guardDuty.off(),
                    remedies.turnGuardDutyOn());
        }
    }

    /** One on an instance is watched by the agent of that; no other can be. */
    private void judgeTask(Optional<Agent> agent) {
        Asset host = facts.host();
        if (host != null && !isStale(host.observedTime())) {
            judge(agent);
        } else if (host != null) {
            findings.stale(
                    host.observedTime(),
                    "EC2 was last read at %s with its host %s"
                            .formatted(host.observedTime(), host.nativeId()));
        } else if (hasOwnKernel()) {
            findings.gap(
                    COVERAGE_REASON_UNSUPPORTED_KIND,
                    null,
                    "a task on Fargate cannot run an agent" + guardDuty.ofFargateTasks(),
                    remedies.watchTask(guardDuty.watchesFargateTasks()));
        } else {
            findings.stale(null, "EC2 does not have the instance that it runs on");
        }
    }

    private boolean hasOwnKernel() {
        return facts.asset().description().getLaunchType().equals(FARGATE);
    }

    private void judgeRecording() {
        if (!facts.notRecorded().isEmpty()) {
            findings.unknown(
                    COVERAGE_REASON_NOT_RECORDED, null, facts.notRecorded(), remedies.record());
        }
    }

    private void judge(Optional<Agent> agent) {
        if (agent.isEmpty()) {
            findings.installable(
                    COVERAGE_REASON_NO_AGENT,
                    null,
                    "no agent has enrolled for it",
                    remedies.enroll());
            return;
        }
        Agent judged = agent.get();
        switch (judged.state(now)) {
            case CONNECTED -> {
                judgeConnected(judged);
                judgeVersion(judged);
            }
            case SILENT ->
                    findings.installable(
                            COVERAGE_REASON_AGENT_SILENT,
                            judged.lastHeartbeatTime(),
                            "last heartbeat at " + judged.lastHeartbeatTime(),
                            remedies.startAgent());
            case ENROLLED ->
                    findings.installable(
                            COVERAGE_REASON_AGENT_SILENT,
                            judged.enrollTime(),
                            "no heartbeat since it enrolled at " + judged.enrollTime(),
                            remedies.startAgent());
            case REVOKED, RETIRED ->
                    findings.gap(
                            COVERAGE_REASON_AGENT_REVOKED,
                            judged.revokeTime(),
                            (judged.retired() ? "retired: " : "revoked: ") + judged.revokeReason(),
                            remedies.enrollAgain());
        }
    }

    private void judgeConnected(Agent agent) {
        if (agent.sharedKeySince() != null) {
            findings.gap(
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
            findings.gap(
                    COVERAGE_REASON_AGENT_DUPLICATE,
                    last,
                    String.join(" and ", names) + " report for it",
                    remedies.endDuplicate());
        }
    }

    private void judgeHealth(Agent agent) {
        List<String> problems = agent.health().getProblemsList();
        if (!problems.isEmpty()) {
            findings.gap(
                    COVERAGE_REASON_SENSOR_DEGRADED,
                    Objects.requireNonNullElse(agent.degradedSince(), heard(agent)),
                    String.join("; ", problems),
                    remedies.repairAgent(agent.id()));
        }
    }

    private void judgeVersion(Agent agent) {
        Optional<AgentVersion> minimum = config.minAgentVersion();
        if (minimum.isEmpty()) {
            return;
        }
        Optional<AgentVersion> version = AgentVersion.parse(agent.version());
        if (version.isEmpty() || version.get().compareTo(minimum.get()) < 0) {
            findings.installable(
                    COVERAGE_REASON_AGENT_OUTDATED,
                    null,
                    "the agent is of version '%s', older than %s"
                            .formatted(agent.version(), minimum.get().text()),
                    remedies.replaceAgent());
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
            findings.unread(read, "Systems Manager " + last + failure);
        } else if (read.isBefore(findings.launched())) {
            findings.unread(
                    findings.launched(),
                    "Systems Manager was not read since the instance was started");
        } else if (node == null || !node.isManaged()) {
            findings.gap(
                    COVERAGE_REASON_SSM_NOT_MANAGED,
                    node == null ? Objects.requireNonNull(nodes).firstTime() : node.absentTime(),
                    "Systems Manager does not have it; "
                            + (profile().isEmpty()
                                    ? "it has no instance profile"
                                    : "its instance profile is " + profile()),
                    remedies.manage());
        } else if (!node.isOnline()) {
            findings.gap(
                    COVERAGE_REASON_SSM_CONNECTION_LOST,
                    node.lastPingTime(),
                    "Systems Manager says %s, last ping at %s"
                            .formatted(node.pingStatus(), node.lastPingTime()),
                    remedies.reconnect());
        }
    }

    private String profile() {
        return facts.asset().description().getInstanceProfileArn();
    }

    private boolean isStale(Instant read) {
        return read.isBefore(oldest());
    }

    /** What was read before it is not known any more. */
    private Instant oldest() {
        return now.minus(config.staleAfter());
    }
}
