package dev.yagura.response.host;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.StateTransition;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.StillPendingException;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.channel.AgentChannel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** install_agent; its undo brings back what was there before. Always by Systems Manager. */
final class AgentInstallation extends HostAction {
    /** The host has begun in time, and gives up fetching after it. */
    private static final Duration LONGEST_WORK = Duration.ofMinutes(4);

    private static final Duration POLL = Duration.ofSeconds(2);
    private static final String NO_DRY_RUN = "not supported: S3 has no DryRun";

    private final Ways ways;
    private final InstallConfig config;
    private final ScopedClients<AgentPackage> packages;
    private final Clock clock;

    AgentInstallation(
            Ways ways, InstallConfig config, ScopedClients<AgentPackage> packages, Clock clock) {
        super(ways, clock);
        this.ways = ways;
        this.config = config;
        this.packages = packages;
        this.clock = clock;
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_INSTALL_AGENT;
    }

    /** A later one is no obstacle: undo of the earlier leaves it alone. */
    @Override
    public boolean holdsUntilUndone() {
        return false;
    }

    @Override
    List<HostDocument> documents() {
        return List.of(HostDocument.INSTALL_AGENT, HostDocument.REMOVE_AGENT);
    }

    /**
     * Its process is the one that is replaced, and could not answer: it carries neither document.
     */
    @Override
    Optional<String> objection(AgentChannel channel) {
        return Optional.of("an agent does not replace itself");
    }

    @Override
    Order order(HostCloud cloud, HostSurvey survey, Action action) {
        AgentPackage agent = packages.of(action.getTarget().getScope());
        return new Order(
                agent.checks(clock.instant()),
                Map.of(
                        ACTION_ID,
                        id(action),
                        "Sha256",
                        config.packageSha256(),
                        "Gateway",
                        config.gateway()),
                () -> Map.of("Fetch", agent.fetch(lifetime())));
    }

    private Duration lifetime() {
        return ways.config().commandTimeout().plus(LONGEST_WORK);
    }

    @Override
    Plan.Builder describe(Plan.Builder plan, HostSurvey survey, ActionTarget target) {
        boolean sent = plan.getCallsCount() > 0;
        for (PlannedCall.Builder call : plan.getCallsBuilderList()) {
            call.setBefore("whatever agent the host has, or none")
                    .setAfter(
                            "the package is in /opt/yagura-agent, its agent enrolled, and"
                                    + " yagura-agent.service enabled and started");
            plan.addUndoCalls(
                    undoCall(call.build(), survey, HostDocument.REMOVE_AGENT)
                            .setBefore("the package's agent")
                            .setAfter(
                                    "the package and unit that were there before, or none; the"
                                            + " agent's state stays"));
        }
        if (sent) {
            plan.addCalls(read(config.packageKey()))
                    .addCalls(read(AgentPackage.tokenKey(target.getScope())));
        }
        return plan.addResidualRisks(
                        "The agent of the package runs as root on the host; its SHA-256 is the one"
                                + " that is configured, whatever the bucket has by then.")
                .addResidualRisks(
                        ("Systems Manager keeps the presigned URLs in its history of commands. For"
                                        + " %d s whoever reads them there can read the enrolment"
                                        + " token and enrol a host of this account and region.")
                                .formatted(lifetime().toSeconds()))
                .addResidualRisks(
                        "Undo does not revoke the agent that enrolled: ./yagura agents list.")
                .addResidualRisks(
                        "A host that reaches neither S3 nor the gateway refuses, and keeps what it"
                                + " has.");
    }

    private PlannedCall.Builder read(String key) {
        return PlannedCall.newBuilder()
                .setOperation("s3:GetObject")
                .putParameters("Bucket", config.bucket().orElse(""))
                .putParameters("Key", key)
                .setDryRun(NO_DRY_RUN)
                .setAfter(
                        "read by the host through a presigned URL that lives %d s"
                                .formatted(lifetime().toSeconds()));
    }

    @Override
    void applied(ActionRun run, HostReport report) {
        HostReport.Fact installed =
                report.first("installed")
                        .orElseThrow(() -> new ActionFailedException("the host does not say what"));
        if (report.first("stopped").isPresent()) {
            String detail =
                    installed.text(0)
                            + " is installed and enrolled, but systemd does not start"
                            + " yagura-agent.service: journalctl -u yagura-agent on the host";
            run.verified(VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED, false, detail);
            throw new ActionFailedException(detail);
        }
        String heard = awaitAgent(run);
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED,
                true,
                "%s is installed, enrolled (%s) and started; %s"
                        .formatted(installed.text(0), installed.text(1), heard));
    }

    /** What this service hears of it by itself; throws while there is time left. */
    private String awaitAgent(ActionRun run) {
        Action action = run.action();
        ActionTarget target = action.getTarget();
        // A stream that ended with the restart is not among them.
        Optional<AgentChannel> live =
                ways.channels().of(target.getScope(), target.getInstanceId()).stream()
                        .filter(AgentChannel::isLive)
                        .findFirst();
        if (live.isPresent()) {
            return "%s (version %s) has its command channel open"
                    .formatted(live.get().agent(), live.get().version());
        }
        Duration left =
                Duration.between(clock.instant(), verifyingSince(action).plus(config.settle()));
        if (left.isPositive()) {
            throw new StillPendingException(
                    "the agent was started; it is waited for",
                    left.compareTo(POLL) < 0 ? left : POLL);
        }
        return "its command channel was not seen within %d s: ./yagura coverage says whether it reports"
                .formatted(config.settle().toSeconds());
    }

    private Instant verifyingSince(Action action) {
        return action.getTransitionsList().stream()
                .filter(each -> each.getTo() == ActionState.ACTION_STATE_VERIFYING)
                .reduce((first, second) -> second)
                .map(StateTransition::getTime)
                .map(SavedTime::read)
                .orElseGet(clock::instant);
    }

    @Override
    public void undo(ActionRun run) {
        Action action = run.action();
        if (didNothing(action)) {
            run.verified(
                    VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED,
                    true,
                    "nothing was installed");
            return;
        }
        HostReport report =
                perform(
                        run,
                        HostDocument.REMOVE_AGENT,
                        undoId(action),
                        survey -> Order.of(Map.of(ACTION_ID, id(action))));
        requireDone(report);
        report.first("changed")
                .ifPresent(changed ->
                        run.drift(
                                List.of(
                                        "the agent was installed again since ("
                                                + changed.text(0)
                                                + "); it is left as it is")));
        run.verified(VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED, true, undone(report));
    }

    private static String undone(HostReport report) {
        return report.first("removed")
                .map(removed -> removed.text(0))
                .map(previous ->
                        previous.isEmpty()
                                ? "the agent is stopped and its package gone; its state is in"
                                        + " /var/lib/yagura, and it stays enrolled until it is"
                                        + " revoked: ./yagura agents list"
                                : "the agent is that of " + previous + " again")
                .orElse("nothing was taken back: the host has no installation of this action");
    }

    @Override
    public String remains(ActionRun run) {
        return didNothing(run.action())
                ? "nothing on the host was changed"
                : "the agent may be installed; undo brings back what was there before";
    }
}
