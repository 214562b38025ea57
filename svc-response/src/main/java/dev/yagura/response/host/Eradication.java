package dev.yagura.response.host;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.WatchedProcedure;
import dev.yagura.response.identity.AccessKeyEradication;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * eradicate: findings of one host are removed, then looked for again, each by itself. Access keys
 * that go with them are made inactive before, so that whoever has one can neither see the host
 * being cleaned nor put things back from outside; they are read back after, when IAM has had its
 * time.
 */
final class Eradication extends HostAction implements WatchedProcedure {
    private static final String CLEAN = "clean";

    private final AccessKeyEradication keys;

    Eradication(Ways ways, AccessKeyEradication keys, Clock clock) {
        super(ways, clock);
        this.keys = keys;
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_ERADICATE;
    }

    @Override
    List<HostDocument> documents() {
        return List.of(HostDocument.ERADICATE, HostDocument.RESTORE_ERADICATED);
    }

    @Override
    Order order(HostCloud cloud, HostSurvey survey, Action action) {
        return Order.of(
                Map.of(
                        ACTION_ID,
                        id(action),
                        "Findings",
                        Finding.encoded(Finding.of(action.getTarget().getEradication()))));
    }

    @Override
    Plan.Builder describe(Plan.Builder plan, HostSurvey survey, ActionTarget target) {
        List<Finding> findings = Finding.of(target.getEradication());
        String all = numbered(findings, number -> true);
        boolean restorable = findings.stream().anyMatch(Finding::isRestorable);
        for (PlannedCall.Builder call : plan.getCallsBuilderList()) {
            call.setBefore(all)
                    .setAfter(
                            "processes killed, persistence removed, files in"
                                    + " /var/lib/yagura/quarantine of the host; each looked for"
                                    + " again");
            if (restorable) {
                plan.addUndoCalls(
                        undoCall(call.build(), survey, HostDocument.RESTORE_ERADICATED)
                                .setBefore("in the quarantine, or locked")
                                .setAfter(
                                        numbered(
                                                findings,
                                                number -> findings.get(number).isRestorable())));
            }
        }
        keys.describe(plan, target);
        return plan.addResidualRisks(
                        "Only these findings are looked for again: other ways in, copies of a file"
                                + " under other names, and a process that was started anew are not"
                                + " found.")
                .addResidualRisks(
                        "A killed process cannot be brought back; sessions of an account that is"
                                + " locked go on until they are killed.")
                .addResidualRisks("The host says what it removed; whoever has root there can lie.");
    }

    /** What the host refuses or does not clean is no reason to be silent about the keys. */
    @Override
    public void apply(ActionRun run) {
        errors().running(() -> disableKeys(run));
        Optional<ActionFailedException> failure = failure(() -> super.apply(run));
        errors().running(() -> keys.readBack(run));
        failed(failure);
    }

    /** All that may speak against the action is looked at before its first change. */
    private void disableKeys(ActionRun run) {
        if (keys.isToPrepare(run)) {
            requireReady(run);
            keys.prepare(run);
        }
        keys.disable(run);
    }

    private static Optional<ActionFailedException> failure(Runnable part) {
        try {
            part.run();
            return Optional.empty();
        } catch (ActionFailedException e) {
            return Optional.of(e);
        }
    }

    private static void failed(Optional<ActionFailedException> failure) {
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    @Override
    public void watch(ActionRun run) {
        errors().running(() -> keys.watch(run));
    }

    @Override
    void applied(ActionRun run, HostReport report) {
        List<Finding> findings = Finding.of(run.action().getTarget().getEradication());
        List<String> clean = numbers(report.all(CLEAN));
        List<String> unclean = new ArrayList<>();
        for (int i = 0; i < findings.size(); i++) {
            String number = String.valueOf(i + 1);
            if (!clean.contains(number)) {
                unclean.add(findings.get(i).text() + why(report, number));
            }
        }
        String proven = numbered(findings, number -> clean.contains(String.valueOf(number + 1)));
        String detail =
                "%d of %d looked for again and not found: %s%s"
                        .formatted(
                                findings.size() - unclean.size(),
                                findings.size(),
                                proven.isEmpty() ? "none" : proven,
                                unclean.isEmpty()
                                        ? ""
                                        : ". Still there, or not known: "
                                                + String.join("; ", unclean));
        claimed(run, unclean.isEmpty(), detail);
        if (!unclean.isEmpty()) {
            throw new ActionFailedException(detail);
        }
    }

    /** Once: attempts that wait for IAM read the same report again. */
    private static void claimed(ActionRun run, boolean passed, String detail) {
        if (run.action().getVerificationsList().stream()
                .noneMatch(each -> each.getDetail().equals(detail))) {
            run.verified(VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED, passed, detail);
        }
    }

    private static String why(HostReport report, String number) {
        String reasons =
                Stream.of("left", "dirty")
                        .flatMap(word -> report.all(word).stream())
                        .filter(fact -> fact.value(0).equals(number))
                        .map(fact -> fact.text(1))
                        .collect(Collectors.joining(", "));
        return reasons.isEmpty() ? "" : " (" + reasons + ")";
    }

    /** The reverse order; what of the host stays out does not keep the keys from it. */
    @Override
    public void undo(ActionRun run) {
        Optional<ActionFailedException> failure = failure(() -> restore(run));
        errors().running(() -> keys.undo(run));
        failed(failure);
    }

    private void restore(ActionRun run) {
        if (didNothing(run.action())) {
            run.verified(
                    VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED, true, "nothing was removed");
            return;
        }
        List<Finding> findings = Finding.of(run.action().getTarget().getEradication());
        HostReport report =
                perform(
                        run,
                        HostDocument.RESTORE_ERADICATED,
                        undoId(run.action()),
                        survey -> Order.of(Map.of(ACTION_ID, id(run.action()))));
        requireDone(report);
        run.drift(report.all("changed").stream().map(fact -> fact.text(1)).toList());
        List<String> back = numbers(report.all("restored"));
        String restored = numbered(findings, number -> back.contains(String.valueOf(number + 1)));
        List<HostReport.Fact> left = report.all("left");
        String detail =
                "put back: "
                        + (restored.isEmpty() ? "nothing" : restored)
                        + left.stream()
                                .map(fact ->
                                        "; not put back: %s (%s)"
                                                .formatted(
                                                        name(findings, fact.value(0)),
                                                        fact.text(1)))
                                .collect(Collectors.joining());
        boolean all = left.isEmpty() && report.complete();
        run.verified(VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED, all, detail);
        if (!all) {
            throw new ActionFailedException(detail);
        }
    }

    @Override
    public boolean mayHaveChanged(Action action) {
        return super.mayHaveChanged(action) || AccessKeyEradication.mayHaveChanged(action);
    }

    @Override
    public String remains(ActionRun run) {
        return (didNothing(run.action())
                        ? "nothing on the host was changed"
                        : "what was removed stays so; undo puts back files, lines, units and accounts")
                + keys.remains(run);
    }

    private static List<String> numbers(List<HostReport.Fact> facts) {
        return facts.stream().map(fact -> fact.value(0)).toList();
    }

    private static String name(List<Finding> findings, String number) {
        return IntStream.range(0, findings.size())
                .filter(i -> String.valueOf(i + 1).equals(number))
                .mapToObj(i -> findings.get(i).text())
                .findFirst()
                .orElse("finding " + number);
    }

    private static String numbered(List<Finding> findings, IntPredicate wanted) {
        return IntStream.range(0, findings.size())
                .filter(wanted)
                .mapToObj(i -> findings.get(i).text())
                .collect(Collectors.joining("; "));
    }
}
