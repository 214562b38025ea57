package dev.yagura.sigma.overfit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.pack.RulePack;
import dev.yagura.sigma.pack.RulePackReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Do the rules know the attack, or only its recording? {@code -Dyagura.overfit.seed=…} repeats the
 * choices, {@code -Dyagura.overfit.count=…} changes how many there are of each variation, {@code
 * -Dyagura.docs.write=true} writes the page.
 */
@Tag("long-overfit")
class OverfitCampaignTest {
    private static final Path PAGE = Path.of("../docs/reference/overfitting.md");
    private static final Path PUBLIC_RULES = Path.of("../../shared/data/sigma/rules/linux");
    private static final Path DATA = Path.of("../../shared/data");

    private final long seed = Long.getLong("yagura.overfit.seed", 1);
    private final int count = Integer.getInteger("yagura.overfit.count", 200);
    private final RecordedAttack attack = RecordedAttack.scenario();

    @Test
    void theAttackIsSeenWithoutTheRulesThatNameItAndWhenItVaries() throws IOException {
        System.out.printf("yagura.overfit.seed=%d yagura.overfit.count=%d%n", seed, count);
        StringBuilder page = new StringBuilder(introduction());
        report(page, "The project's own rules", matcher(List.of(RulePackReader.own())));
        if (Files.isDirectory(PUBLIC_RULES)) {
            report(
                    page,
                    "With the public rules for Linux",
                    matcher(List.of(RulePackReader.own(), RulePackReader.folder(PUBLIC_RULES))));
        }
        page.append("## Recordings of others\n\n").append(otherRecordings());
        System.out.println(page);
        if (Boolean.getBoolean("yagura.docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(new Recall(attack, matcher(List.of(RulePackReader.own()))).unvaried())
                .allSatisfy((step, matches) -> assertThat(matches).as(step.name()).isNotEmpty());
    }

    private String introduction() {
        return """
        # Does it know the attack, or the recording?

        Made by `MAVEN_ARGS="-Dyagura.overfit.seed=%d -Dyagura.overfit.count=%d -Dyagura.docs.write=true" ./yagura test --long overfit`,
        over [the recorded attack](../../sandbox/scenario/README.md).

        - **Named rules.** Each step is looked at without the worst rule that names its technique, and without every rule that
          names it. What is left is how many other rules still alert that very event.
        - **Variations.** What the intruder typed is written in another way, %d random choices of each kind, and the rules look
          again. Recall is the part of the tries in which the step is alerted, counted only where the variation changes the
          event. The variation rewrites events, not the attack: a variation that would not have worked on the host (busybox that
          is not installed) is still tried.

        A step counts as alerted when any rule of any level matches its event. The rules were improved with these very variations
        in view, so the recall below says that they hold, not that the next variation will be seen.

        """
                .formatted(seed, count, count);
    }

    private void report(StringBuilder page, String title, EventMatcher matcher) {
        Recall recall = new Recall(attack, matcher);
        Map<RecordedAttack.Step, List<RuleMatch>> unvaried = recall.unvaried();
        Map<String, Map<RecordedAttack.Step, Recall.Cell>> varied = varied(recall);
        page.append("## ").append(title).append("\n\n### Without the rules that name a step\n\n");
        page.append(OverfitPage.named(unvaried))
                .append("\n")
                .append(OverfitPage.onlyOnes(unvaried));
        page.append("\n### Recall when the recording varies\n\n")
                .append(OverfitPage.recall(varied));
        page.append("\n").append(OverfitPage.recallByStep(varied)).append("\n");
        varied.forEach((variation, cells) ->
                cells.forEach((step, cell) -> {
                    if (cell.seen() < cell.tried()) {
                        System.out.println(
                                variation + " · " + step.name() + " missed: " + cell.missed());
                    }
                }));
    }

    private Map<String, Map<RecordedAttack.Step, Recall.Cell>> varied(Recall recall) {
        Map<String, Map<RecordedAttack.Step, Recall.Cell>> all = new LinkedHashMap<>();
        List<Long> seeds = seeds(seed, count);
        for (Variation variation : variations()) {
            if (variation.systems().contains(attack.device().getOs())) {
                all.put(variation.name(), recall.of(variation, seeds));
            }
        }
        return all;
    }

    private static List<Variation> variations() {
        return Stream.concat(LinuxVariations.all().stream(), WindowsVariations.all().stream())
                .toList();
    }

    static List<Long> seeds(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        return LongStream.generate(random::nextLong).limit(count).boxed().toList();
    }

    /** Somebody else's recordings, with all rules. */
    private String otherRecordings() throws IOException {
        if (!Files.isDirectory(DATA)) {
            System.out.println("no recordings of others at " + DATA.toAbsolutePath().normalize());
            return "None were there.\n";
        }
        EventMatcher all =
                matcher(
                        List.of(
                                RulePackReader.own(),
                                RulePackReader.folder(DATA.resolve("sigma"))));
        PublicRecordings recordings =
                new PublicRecordings(all, seeds(seed, Math.max(1, count / 10)));
        return """
        Public rules and recordings, which are not part of this repository, with the project's own rules. What was typed on
        Windows is written in other ways here, %d random choices of each kind.

        ### Recorded for one rule each

        The events that the rule alerts are looked at without it, and without all rules of its techniques: how many of them
        another rule alerts too. Recall counts alerts of any rule.

        %s
        ### Recorded attacks

        Counted are events alerted at level medium or above. The worst rule is that of the highest level, and of several
        the one with the most events. Recall is that of the first %d alerted events.

        %s\
        """
                .formatted(
                        Math.max(1, count / 10),
                        recordings.regression(DATA.resolve("regression")),
                        PublicRecordings.MOST_STEPS,
                        recordings.attacks(DATA.resolve("telemetry")));
    }

    static EventMatcher matcher(List<RulePack> packs) {
        List<RuleSetCompiler.Input> inputs = new ArrayList<>();
        for (RulePack pack : packs) {
            new RuleLoader()
                    .load(pack).stream()
                            .filter(rule -> rule.state() == Rule.State.ACTIVE)
                            .map(rule -> rule.input(1))
                            .forEach(inputs::add);
        }
        return RuleSetCompiler.compile(1, inputs);
    }
}
