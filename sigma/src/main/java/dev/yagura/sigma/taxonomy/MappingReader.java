package dev.yagura.sigma.taxonomy;

import dev.yagura.sigma.LogSource;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads one mapping file: a YAML document for each table, or for values of placeholders. */
final class MappingReader {
    private static final int MAX_CHARACTERS = 1 << 20;
    private static final Set<String> KEYS =
            Set.of(
                    "description",
                    "logsource",
                    "events",
                    "views",
                    "fields",
                    "unmapped",
                    "patterns",
                    "include");
    private static final String PLACEHOLDERS = "placeholders";
    private static final Set<String> PLACEHOLDER_KEYS = Set.of("description", PLACEHOLDERS);
    private static final Pattern PLACEHOLDER_NAME = Pattern.compile("[A-Za-z0-9_]+");
    private static final Set<String> LOG_SOURCE_KEYS = Set.of("product", "category", "service");
    private static final Set<String> EVENT_KEYS =
            Set.of("source", "os", "class_uid", "activity_id", "channel", "event_id");

    private final String file;
    private final List<MappingTable> tables = new ArrayList<>();
    private final Map<String, Values> placeholders = new LinkedHashMap<>();

    private MappingReader(String file) {
        this.file = file;
    }

    /**
     * What a file says.
     *
     * @param placeholders values by name
     */
    record Content(List<MappingTable> tables, Map<String, Values> placeholders) {
        Content {
            tables = List.copyOf(tables);
            placeholders = Collections.unmodifiableMap(new LinkedHashMap<>(placeholders));
        }
    }

    /** Values of a placeholder, and where they are. */
    record Values(List<String> texts, String file, int line) {
        Values {
            texts = List.copyOf(texts);
        }
    }

    /**
     * Reads the file.
     *
     * @throws MappingException when the text is no mapping file
     */
    static Content read(String file, String text) {
        return new MappingReader(file).content(text);
    }

    private Content content(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        try {
            for (Node document : new Yaml(options).composeAll(new StringReader(text))) {
                if (isOfPlaceholders(document)) {
                    addPlaceholders(document);
                } else {
                    tables.add(table(document));
                }
            }
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new MappingException(file, line, "no YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new MappingException(file, 0, "no YAML: " + e.getMessage());
        }
        return new Content(tables, placeholders);
    }

    private boolean isOfPlaceholders(Node document) {
        return document instanceof MappingNode mapping
                && mapping.getValue().stream()
                        .anyMatch(tuple -> text(tuple.getKeyNode()).equals(PLACEHOLDERS));
    }

    private void addPlaceholders(Node document) {
        Node all = entries(document, PLACEHOLDER_KEYS).get(PLACEHOLDERS);
        for (NodeTuple tuple : mapping(all).getValue()) {
            String name = text(tuple.getKeyNode());
            if (!PLACEHOLDER_NAME.matcher(name).matches()) {
                throw failure(
                        tuple.getKeyNode(),
                        "placeholders: '"
                                + name
                                + "' is no name; write letters, digits and _, without percent"
                                + " signs");
            }
            List<String> texts = texts(tuple.getValueNode());
            if (texts.isEmpty()) {
                throw failure(tuple.getKeyNode(), "placeholders." + name + " has no value");
            }
            Values values = new Values(texts, file, line(tuple.getKeyNode()));
            if (placeholders.put(name, values) != null) {
                throw failure(tuple.getKeyNode(), "placeholders." + name + " is there twice");
            }
        }
    }

    private MappingTable table(Node document) {
        Map<String, Node> entries = entries(document, KEYS);
        String views = entries.containsKey("views") ? text(entries.get("views")) : "event";
        if (!views.equals("event") && !views.equals("record")) {
            throw failure(entries.get("views"), "views: '" + views + "' is not event or record");
        }
        boolean perRecord = views.equals("record");
        List<LogSource> logSources = new ArrayList<>();
        if (entries.containsKey("logsource")) {
            for (Node each : items(entries.get("logsource"))) {
                logSources.add(logSource(each));
            }
        }
        List<EventFilter> events = new ArrayList<>();
        if (entries.containsKey("events")) {
            for (Node each : items(entries.get("events"))) {
                events.add(filter(each));
            }
        }
        return new MappingTable(
                file,
                line(document),
                logSources,
                events,
                perRecord,
                fields(entries, perRecord),
                patterns(entries),
                entries.containsKey("include") ? texts(entries.get("include")) : List.of());
    }

    private LogSource logSource(Node node) {
        Map<String, Node> entries = entries(node, LOG_SOURCE_KEYS);
        if (entries.isEmpty()) {
            throw failure(node, "logsource: name a product, category or service");
        }
        return new LogSource(
                optional(entries, "product"),
                optional(entries, "category"),
                optional(entries, "service"));
    }

    private EventFilter filter(Node node) {
        Map<String, Node> entries = entries(node, EVENT_KEYS);
        if (!entries.containsKey("source") && !entries.containsKey("class_uid")) {
            throw failure(node, "events: name a source or a class_uid");
        }
        return new EventFilter(
                Set.copyOf(list(entries, "source")),
                Set.copyOf(list(entries, "os")),
                numbers(entries, "class_uid"),
                numbers(entries, "activity_id"),
                list(entries, "channel"),
                Set.copyOf(list(entries, "event_id")));
    }

    private Map<String, List<String>> fields(Map<String, Node> entries, boolean perRecord) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        if (entries.containsKey("fields")) {
            for (NodeTuple tuple : mapping(entries.get("fields")).getValue()) {
                String name = text(tuple.getKeyNode());
                List<String> places = texts(tuple.getValueNode());
                for (String place : places) {
                    if (Places.reader(place).isEmpty()) {
                        throw failure(
                                tuple.getValueNode(),
                                "fields."
                                        + name
                                        + ": no place '"
                                        + place
                                        + "' in an event; the reference of log sources lists them");
                    }
                }
                if (fields.put(name, places) != null) {
                    throw failure(tuple.getKeyNode(), "fields." + name + " is there twice");
                }
            }
        }
        String own = perRecord ? Places.RECORD : Places.UNMAPPED;
        for (String name : list(entries, "unmapped")) {
            fields.putIfAbsent(name, List.of(own + name));
        }
        return fields;
    }

