package dev.yagura.cli.coverage;

import dev.yagura.cli.output.Printable;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.inventory.v1.CoverageScope;
import dev.yagura.proto.inventory.v1.CoverageSummary;
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
                ? "no host is known that could be protected"
                : String.format(
                        Locale.ROOT,
                        "%d of %d hosts are protected (%.1f %%)",
                        summary.getProtected(),
                        all,
                        100.0 * summary.getProtected() / all);
    }

    private static List<String> problems(CoverageScope scope) {
        List<String> problems = new ArrayList<>();
        if (!scope.hasInstancesReadTime()) {
            problems.add("EC2 was never read completely: hosts are missing from the counts");
        }
        if (!scope.getInstancesFailure().isEmpty()) {
            problems.add("EC2 cannot be read: " + scope.getInstancesFailure());
        }
        if (!scope.getSsmFailure().isEmpty()) {
            problems.add("Systems Manager cannot be read: " + scope.getSsmFailure());
        }
        return problems.stream()
                .map(problem -> text(scope.getScope()) + ": " + Printable.of(problem))
                .toList();
    }

    private static String text(Scope scope) {
        return String.join(":", scope.getPartition(), scope.getAccountId(), scope.getRegion());
    }
}
