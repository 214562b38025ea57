package dev.yagura.detection.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sigma.SigmaDocument;
import dev.yagura.sigma.SigmaParser;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.canary.Canaries;
import dev.yagura.sigma.engine.RuleSetCompiler;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CanaryRulesTest {
    private static final String PROCESS = "canaries/linux.process_creation.auditd";

    @Test
    void onlyLogSourcesOfRulesHaveCanaries() {
        CanaryRules rules = of("{product: aws, service: cloudtrail}", "eventName: StopLogging");

        assertThat(rules.entries().keySet()).containsExactly("canaries/aws.cloudtrail.cloudtrail");
        assertThat(
                        CanaryRules.of(
                                        Canaries.all(),
                                        List.of(),
                                        (source, field) -> true,
                                        input -> {})
                                .entries())
                .isEmpty();
    }

    @Test
    void rulesWithoutAProductAreForEach() {
        CanaryRules rules = of("{category: process_creation}", "Image: x");

        assertThat(rules.entries().keySet())
                .contains(
                        PROCESS,
                        "canaries/linux.process_creation.sysmon_linux",
                        "canaries/windows.process_creation.sysmon",
                        "canaries/windows.process_creation.windows_event_log");
    }

    @Test
    void theFieldsOfTheRulesAreAskedFor() {
        CanaryRules rules =
                of("{product: linux, category: process_creation}", "{Image: x, CommandLine: y}");

        assertThat(entry(rules).probe().fields()).containsOnlyKeys("Image", "CommandLine");
    }

    @Test
    void aFieldThatNobodyEverDeliveredIsNotAskedForButOneThatGotLostIs() {
        CanaryRules rules =
                CanaryRules.of(
                        Canaries.all(),
                        List.of(
                                rule(
                                        "{product: linux, category: process_creation}",
                                        "{Image: x, Imaginary: y}")),
                        (source, field) -> false,
                        input -> {});

        assertThat(entry(rules).probe().fields()).containsOnlyKeys("Image");
    }

    @Test
    void aRuleThatCannotBeCompiledIsAProblemOfItsCanaryAlone() {
        CanaryRules rules =
                CanaryRules.of(
                        Canaries.all(),
                        List.of(rule("{product: linux, category: process_creation}", "Image: x")),
                        (source, field) -> true,
                        input -> {
                            if (input.reference().getName().equals(PROCESS)) {
                                throw new IllegalArgumentException("no source");
                            }
                        });

        assertThat(entry(rules).problem()).contains("no source");
        assertThat(rules.inputs(3))
                .extracting(input -> input.reference().getName())
                .containsExactly("canaries/linux.process_creation.sysmon_linux");
        assertThat(rules.inputs(3)).allMatch(input -> input.reference().getRuleSetVersion() == 3);
    }

    private static CanaryRules of(String logSource, String selection) {
        return CanaryRules.of(
                Canaries.all(),
                List.of(rule(logSource, selection)),
                (source, field) -> Set.of("Image", "CommandLine", "eventName").contains(field),
                input -> RuleSetCompiler.compile(0, List.of(input)));
    }

    private static CanaryRules.Entry entry(CanaryRules rules) {
        return rules.find(PROCESS).orElseThrow();
    }

    private static SigmaRule rule(String logSource, String selection) {
        String text =
                "title: Some rule\nlogsource: %s\ndetection:\n  selection: %s\n  condition: selection\n"
                        .formatted(
                                logSource,
                                selection.startsWith("{") ? selection : "{" + selection + "}");
        return ((SigmaDocument.Valid) new SigmaParser().parse(text).getFirst()).rule();
    }
}
