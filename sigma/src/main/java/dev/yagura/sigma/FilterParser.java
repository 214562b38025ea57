package dev.yagura.sigma;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a document of kind filter. */
final class FilterParser {
    static final String FILTER = "filter";

    private static final String WHERE = "the filter";
    private static final String RULES = "rules";

    private final Map<String, YamlNode.Entry> document;
    private final YamlNode section;
    private final Placeholders placeholders;

    FilterParser(
            Map<String, YamlNode.Entry> document, YamlNode section, Placeholders placeholders) {
        this.document = document;
        this.section = section;
        this.placeholders = placeholders;
    }

    SigmaDocument.Filter parse(YamlNode node, String text) {
        MetadataParser common = new MetadataParser(document);
        String title = common.title(node);
        LogSource source = References.logSource(Keys.required(node, document, WHERE, "logsource"));
        Map<String, YamlNode.Entry> entries = section.entries();
        YamlNode rules = Keys.required(section, entries, WHERE, RULES);
        Keys.required(section, entries, WHERE, "selection");
        YamlNode condition = Keys.required(section, entries, WHERE, "condition");
        condition.string("condition");
        DetectionParser.Parsed parsed =
                new DetectionParser(placeholders).parse(section, Set.of(RULES));
        SigmaFilter filter =
                new SigmaFilter(
                        common.id(),
                        title,
                        common.metadata(),
                        source,
                        References.rules(rules),
                        parsed.selections(),
                        parsed.condition(),
                        parsed.conditionText());
        List<Diagnostic> warnings = new ArrayList<>(common.warnings());
        if (!negates(filter)) {
            warnings.add(
                    condition.diagnostic(
                            "the rules keep only what meets this condition; to leave out what a"
                                    + " selection describes, write 'not "
                                    + filter.conditionText()
                                    + "'"));
        }
        Set<String> known = new HashSet<>(MetadataParser.KEYS);
        known.addAll(Set.of(FILTER, "logsource"));
        warnings.addAll(Keys.misspelt(document, known));
        return new SigmaDocument.Filter(filter, warnings, text);
    }

    private static boolean negates(SigmaFilter filter) {
        return negates(filter.condition())
                || filter.selections().values().stream().anyMatch(FilterParser::negates);
    }

    private static boolean negates(Condition condition) {
        return switch (condition) {
            case Condition.Not not -> true;
            case Condition.And(var parts) -> parts.stream().anyMatch(FilterParser::negates);
            case Condition.Or(var parts) -> parts.stream().anyMatch(FilterParser::negates);
            case Condition.Selection selection -> false;
            case Condition.AtLeast several -> false;
        };
    }

    private static boolean negates(Detection detection) {
        return switch (detection) {
            case Detection.Not not -> true;
            case Detection.All(var parts) -> parts.stream().anyMatch(FilterParser::negates);
            case Detection.Any(var parts) -> parts.stream().anyMatch(FilterParser::negates);
            case Detection.Test test -> false;
        };
    }
}
