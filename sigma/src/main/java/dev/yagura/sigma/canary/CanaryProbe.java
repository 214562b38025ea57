package dev.yagura.sigma.canary;

import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.Detection;
import dev.yagura.sigma.SigmaDocument;
import dev.yagura.sigma.SigmaParser;
import dev.yagura.sigma.engine.RuleSetCompiler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A canary as it is sent and matched.
 *
 * @param event that travels; without times
 * @param fields what the rule asks for, by Sigma's names
 */
public record CanaryProbe(Canary canary, Event event, SortedMap<String, String> fields) {
    public CanaryProbe {
        fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    }

    CanaryProbe(Canary canary, Event event, Map<String, String> fields) {
        this(canary, event, new TreeMap<>(fields));
    }

    /**
     * The rule for the compiler, read by the parser like any other.
     *
     * @param ruleSetVersion number that matches will carry
     */
    public RuleSetCompiler.Input input(long ruleSetVersion) {
        if (!(new SigmaParser().parse(text()).getFirst() instanceof SigmaDocument.Valid valid)) {
            throw new IllegalStateException("the rule of " + canary.name() + " does not parse");
        }
        String id = canary.name();
        return new RuleSetCompiler.Input(
                RuleReference.newBuilder()
                        .setName(canary.name())
                        .setId(id)
                        .setTitle(valid.rule().title())
                        .setRuleSetVersion(ruleSetVersion)
                        .build(),
                Severity.SEVERITY_INFORMATIONAL,
                valid.rule());
    }

    /** The rule as Sigma. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append("title: Canary of ").append(canary.logSource().toString().replace('*', '-'));
        text.append("\nlogsource:");
        part(text, "product", canary.logSource().product());
        part(text, "category", canary.logSource().category());
        part(text, "service", canary.logSource().service());
        text.append("\ndetection:");
        List<String> selections = new ArrayList<>();
        SortedMap<String, String> bound = new TreeMap<>(fields);
        String keyword = bound.remove(Detection.KEYWORDS);
        if (keyword != null) {
            selections.add("keywords");
            text.append("\n  keywords:\n    - ").append(quoted(keyword));
        }
        if (!bound.isEmpty()) {
            selections.add("fields");
            text.append("\n  fields:");
        }
        bound.forEach((field, value) ->
                text.append("\n    ").append(quoted(field)).append(": ").append(quoted(value)));
        return text.append("\n  condition: ")
                .append(String.join(" and ", selections))
                .append("\nlevel: informational\n")
                .toString();
    }

    private static void part(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append("\n  ").append(name).append(": ").append(quoted(value));
        }
    }

    private static String quoted(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
