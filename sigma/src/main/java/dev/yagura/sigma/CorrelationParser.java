package dev.yagura.sigma;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a document of kind correlation. */
final class CorrelationParser {
    static final String CORRELATION = "correlation";

    private static final String GROUP_BY = "group-by";
    private static final String GENERATE = "generate";
    private static final String WHERE = "the correlation";
    private static final Set<String> KEYS =
            Set.of("type", "rules", "aliases", GROUP_BY, "timespan", "condition", GENERATE);
    private static final Pattern TIMESPAN = Pattern.compile("([0-9]{1,9})([smhd])");
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final Map<String, YamlNode.Entry> document;
    private final YamlNode section;
    private final Map<String, YamlNode.Entry> entries;

    CorrelationParser(Map<String, YamlNode.Entry> document, YamlNode section) {
        this.document = document;
        this.section = section;
        entries = section.entries();
    }

    SigmaDocument.Correlation parse(YamlNode node, String text) {
        MetadataParser common = new MetadataParser(document);
        String title = common.title(node);
        SigmaCorrelation.Type type = type();
        List<Reference> rules = References.rules(required("rules"));
        Map<String, Map<String, String>> aliases = aliases(rules);
        List<String> groupBy = References.texts(required(GROUP_BY), GROUP_BY);
        Duration timespan = timespan();
        CorrelationCondition condition = condition(type, rules.size());
        boolean generate = generate();
        Keys.refuseUnknown(entries, WHERE, KEYS);
        SigmaCorrelation correlation =
                new SigmaCorrelation(
                        common.id(),
                        title,
                        common.level(),
                        common.tags(),
                        common.metadata(),
                        type,
                        rules,
                        groupBy,
                        aliases,
                        timespan,
                        condition.bounds(),
                        condition.fields(),
                        condition.percentile(),
                        generate);
        List<Diagnostic> warnings = new ArrayList<>(common.warnings());
        warnings.addAll(unused(correlation));
        Set<String> known = new LinkedHashSet<>(MetadataParser.KEYS);
        known.addAll(List.of(CORRELATION, GENERATE));
        warnings.addAll(Keys.misspelt(document, known));
        return new SigmaDocument.Correlation(correlation, warnings, text);
    }

    private SigmaCorrelation.Type type() {
        YamlNode node = required("type");
        String written = node.string("type");
        if (written.equals("value_median")) {
            throw node.failure(
                    "the specification has no value_median; write value_percentile with"
                            + " 'percentile: 50' in its condition");
        }
        List<String> known =
                Arrays.stream(SigmaCorrelation.Type.values())
                        .map(type -> type.name().toLowerCase(Locale.ROOT))
                        .toList();
        if (!known.contains(written)) {
            throw node.failure(
                    "type is one of " + String.join(", ", known) + Spelling.hint(written, known));
        }
        return SigmaCorrelation.Type.valueOf(written.toUpperCase(Locale.ROOT));
    }

    private CorrelationCondition condition(SigmaCorrelation.Type type, int rules) {
        YamlNode.Entry entry = entries.get("condition");
        boolean temporal =
                type == SigmaCorrelation.Type.TEMPORAL
                        || type == SigmaCorrelation.Type.TEMPORAL_ORDERED;
        if (entry == null && temporal) {
            return CorrelationCondition.allOf(rules);
        }
        return CorrelationCondition.parse(
                required("condition"), type, temporal ? Optional.of(rules) : Optional.empty());
    }

    private Duration timespan() {
        YamlNode node = required("timespan");
        Matcher matcher = TIMESPAN.matcher(node.text());
        if (!matcher.matches()) {
            throw node.failure(
                    "timespan is a number and one of s, m, h, d, in lower case, such as 90m");
        }
        long number = Long.parseLong(matcher.group(1));
        Duration span =
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                };
        if (span.isZero() || span.compareTo(LONGEST) > 0) {
            throw node.failure(
                    "timespan is from 1s to " + LONGEST.toDays() + "d, not " + node.text());
        }
        return span;
    }

    private Map<String, Map<String, String>> aliases(List<Reference> rules) {
        YamlNode.Entry entry = entries.get("aliases");
        if (entry == null) {
            return Map.of();
        }
        List<String> known = rules.stream().map(Reference::rule).toList();
        Map<String, Map<String, String>> aliases = new LinkedHashMap<>();
        for (Map.Entry<String, YamlNode.Entry> alias : entry.value().entries().entrySet()) {
            Map<String, String> fields = new LinkedHashMap<>();
            alias.getValue()
                    .value()
                    .entries()
                    .forEach((written, field) -> {
                        String rule = References.normal(written);
                        if (!known.contains(rule)) {
                            throw field.key()
                                    .failure(
                                            "'"
                                                    + written
                                                    + "' is not among the correlation's rules"
                                                    + Spelling.hint(written, known));
                        }
                        fields.put(rule, field.value().string("the field"));
                    });
            known.stream()
                    .filter(rule -> !fields.containsKey(rule))
                    .findFirst()
                    .ifPresent(rule -> {
                        throw alias.getValue()
                                .key()
                                .failure(
                                        "alias '"
                                                + alias.getKey()
                                                + "' names no field for the rule '"
                                                + rule
                                                + "'");
                    });
            aliases.put(alias.getKey(), fields);
        }
        return aliases;
    }

    /** An alias that nothing asks for does nothing. */
    private List<Diagnostic> unused(SigmaCorrelation correlation) {
        List<Diagnostic> warnings = new ArrayList<>();
        for (String alias : correlation.aliases().keySet()) {
            if (!correlation.groupBy().contains(alias) && !correlation.fields().contains(alias)) {
                warnings.add(
                        required("aliases")
                                .diagnostic(
                                        "alias '"
                                                + alias
                                                + "' is in neither group-by nor field"
                                                + Spelling.hint(alias, correlation.groupBy())));
            }
        }
        return warnings;
    }

    /** The text has it beside the correlation, the reference implementation inside. */
    private boolean generate() {
        YamlNode.Entry entry = document.getOrDefault(GENERATE, entries.get(GENERATE));
        if (entry == null) {
            return false;
        }
        if (entry.value().kind() != YamlNode.Kind.BOOLEAN) {
            throw entry.value().failure("generate is true or false, not " + entry.value().kind());
        }
        return Boolean.parseBoolean(entry.value().text());
    }

    private YamlNode required(String key) {
        return Keys.required(section, entries, WHERE, key);
    }
}
