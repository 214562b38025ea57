package dev.yagura.detection.rule;

import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.SigmaDocument;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.taxonomy.Taxonomy;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Text of an exception: either a selection (fields and values, or a list of such maps), or a
 * detection with named selections and a condition. It is read as the detection of a Sigma rule of
 * the same log source, by the same parser as rules.
 */
final class ExceptionText {
    private static final String ID = "00000000-0000-4000-8000-000000000000";
    private static final String INDENT = "        ";
    private static final String SELECTION = "exception";
    private static final String CONDITION = "condition:";
    private static final Pattern LINE_BREAK = Pattern.compile("\\R");

    private ExceptionText() {}

    /** The text is no exception; says where. */
    static final class UnusableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnusableException(String problem) {
            super(problem);
        }
    }

    /**
     * Reads the text.
     *
     * @throws UnusableException it is neither form, or no event of the log source can meet it
     */
    static SigmaRule parse(String text, LogSource logSource, RuleMappings mappings) {
        String head = head(logSource);
        boolean whole = isDetection(text);
        String document =
                whole
                        ? head + indented(text)
                        : head
                                + "    "
                                + SELECTION
                                + ":\n"
                                + indented(text)
                                + "    condition: "
                                + SELECTION
                                + "\n";
        int firstLine = (int) head.lines().count() + (whole ? 0 : 1);
        List<SigmaDocument> documents = mappings.parser().parse(document);
        if (documents.size() != 1) {
            throw new UnusableException("is not one YAML document");
        }
        return switch (documents.getFirst()) {
            case SigmaDocument.Valid valid -> usable(valid.rule(), mappings);
            case SigmaDocument.Invalid invalid ->
                    throw new UnusableException(
                            invalid.diagnostics().stream()
                                    .map(diagnostic -> placed(diagnostic, firstLine))
                                    .collect(Collectors.joining("; ")));
            case SigmaDocument.Correlation correlation ->
                    throw new UnusableException("is a correlation; expected a detection");
            case SigmaDocument.Filter filter ->
                    throw new UnusableException("is a filter; expected a detection");
        };
    }

    private static SigmaRule usable(SigmaRule rule, RuleMappings mappings) {
        Taxonomy.Coverage coverage = mappings.coverage(rule);
        if (!coverage.canFire()) {
            throw new UnusableException("can never hold: " + String.join("; ", coverage.reasons()));
        }
        return rule;
    }

    private static String head(LogSource source) {
        return "title: exception\nid: "
                + ID
                + "\nlogsource:\n"
                + part("product", source.product())
                + part("category", source.category())
                + part("service", source.service())
                + "detection:\n";
    }

    private static String part(String key, String value) {
        return value.isEmpty() ? "" : "    " + key + ": '" + value.replace("'", "''") + "'\n";
    }

    /** All lines deeper than any key around them, so that the text cannot leave its place. */
    private static String indented(String text) {
        return lines(text).map(line -> INDENT + line).collect(Collectors.joining("\n")) + "\n";
    }

    /** Whether a key "condition" is at the top, where a selection would have a field. */
    private static boolean isDetection(String text) {
        int indent =
                lines(text)
                        .filter(line -> !line.isBlank() && !line.stripLeading().startsWith("#"))
                        .findFirst()
                        .map(line -> line.length() - line.stripLeading().length())
                        .orElse(0);
        return lines(text).anyMatch(line -> line.startsWith(CONDITION, indent));
    }

    /** Everything that some version of YAML takes for a line break ends a line. */
    private static Stream<String> lines(String text) {
        return LINE_BREAK.splitAsStream(text);
    }

    private static String placed(Diagnostic diagnostic, int firstLine) {
        int line = diagnostic.line() - firstLine;
        int column = diagnostic.column() - INDENT.length();
        return line < 1 || column < 1
                ? diagnostic.message()
                : "line " + line + ", column " + column + ": " + diagnostic.message();
    }
}
