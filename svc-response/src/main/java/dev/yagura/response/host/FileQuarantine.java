package dev.yagura.response.host;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.FileTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** quarantine_file; its undo restores the file. */
final class FileQuarantine extends HostAction {
    FileQuarantine(Ways ways, Clock clock) {
        super(ways, clock);
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_QUARANTINE_FILE;
    }

    @Override
    List<HostDocument> documents() {
        return List.of(HostDocument.QUARANTINE_FILE, HostDocument.RESTORE_FILE);
    }

    @Override
    Order order(HostCloud cloud, HostSurvey survey, Action action) {
        FileTarget file = action.getTarget().getFile();
        byte[] path = file.getPath().getBytes(StandardCharsets.UTF_8);
        return Order.of(
                Map.of(
                        ACTION_ID,
                        id(action),
                        "Path",
                        Base64.getEncoder().encodeToString(path),
                        "Sha256",
                        file.getSha256()));
    }

    @Override
    Plan.Builder describe(Plan.Builder plan, HostSurvey survey, ActionTarget target) {
        String path = target.getFile().getPath();
        for (PlannedCall.Builder call : plan.getCallsBuilderList()) {
            call.setBefore(path)
                    .setAfter(
                            "in /var/lib/yagura/quarantine of the host, mode 000, with a manifest"
                                    + " of hash, mode, owner and time");
            plan.addUndoCalls(
                    undoCall(call.build(), survey, HostDocument.RESTORE_FILE)
                            .setBefore("in the quarantine")
                            .setAfter(path + " as it was, unless something is there then"));
        }
        return plan.addResidualRisks(
                        "A process that runs the file, or has it open, goes on: kill it.")
                .addResidualRisks(
                        "Other names of the file (hard links) and copies stay where they are.")
                .addResidualRisks(
                        "The host says what was moved; whoever has root there can lie, and can"
                                + " take the file out again.");
    }

    @Override
    void applied(ActionRun run, HostReport report) {
        HostReport.Fact moved =
                report.first("quarantined")
                        .orElseThrow(() -> new ActionFailedException("the host does not say what"));
        String running =
                report.all("running").stream()
                        .map(each -> each.value(0))
                        .collect(Collectors.joining(", "));
        String links = moved.value(4);
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED,
                true,
                "%s is in the quarantine: SHA-256 %s, mode %s, owner %s, modified %s%s%s"
                        .formatted(
                                run.action().getTarget().getFile().getPath(),
                                moved.value(0),
                                moved.value(1),
                                moved.value(2),
                                moved.text(3),
                                links.equals("1") ? "" : "; it had " + links + " names",
                                running.isEmpty() ? "" : "; still run by " + running));
    }

    @Override
    public void undo(ActionRun run) {
        if (didNothing(run.action())) {
            run.verified(
                    VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED, true, "nothing was moved");
            return;
        }
        HostReport report =
                perform(
                        run,
                        HostDocument.RESTORE_FILE,
                        undoId(run.action()),
                        survey -> Order.of(Map.of(ACTION_ID, id(run.action()))));
        requireDone(report);
        if (report.first("absent").isPresent()) {
            absent(run);
            return;
        }
        restored(run, report);
    }

    private static void restored(ActionRun run, HostReport report) {
        FileTarget file = run.action().getTarget().getFile();
        HostReport.Fact found =
                report.first("restored")
                        .orElseThrow(() -> new ActionFailedException("the host does not say what"));
        boolean same = found.value(0).equals(file.getSha256());
        String detail =
                "%s is back: SHA-256 %s, mode %s, owner %s, modified %s"
                        .formatted(
                                file.getPath(),
                                found.value(0),
                                found.value(1),
                                found.value(2),
                                found.text(3));
        run.verified(VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED, same, detail);
        if (!same) {
            throw new ActionFailedException("its content was changed in the quarantine: " + detail);
        }
    }

    /** The move never happened, or somebody has emptied the quarantine. */
    private static void absent(ActionRun run) {
        boolean moved =
                run.action().getVerificationsList().stream().anyMatch(each -> each.getPassed());
        if (moved) {
            run.drift(
                    List.of("the quarantine does not have the file any more; nothing to restore"));
        }
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED,
                true,
                "the quarantine has no file of this action");
    }

    @Override
    public String remains(ActionRun run) {
        return didNothing(run.action())
                ? "nothing on the host was changed"
                : "the file may be in /var/lib/yagura/quarantine of the host; undo moves it back";
    }
}