    private List<Pattern> patterns(Map<String, Node> entries) {
        List<Pattern> patterns = new ArrayList<>();
        for (String pattern : list(entries, "patterns")) {
            try {
                patterns.add(Pattern.compile(pattern));
            } catch (PatternSyntaxException e) {
                throw failure(
                        entries.get("patterns"),
                        "patterns: '" + pattern + "' is no regular expression");
            }
        }
        return patterns;
    }

    private Set<Integer> numbers(Map<String, Node> entries, String key) {
        Set<Integer> numbers = new LinkedHashSet<>();
        for (String each : list(entries, key)) {
            try {
                numbers.add(Integer.valueOf(each));
            } catch (NumberFormatException e) {
                throw failure(entries.get(key), key + ": '" + each + "' is no number");
            }
        }
        return numbers;
    }

    private Map<String, Node> entries(Node node, Set<String> known) {
        Map<String, Node> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping(node).getValue()) {
            String key = text(tuple.getKeyNode());
            if (!known.contains(key)) {
                throw failure(
                        tuple.getKeyNode(),
                        "unknown key '" + key + "'; known are " + String.join(", ", sorted(known)));
            }
            if (entries.put(key, tuple.getValueNode()) != null) {
                throw failure(tuple.getKeyNode(), "'" + key + "' is there twice");
            }
        }
        return entries;
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }

    private MappingNode mapping(@org.jspecify.annotations.Nullable Node node) {
        if (node instanceof MappingNode mapping) {
            return mapping;
        }
        throw failure(node, "expected keys and values");
    }

    private String optional(Map<String, Node> entries, String key) {
        Node node = entries.get(key);
        return node == null ? "" : text(node);
    }

    private List<String> list(Map<String, Node> entries, String key) {
        Node node = entries.get(key);
        return node == null ? List.of() : texts(node);
    }

    /** A value or a list of values. */
    private List<String> texts(Node node) {
        return items(node).stream().map(this::text).toList();
    }

    private static List<Node> items(Node node) {
        return node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node);
    }

    private String text(@org.jspecify.annotations.Nullable Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw failure(node, "expected a single value");
    }

    private MappingException failure(@org.jspecify.annotations.Nullable Node node, String message) {
        return new MappingException(file, node == null ? 0 : line(node), message);
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
