package dev.yagura.sigma.overfit;

import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.sigma.engine.EventMatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Both campaigns over the recordings that others have published, where they are there. */
final class PublicRecordings {
    /** Alerted events of one recording that are varied. */
    static final int MOST_STEPS = 40;

    private final EventMatcher matcher;
    private final List<Long> seeds;
    private final Map<String, Recall.Cell> byVariation = new LinkedHashMap<>();
    private final Map<String, Integer> changed = new LinkedHashMap<>();

    PublicRecordings(EventMatcher matcher, List<Long> seeds) {
        this.matcher = matcher;
        this.seeds = seeds;
    }

    /** Recordings that were made for one rule each; the folder has a list of them. */
    String regression(Path folder) throws IOException {
        List<NamedRecording> recordings = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("expected.tsv"))) {
            String[] parts = line.split("\t", -1);
            if (!parts[0].equals("rule_id")) {
                recordings.add(
                        NamedRecording.of(
                                parts[2],
                                parts[0],
                                RecordedTelemetry.read(folder.resolve(parts[0] + ".json"))
                                        .orElseThrow(),
                                matcher));
            }
        }
        StringBuilder page =
                new StringBuilder(
                        """
                        | recorded for the rule | events it alerts | left without it | left without its techniques | recall when varied | what else fires |
                        |---|---|---|---|---|---|
                        """);
        byVariation.clear();
        changed.clear();
        for (NamedRecording recording : recordings) {
            Recall.Cell recall = varied(recording.namedAttack());
            page.append(
                    "| %s | %d | %d | %d | %s | %s |\n"
                            .formatted(
                                    recording.name(),
                                    recording.namedEvents(),
                                    recording.leftWithoutNamed(),
                                    recording.leftWithoutTechniques(),
                                    OverfitPage.recall(recall),
                                    others(recording.others())));
        }
        page.append(
                "| **recordings still alerted** of %d | **%d** | **%d** | **%d** | | |\n"
                        .formatted(
                                recordings.size(),
                                recordings.size(),
                                count(recordings, NamedRecording::leftWithoutNamed),
                                count(recordings, NamedRecording::leftWithoutTechniques)));
        return page + "\n" + variations("recordings");
    }

    /** Attacks that were recorded for no rule. */
    String attacks(Path folder) throws IOException {
        StringBuilder page =
                new StringBuilder(
                        """
                        | recording | events | alerted | rules | the worst rule | alerted without it | without its techniques | recall when varied |
                        |---|---|---|---|---|---|---|---|
                        """);
        byVariation.clear();
        changed.clear();
        List<NamedRecording> recordings = new ArrayList<>();
        for (Path file : files(folder)) {
            String name = file.getFileName().toString().replace(".jsonl.gz", "");
            var events = RecordedTelemetry.read(file).orElseThrow();
            var recording = NamedRecording.of(name, events, matcher, Severity.SEVERITY_MEDIUM);
            if (recording.isEmpty()) {
                page.append("| %s | %d | 0 | | | | | |\n".formatted(name, events.size()));
                continue;
            }
            NamedRecording found = recording.get();
            recordings.add(found);
            page.append(
                    "| %s | %d | %d | %d | %s | %d | %d | %s |\n"
                            .formatted(
                                    name,
                                    found.events(),
                                    found.alerts().size(),
                                    found.others().size() + 1,
                                    found.named().getTitle(),
                                    found.alertedWithoutNamed(),
                                    found.alertedWithoutTechniques(),
                                    OverfitPage.recall(varied(found.attack(MOST_STEPS)))));
        }
        page.append(
                "| **recordings alerted** of %d | | **%d** | | | **%d** | **%d** | |\n"
                        .formatted(
                                files(folder).size(),
                                recordings.size(),
                                count(recordings, NamedRecording::alertedWithoutNamed),
                                count(recordings, NamedRecording::alertedWithoutTechniques)));
        return page + "\n" + variations("recordings");
    }

    private static long count(
            List<NamedRecording> recordings,
            java.util.function.ToLongFunction<NamedRecording> left) {
        return recordings.stream().filter(each -> left.applyAsLong(each) > 0).count();
    }

    private Recall.Cell varied(RecordedAttack attack) {
        Recall.Cell all = Recall.Cell.NONE;
        Recall recall = new Recall(attack, matcher);
        for (Variation variation : WindowsVariations.all()) {
            if (!variation.systems().contains(attack.device().getOs())) {
                continue;
            }
            Recall.Cell cell =
                    recall.of(variation, seeds).values().stream()
                            .reduce(Recall.Cell.NONE, Recall.Cell::plus);
            byVariation.merge(variation.name(), cell, Recall.Cell::plus);
            changed.merge(variation.name(), cell.tried() > 0 ? 1 : 0, Integer::sum);
            all = all.plus(cell);
        }
        return all;
    }

    private String variations(String what) {
        return "| variation | %s that it changes | recall | recall at high or above |\n|---|---|---|---|\n"
                        .formatted(what)
                + byVariation.entrySet().stream()
                        .map(entry ->
                                "| %s | %d | %s | %s |\n"
                                        .formatted(
                                                entry.getKey(),
                                                changed.get(entry.getKey()),
                                                OverfitPage.recall(entry.getValue()),
                                                OverfitPage.high(entry.getValue())))
                        .collect(Collectors.joining());
    }

    private static String others(Map<String, Integer> fired) {
        return fired.entrySet().stream()
                .map(entry ->
                        entry.getValue() == 1
                                ? entry.getKey()
                                : entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining("; "));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".gz")).sorted().toList();
        }
    }
}
