package dev.yagura.cli.playbook;

import dev.yagura.cli.action.ActionReport;
import dev.yagura.cli.output.Printable;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.StepRun;
import java.util.ArrayList;
import java.util.List;

/** A run of a playbook as a responder reads it. */
final class PlaybookReport {
    private PlaybookReport() {}

    static List<String> lines(PlaybookRun run) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%s version %d for %s"
                        .formatted(run.getPlaybook(), run.getVersion(), run.getIncident()));
        if (!run.getName().isEmpty()) {
            lines.add(
                    "%s  %s: %s"
                            .formatted(
                                    run.getName(),
                                    Texts.constant(run.getState(), "PLAYBOOK_RUN_STATE_"),
                                    run.getStateReason()));
            lines.add("started by %s: %s".formatted(run.getStartedBy(), run.getReason()));
        }
        run.getStepsList().forEach(step -> lines.addAll(step(step)));
        return lines.stream().map(Printable::of).toList();
    }

    /** "succeeded cut, i-0123456789abcdef0: isolated", in words. */
    static String standing(StepRun step) {
        return "%s  %s%s%s"
                .formatted(
                        Texts.constant(step.getState(), "STEP_STATE_"),
                        step.getStep(),
                        step.getElement().isEmpty() ? "" : ", " + step.getElement(),
                        step.getDetail().isEmpty() ? "" : ": " + step.getDetail());
    }

    private static List<String> step(StepRun step) {
        List<String> lines = new ArrayList<>();
        lines.add("  " + standing(step));
        step.getElementsList()
                .forEach(element -> step(element).forEach(line -> lines.add("    " + line)));
        step.getActionsList().forEach(action -> lines.add("      " + action));
        if (step.hasPlan()) {
            ActionReport.plan(step.getPlan()).forEach(line -> lines.add("      " + line));
        }
        return lines;
    }
}
