package dev.yagura.cli.attack;

import com.google.protobuf.util.Timestamps;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.AttackCoverage;
import dev.yagura.proto.detection.v1.CoveringRule;
import dev.yagura.proto.detection.v1.TechniqueCoverage;
import dev.yagura.proto.detection.v1.UncountedReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Coverage as a layer of the ATT&amp;CK Navigator, in its layer file format 4.5. Only techniques
 * that are covered have a score: how many rules cover them.
 */
final class NavigatorLayer {
    private static final String FORMAT = "4.5";

    /** The first that reads the format. */
    private static final String NAVIGATOR = "4.9.0";

    private static final String FEW = "#c7e9c0";
    private static final String MANY = "#00682d";
    private static final int BY_SCORE = 3;
    private static final int MOST_RULES = 20;

    private NavigatorLayer() {}

    /**
     * The layer.
     *
     * @param attackVersion of the matrix that it is shown on; the Navigator's own when empty
     */
    static Map<String, Object> of(
            AttackCoverage coverage, String name, Optional<String> attackVersion) {
        int most =
                coverage.getTechniquesList().stream()
                        .mapToInt(TechniqueCoverage::getRulesCount)
                        .max()
                        .orElse(1);
        Map<String, Object> layer = new LinkedHashMap<>();
        layer.put("name", name);
        layer.put("versions", versions(attackVersion));
        layer.put("domain", "enterprise-attack");
        layer.put("description", description(coverage));
        layer.put("sorting", BY_SCORE);
        layer.put("layout", layout());
        layer.put("hideDisabled", false);
        layer.put("techniques", techniques(coverage));
        layer.put("gradient", gradient(most));
        layer.put("legendItems", legend(most));
        layer.put("metadata", metadata(coverage));
        return layer;
    }

    private static Map<String, Object> versions(Optional<String> attackVersion) {
        Map<String, Object> versions = new LinkedHashMap<>();
        attackVersion.ifPresent(version -> versions.put("attack", version));
        versions.put("navigator", NAVIGATOR);
        versions.put("layer", FORMAT);
        return versions;
    }

    private static String description(AttackCoverage coverage) {
        return "Techniques of rules that alert, are proven by passing cases or regression data, and"
                + " whose telemetry arrived within "
                + window(coverage)
                + " before "
                + Timestamps.toString(coverage.getCreateTime())
                + ". The score is the number of such rules; what has none is not known to be"
                + " covered.";
    }

    private static String window(AttackCoverage coverage) {
        return java.time.Duration.ofSeconds(coverage.getWindow().getSeconds()).toHours() + " hours";
    }

    private static Map<String, Object> layout() {
        Map<String, Object> layout = new LinkedHashMap<>();
        layout.put("layout", "side");
        layout.put("showID", true);
        layout.put("showName", true);
        layout.put("showAggregateScores", true);
        layout.put("countUnscored", false);
        layout.put("aggregateFunction", "sum");
        layout.put("expandedSubtechniques", "annotated");
        return layout;
    }

    private static List<Object> techniques(AttackCoverage coverage) {
        Set<String> withParts =
                coverage.getTechniquesList().stream()
                        .map(TechniqueCoverage::getTechnique)
                        .filter(technique -> technique.contains("."))
                        .map(technique -> technique.substring(0, technique.indexOf('.')))
                        .collect(Collectors.toSet());
        List<Object> techniques = new ArrayList<>();
        for (TechniqueCoverage covered : coverage.getTechniquesList()) {
            // Without a tactic it is shown under each that the technique has: a rule's tags do not
            // say which of its tactics belongs to which of its techniques.
            Map<String, Object> technique = new LinkedHashMap<>();
            technique.put("techniqueID", covered.getTechnique());
            technique.put("score", covered.getRulesCount());
            technique.put("comment", comment(covered.getRulesList()));
            technique.put("enabled", true);
            technique.put("metadata", metadata(covered.getRulesList()));
            if (withParts.contains(covered.getTechnique())) {
                technique.put("showSubtechniques", true);
            }
            techniques.add(technique);
        }
        return techniques;
    }

    private static String comment(List<CoveringRule> rules) {
        return rules.stream()
                        .limit(MOST_RULES)
                        .map(rule ->
                                "%s (%s, %s)"
                                        .formatted(
                                                rule.getTitle(),
                                                Texts.of(rule.getSeverity()),
                                                proof(rule)))
                        .collect(Collectors.joining("\n"))
                + (rules.size() > MOST_RULES
                        ? "\nand " + (rules.size() - MOST_RULES) + " more"
                        : "");
    }

    private static String proof(CoveringRule rule) {
        return Texts.constant(rule.getProof(), "RULE_PROOF_");
    }

    private static List<Object> metadata(List<CoveringRule> rules) {
        List<Object> metadata = new ArrayList<>();
        rules.stream()
                .limit(MOST_RULES)
                .forEach(rule -> metadata.add(entry("rule", rule.getName())));
        Set<String> logSources = new TreeSet<>();
        rules.forEach(rule -> logSources.add(rule.getLogsource()));
        logSources.forEach(logSource -> metadata.add(entry("log source", logSource)));
        return metadata;
    }

    private static Map<String, Object> gradient(int most) {
        List<Object> colors = new ArrayList<>();
        colors.add(FEW);
        colors.add(MANY);
        Map<String, Object> gradient = new LinkedHashMap<>();
        gradient.put("colors", colors);
        gradient.put("minValue", 0);
        gradient.put("maxValue", most);
        return gradient;
    }

    private static List<Object> legend(int most) {
        List<Object> legend = new ArrayList<>();
        legend.add(legend("fewer proven rules", FEW));
        legend.add(legend(most == 1 ? "1 proven rule" : most + " proven rules", MANY));
        return legend;
    }

    private static Map<String, Object> legend(String label, String color) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("label", label);
        item.put("color", color);
        return item;
    }

    private static List<Object> metadata(AttackCoverage coverage) {
        List<Object> metadata = new ArrayList<>();
        metadata.add(entry("created", Timestamps.toString(coverage.getCreateTime())));
        metadata.add(entry("rule set", Long.toString(coverage.getRuleSetVersion())));
        coverage.getUncountedList()
                .forEach(uncounted ->
                        metadata.add(
                                entry(
                                        "rules not counted: " + reason(uncounted.getReason()),
                                        Integer.toString(uncounted.getRuleCount()))));
        return metadata;
    }

    private static Map<String, Object> entry(String name, String value) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", name);
        entry.put("value", value);
        return entry;
    }

    /** For people. */
    static String reason(UncountedReason reason) {
        return switch (reason) {
            case UNCOUNTED_REASON_CANNOT_FIRE -> "invalid or cannot fire";
            case UNCOUNTED_REASON_NOT_ALERTING -> "disabled, in shadow, or no alerts of their own";
            case UNCOUNTED_REASON_UNPROVEN -> "neither cases nor regression data";
            case UNCOUNTED_REASON_PROOF_FAILED -> "cases or regression data do not pass";
            case UNCOUNTED_REASON_NO_TELEMETRY -> "no telemetry of their log source";
            case UNCOUNTED_REASON_CANARY_FAILING -> "the canary of their log source is failing";
            case UNCOUNTED_REASON_UNSPECIFIED, UNRECOGNIZED -> "for a reason that is not known";
        };
    }
}
