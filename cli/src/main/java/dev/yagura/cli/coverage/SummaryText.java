package dev.yagura.cli.coverage;

import dev.yagura.cli.output.Printable;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.inventory.v1.CoverageScope;
import dev.yagura.proto.inventory.v1.CoverageSummary;
import dev.yagura.proto.inventory.v1.CoverageTypeCount;
import dev.yagura.proto.type.v1.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Counts as people read them. */
final class SummaryText {
    private SummaryText() {}

    static List<String> of(CoverageSummary summary) {
        List<String> lines = new ArrayList<>();
        lines.add(share(summary));
        if (summary.getTypesCount() > 1) {
            summary.getTypesList().forEach(each -> lines.add("  " + share(each)));
        }
        lines.add(
                "%d with gaps, %d unknown, %d not running and in no share"
                        .formatted(
                                summary.getGap(), summary.getUnknown(), summary.getNotRunning()));
        summary.getReasonsList()
                .forEach(each ->
                        lines.add(
                                "  %5d  %s, oldest since %s"
                                        .formatted(
                                                each.getAssets(),
                                                CoverageCommand.word(each.getReason()),
                                                Texts.time(each.getOldest()))));
        summary.getScopesList().forEach(each -> lines.addAll(problems(each)));
        return lines;
    }

    private static String share(CoverageSummary summary) {
        long all = summary.getProtected() + summary.getGap() + summary.getUnknown();
        return all == 0
                ? "nothing is known that could be protected"
                : share(summary.getProtected(), all, "assets are protected");
    }

    private static String share(CoverageTypeCount count) {
        long all = count.getProtected() + count.getGap() + count.getUnknown();
        return all == 0
                ? "%s: none is running".formatted(count.getResourceType())
                : share(count.getProtected(), all, count.getResourceType());
    }

    private static String share(long part, long all, String what) {
        return String.format(
                Locale.ROOT, "%d of %d %s (%.1f %%)", part, all, what, 100.0 * part / all);
    }

    private static List<String> problems(CoverageScope scope) {
        List<String> problems = new ArrayList<>();
        if (!scope.hasInstancesReadTime()) {
            problems.add("EC2 was never read completely: hosts are missing from the counts");
        }
        if (!scope.getInstancesFailure().isEmpty()) {
            problems.add("EC2 cannot be read: " + scope.getInstancesFailure());
        }
        if (!scope.getTasksFailure().isEmpty()) {
            problems.add("ECS cannot be read: " + scope.getTasksFailure());
        } else if (!scope.hasTasksReadTime()) {
            problems.add("ECS was never read completely: tasks are missing from the counts");
        }
        if (!scope.getFunctionsFailure().isEmpty()) {
            problems.add("Lambda cannot be read: " + scope.getFunctionsFailure());
        } else if (!scope.hasFunctionsReadTime()) {
            problems.add("Lambda was never read completely: functions are missing from the counts");
        }
        if (!scope.getSsmFailure().isEmpty()) {
            problems.add("Systems Manager cannot be read: " + scope.getSsmFailure());
        }
        if (!scope.getGuarddutyFailure().isEmpty()) {
            problems.add("GuardDuty cannot be read: " + scope.getGuarddutyFailure());
        }
        return problems.stream()
                .map(problem -> text(scope.getScope()) + ": " + Printable.of(problem))
                .toList();
    }

    private static String text(Scope scope) {
        return String.join(":", scope.getPartition(), scope.getAccountId(), scope.getRegion());
    }
}
