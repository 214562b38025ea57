package dev.yagura.sigma;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads Sigma files. A document that is broken becomes {@link SigmaDocument.Invalid}; the others of
 * the file are read all the same. Stateless, used by any number of threads.
 */
public final class SigmaParser {
    /** Longest file, in characters. */
    public static final int MAX_FILE_LENGTH = 1 << 20;

    private static final int MAX_NESTING = 20;
    private static final int MAX_ALIASES = 50;

    private static final String RULE = "the rule";
    private static final String DETECTION = "detection";

    private final Placeholders placeholders;

    /** A parser that refuses every placeholder. */
    public SigmaParser() {
        this(Placeholders.NONE);
    }

    /** A parser that knows the values of placeholders. */
    public SigmaParser(Placeholders placeholders) {
        this.placeholders = placeholders;
    }

    /** All documents of a file, in order; empty documents are left out. */
    public List<SigmaDocument> parse(String file) {
        if (file.length() > MAX_FILE_LENGTH) {
            return List.of(
                    invalid(
                            Diagnostic.ofFile(
                                    "the file has more than " + MAX_FILE_LENGTH + " characters"),
                            ""));
        }
        List<SigmaDocument> documents = new ArrayList<>();
        for (Chunk chunk : chunks(file)) {
            parse(chunk).ifPresent(documents::add);
        }
        return documents;
    }

    /** Text of one document, and the zero-based line of the file that it starts at. */
    private record Chunk(String text, int firstLine) {}

    /** "---" at the start of a line ends a document, wherever it stands (YAML 1.2, 9.1.2). */
    private static List<Chunk> chunks(String file) {
        List<Chunk> chunks = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int firstLine = 0;
        int line = 0;
        for (String content : file.split("(?<=\n)", -1)) {
            boolean marker = content.stripTrailing().equals("---") || content.startsWith("--- ");
            if (marker && !text.toString().isBlank()) {
                chunks.add(new Chunk(text.toString(), firstLine));
                text.setLength(0);
                firstLine = line;
            }
            text.append(content);
            line++;
        }
        chunks.add(new Chunk(text.toString(), firstLine));
        return chunks;
    }

    private Optional<SigmaDocument> parse(Chunk chunk) {
        Map<String, YamlNode.Entry> entries = Map.of();
        try {
            @Nullable Node root = yaml().compose(new StringReader(chunk.text()));
            if (root == null) {
                return Optional.empty();
            }
            YamlNode document = new YamlNode(root, chunk.firstLine());
            if (document.isNull()) {
                return Optional.empty();
            }
            entries = document.entries();
            return Optional.of(document(document, entries, chunk.text()));
        } catch (SigmaException e) {
            return Optional.of(invalid(e.diagnostic(), chunk, entries));
        } catch (MarkedYAMLException e) {
            return Optional.of(invalid(diagnostic(e, chunk), chunk, entries));
        } catch (YAMLException e) {
            return Optional.of(
                    invalid(
                            new Diagnostic(chunk.firstLine() + 1, 1, oneLine(e.getMessage())),
                            chunk,
                            entries));
        }
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_FILE_LENGTH);
        options.setNestingDepthLimit(MAX_NESTING);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setAllowRecursiveKeys(false);
        return new Yaml(options);
    }

    private SigmaDocument document(
            YamlNode document, Map<String, YamlNode.Entry> entries, String text) {
        YamlNode.Entry action = entries.get("action");
        if (action != null) {
            throw action.key()
                    .failure(
                            "'action' is not of Sigma 2; write whole rules, each with its own"
                                    + " logsource and detection, and split them by '---'");
        }
        YamlNode.Entry correlation = entries.get(CorrelationParser.CORRELATION);
        YamlNode.Entry filter = entries.get(FilterParser.FILTER);
        YamlNode.Entry detection = entries.get(DETECTION);
        if (correlation != null && (filter != null || detection != null)) {
            throw correlation
                    .key()
                    .failure(
                            "a document is one of rule, correlation and filter; split it by"
                                    + " '---'");
        }
        if (filter != null && detection != null) {
            throw filter.key()
                    .failure(
                            "a document is one of rule, correlation and filter; split it by '---'");
        }
        if (correlation != null) {
            return new CorrelationParser(entries, correlation.value()).parse(document, text);
        }
        if (filter != null) {
            return new FilterParser(entries, filter.value(), placeholders).parse(document, text);
        }
        return rule(document, entries, text);
    }

    private SigmaDocument rule(
            YamlNode document, Map<String, YamlNode.Entry> entries, String text) {
        MetadataParser common = new MetadataParser(entries);
        String title = common.title(document);
        YamlNode detection = Keys.required(document, entries, RULE, DETECTION);
        LogSource source =
                References.logSource(Keys.required(document, entries, RULE, "logsource"));
        DetectionParser.Parsed parsed =
                new DetectionParser(placeholders).parse(detection, Set.of());
        SigmaRule rule =
                new SigmaRule(
                        common.id(),
                        title,
                        common.level().orElse(Level.MEDIUM),
                        common.tags(),
                        common.metadata(),
                        source,
                        parsed.selections(),
                        parsed.condition(),
                        parsed.conditionText());
        List<Diagnostic> warnings = new ArrayList<>(common.warnings());
        Set<String> known = new HashSet<>(MetadataParser.KEYS);
        known.addAll(List.of(DETECTION, "logsource"));
        warnings.addAll(Keys.misspelt(entries, known));
        return new SigmaDocument.Valid(rule, warnings, text);
    }

    private static Diagnostic diagnostic(MarkedYAMLException e, Chunk chunk) {
        var mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
        String message = "not YAML: " + oneLine(e.getProblem());
        return mark == null
                ? new Diagnostic(chunk.firstLine() + 1, 1, message)
                : new Diagnostic(
                        chunk.firstLine() + mark.getLine() + 1, mark.getColumn() + 1, message);
    }

    private static String oneLine(@Nullable String text) {
        return text == null ? "malformed" : text.replaceAll("\\s+", " ").strip();
    }

    private static SigmaDocument invalid(
            Diagnostic diagnostic, Chunk chunk, Map<String, YamlNode.Entry> entries) {
        return new SigmaDocument.Invalid(
                scalar(entries, "id").toLowerCase(Locale.ROOT),
                scalar(entries, "title"),
                List.of(diagnostic),
                chunk.text());
    }

    private static SigmaDocument invalid(Diagnostic diagnostic, String text) {
        return new SigmaDocument.Invalid("", "", List.of(diagnostic), text);
    }

    private static String scalar(Map<String, YamlNode.Entry> entries, String key) {
        YamlNode.Entry entry = entries.get(key);
        return entry == null ? "" : entry.value().textIfScalar().orElse("");
    }
}
