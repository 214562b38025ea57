package dev.yagura.sigma.overfit;

import dev.yagura.sigma.engine.RuleMatch;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** What the two campaigns found, as Markdown. */
final class OverfitPage {
    private OverfitPage() {}

    static String named(Map<RecordedAttack.Step, List<RuleMatch>> matches) {
        StringBuilder page =
                new StringBuilder(
                        "| step | technique | rules that alert it | the rule that names it"
                                + " | left without that | left without all of the technique |\n"
                                + "|---|---|---|---|---|---|\n");
        int alerted = 0;
        int withoutNamed = 0;
        int withoutTechnique = 0;
        for (Map.Entry<RecordedAttack.Step, List<RuleMatch>> entry : matches.entrySet()) {
            RecordedAttack.Step step = entry.getKey();
            NamedRules.Left left = NamedRules.of(step, entry.getValue());
            alerted += left.all() > 0 ? 1 : 0;
            withoutNamed += left.withoutNamed() > 0 ? 1 : 0;
            withoutTechnique += left.withoutTechnique() > 0 ? 1 : 0;
            page.append(
                    "| %s | %s | %d | %s | %d | %d |\n"
                            .formatted(
                                    step.name(),
                                    step.technique(),
                                    left.all(),
                                    left.named(),
                                    left.withoutNamed(),
                                    left.withoutTechnique()));
        }
        return page
                + "| **steps alerted** of %d | | **%d** | | **%d** | **%d** |\n"
                        .formatted(matches.size(), alerted, withoutNamed, withoutTechnique);
    }

    static String onlyOnes(Map<RecordedAttack.Step, List<RuleMatch>> matches) {
        Map<String, List<String>> only = NamedRules.onlyOnes(matches);
        return only.isEmpty()
                ? "No step hangs on a single rule.\n"
                : only.entrySet().stream()
                        .map(entry ->
                                "- %s: only by \"%s\"\n"
                                        .formatted(
                                                String.join(", ", entry.getValue()),
                                                entry.getKey()))
                        .collect(Collectors.joining());
    }

    /** Variation to its cells. */
    static String recall(Map<String, Map<RecordedAttack.Step, Recall.Cell>> byVariation) {
        StringBuilder page =
                new StringBuilder(
                        "| variation | steps that it changes | recall | recall at high"
                                + " or above | steps not always seen |\n|---|---|---|---|---|\n");
        byVariation.forEach((variation, cells) ->
                page.append(
                        "| %s | %d | %s | %s | %s |\n"
                                .formatted(
                                        variation,
                                        cells.size(),
                                        percent(recall(cells.values())),
                                        percent(high(cells.values())),
                                        cells.entrySet().stream()
                                                .filter(cell ->
                                                        cell.getValue().seen()
                                                                < cell.getValue().tried())
                                                .map(cell ->
                                                        cell.getKey().name()
                                                                + " "
                                                                + percent(
                                                                        recall(
                                                                                List.of(
                                                                                        cell
                                                                                                .getValue()))))
                                                .collect(Collectors.joining(", ")))));
        return page.toString();
    }

    static String recallByStep(Map<String, Map<RecordedAttack.Step, Recall.Cell>> byVariation) {
        Map<String, Recall.Cell> bySteps = new LinkedHashMap<>();
        byVariation
                .values()
                .forEach(cells ->
                        cells.forEach((step, cell) ->
                                bySteps.merge(step.name(), cell, Recall.Cell::plus)));
        return "| step | tries | recall | recall at high or above |\n|---|---|---|---|\n"
                + bySteps.entrySet().stream()
                        .map(entry ->
                                "| %s | %d | %s | %s |\n"
                                        .formatted(
                                                entry.getKey(),
                                                entry.getValue().tried(),
                                                percent(recall(List.of(entry.getValue()))),
                                                percent(high(List.of(entry.getValue())))))
                        .collect(Collectors.joining());
    }

    /** Of one cell; nothing when nothing was tried. */
    static String recall(Recall.Cell cell) {
        return cell.tried() == 0 ? "" : percent(recall(List.of(cell)));
    }

    /** The same, of alerts at level high or above. */
    static String high(Recall.Cell cell) {
        return cell.tried() == 0 ? "" : percent(high(List.of(cell)));
    }

    private static double recall(Collection<Recall.Cell> cells) {
        return part(cells, Recall.Cell::seen);
    }

    private static double high(Collection<Recall.Cell> cells) {
        return part(cells, Recall.Cell::high);
    }

    private static double part(Collection<Recall.Cell> cells, ToIntFunction<Recall.Cell> found) {
        double tried = cells.stream().mapToInt(Recall.Cell::tried).sum();
        return tried == 0 ? 1 : cells.stream().mapToInt(found).sum() / tried;
    }

    /** Rounded down: 100 means all. */
    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.0f %%", Math.floor(100 * part));
    }
}
