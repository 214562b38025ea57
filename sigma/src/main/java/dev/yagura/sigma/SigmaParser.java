package dev.yagura.sigma;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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

    private static final Pattern ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

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

    private static Optional<SigmaDocument> parse(Chunk chunk) {
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
            return Optional.of(new SigmaDocument.Valid(rule(document, entries), chunk.text()));
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

    private static SigmaRule rule(YamlNode document, Map<String, YamlNode.Entry> entries) {
        refuseOtherKinds(entries);
        DetectionParser.Parsed detection =
                new DetectionParser().parse(required(document, entries, "detection"));
        return new SigmaRule(
                id(document, entries),
                required(document, entries, "title").text(),
                level(entries),
                tags(entries),
                logSource(required(document, entries, "logsource")),
                detection.selections(),
                detection.condition(),
                detection.conditionText());
    }

    private static void refuseOtherKinds(Map<String, YamlNode.Entry> entries) {
        for (String kind : List.of("correlation", "filter", "action")) {
            YamlNode.Entry entry = entries.get(kind);
            if (entry != null) {
                throw entry.key()
                        .failure(
                                kind.equals("action")
                                        ? "'action' is not of Sigma 2; write whole rules"
                                        : "a document of kind "
                                                + kind
                                                + " is not served, only rules are");
            }
        }
    }

    private static YamlNode required(
            YamlNode document, Map<String, YamlNode.Entry> entries, String key) {
        YamlNode.Entry entry = entries.get(key);
        if (entry == null || entry.value().isNull()) {
            throw (entry == null ? document : entry.key()).failure("the rule has no " + key);
        }
        return entry.value();
    }

    private static String id(YamlNode document, Map<String, YamlNode.Entry> entries) {
        YamlNode node = required(document, entries, "id");
        String id = node.text().toLowerCase(Locale.ROOT);
        if (!ID.matcher(id).matches()) {
            throw node.failure("id is no UUID");
        }
        return id;
    }

    private static Level level(Map<String, YamlNode.Entry> entries) {
        YamlNode.Entry entry = entries.get("level");
        if (entry == null) {
            return Level.MEDIUM;
        }
        try {
            return Level.valueOf(entry.value().text().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw entry.value()
                    .failure("level is one of informational, low, medium, high, critical");
        }
    }

    private static List<String> tags(Map<String, YamlNode.Entry> entries) {
        YamlNode.Entry entry = entries.get("tags");
        return entry == null || entry.value().isNull()
                ? List.of()
                : entry.value().items().stream().map(YamlNode::text).toList();
    }

    private static LogSource logSource(YamlNode node) {
        Map<String, YamlNode.Entry> parts = node.entries();
        LogSource source =
                new LogSource(
                        part(parts, "product"), part(parts, "category"), part(parts, "service"));
        if (source.equals(new LogSource("", "", ""))) {
            throw node.failure("logsource names no product, category or service");
        }
        return source;
    }

    private static String part(Map<String, YamlNode.Entry> parts, String key) {
        YamlNode.Entry entry = parts.get(key);
        return entry == null ? "" : entry.value().text().toLowerCase(Locale.ROOT);
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
