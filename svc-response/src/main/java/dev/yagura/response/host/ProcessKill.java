package dev.yagura.response.host;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.ProcessTarget;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** kill_process, and kill_process_tree. */
final class ProcessKill extends HostAction {
    private static final long NANOS = 1_000_000_000;
    private static final int SHOWN = 20;

    private final ActionKind kind;
    private final boolean tree;

    ProcessKill(ActionKind kind, Ways ways, Clock clock) {
        super(ways, clock);
        this.kind = kind;
        this.tree = kind == ActionKind.ACTION_KIND_KILL_PROCESS_TREE;
    }

    @Override
    public ActionKind kind() {
        return kind;
    }

    @Override
    public boolean isReversible() {
        return false;
    }

    @Override
    List<HostDocument> documents() {
        return List.of(HostDocument.KILL_PROCESS);
    }

    @Override
    Order order(HostCloud cloud, HostSurvey survey, Action action) {
        ProcessTarget process = action.getTarget().getProcess();
        return Order.of(
                Map.of(
                        "Pid", Integer.toUnsignedString(process.getPid()),
                        "StartTime", String.valueOf(process.getStartTimeNs()),
                        "Scope", tree ? "tree" : "process"));
    }

    @Override
    Plan.Builder describe(Plan.Builder plan, HostSurvey survey, ActionTarget target) {
        for (PlannedCall.Builder call : plan.getCallsBuilderList()) {
            call.setBefore(name(target.getProcess()))
                    .setAfter(
                            tree
                                    ? "it and every descendant stopped, then killed (SIGSTOP,"
                                            + " SIGKILL)"
                                    : "stopped, then killed (SIGSTOP, SIGKILL); its children live"
                                            + " on");
        }
        plan.addResidualRisks("A killed process cannot be brought back; nothing of it is saved.")
                .addResidualRisks(
                        "Whatever started it can start it again: cron, systemd, a parent that"
                                + " watches it, a web server.")
                .addResidualRisks("The host says what was killed; whoever has root there can lie.");
        if (tree) {
            plan.addResidualRisks(
                    "A process whose parent ended before is a child of the host's first process,"
                            + " not of this one: it lives on.");
        }
        return plan;
    }

    @Override
    void applied(ActionRun run, HostReport report) {
        List<HostReport.Fact> survivors = report.all("survived");
        String detail = detail(run.action().getTarget().getProcess(), report);
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED, survivors.isEmpty(), detail);
        if (!survivors.isEmpty()) {
            throw new ActionFailedException(detail);
        }
    }

    private static String detail(ProcessTarget process, HostReport report) {
        if (report.first("ended").isPresent()) {
            return name(process) + " had ended before";
        }
        List<HostReport.Fact> killed = report.all("killed");
        String more = killed.size() > SHOWN || !report.complete() ? ", …" : "";
        String names =
                killed.stream()
                        .limit(SHOWN)
                        .map(each -> each.value(0) + " (" + each.text(2) + ")")
                        .collect(Collectors.joining(", "));
        String survived =
                report.all("survived").stream()
                        .map(each -> each.value(0) + " in state " + each.value(1))
                        .collect(Collectors.joining(", "));
        return survived.isEmpty()
                ? "%d gone: %s%s".formatted(killed.size(), names, more)
                : "still there after SIGKILL: %s; of %d: %s%s"
                        .formatted(survived, killed.size(), names, more);
    }

    private static String name(ProcessTarget process) {
        return "process %s, started at %s"
                .formatted(
                        Integer.toUnsignedString(process.getPid()),
                        Instant.ofEpochSecond(
                                process.getStartTimeNs() / NANOS,
                                process.getStartTimeNs() % NANOS));
    }

    @Override
    public void undo(ActionRun run) {
        throw new ActionFailedException("a killed process cannot be brought back");
    }

    @Override
    public String remains(ActionRun run) {
        Action action = run.action();
        return didNothing(action)
                ? "nothing on the host was changed"
                : "what was killed stays killed; look at the host's processes";
    }
}
