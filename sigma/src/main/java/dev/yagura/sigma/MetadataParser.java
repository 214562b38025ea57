package dev.yagura.sigma;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what all kinds of documents have: id, title, level, tags and {@link Metadata}. */
final class MetadataParser {
    static final Set<String> KEYS =
            Set.of(
                    "title",
                    "id",
                    "related",
                    "name",
                    "taxonomy",
                    "status",
                    "description",
                    "license",
                    "references",
                    "author",
                    "date",
                    "modified",
                    "fields",
                    "falsepositives",
                    "level",
                    "tags",
                    "scope");

    private static final int MAX_SHORT = 256;
    private static final int MAX_LONG = 65_535;
    private static final int MIN_LISTED = 2;
    private static final Pattern DATE =
            Pattern.compile("[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])");
    private static final Pattern TAG = Pattern.compile("[a-z0-9_-]+\\.[a-z0-9._-]+");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern OTHER_ID = Pattern.compile("\\S{1,256}");

    private final Map<String, YamlNode.Entry> entries;
    private final List<Diagnostic> warnings = new ArrayList<>();

    MetadataParser(Map<String, YamlNode.Entry> entries) {
        this.entries = entries;
    }

    /** What is odd, but leaves the document valid. */
    List<Diagnostic> warnings() {
        return warnings;
    }

    Metadata metadata() {
        return new Metadata(
                text("name", MAX_SHORT),
                taxonomy(),
                status(),
                text("description", MAX_LONG),
                text("license", MAX_LONG),
                text("author", MAX_LONG),
                list("references", 0),
                date("date"),
                date("modified"),
                related(),
                list("fields", 0),
                falsePositives(),
                list("scope", MIN_LISTED));
    }

    String title(YamlNode document) {
        Keys.required(document, entries, "the rule", "title");
        return text("title", MAX_SHORT);
    }

    /** Lower case when it is a UUID; empty when there is none. */
    String id() {
        @Nullable YamlNode node = value("id");
        if (node == null) {
            return "";
        }
        String id = node.string("id");
        String lower = id.toLowerCase(Locale.ROOT);
        if (UUID.matcher(lower).matches()) {
            return lower;
        }
        if (!OTHER_ID.matcher(id).matches()) {
            throw node.failure("id is a UUID, or at least one word of up to 256 characters");
        }
        warnings.add(node.diagnostic("id is no UUID, which the specification recommends"));
        return id;
    }

    Optional<Level> level() {
        return choice("level", Level.class);
    }

    List<String> tags() {
        List<String> tags = list("tags", 0);
        for (int i = 0; i < tags.size(); i++) {
            if (!TAG.matcher(tags.get(i)).matches()) {
                throw entry("tags")
                        .items()
                        .get(i)
                        .failure(
                                "a tag is a namespace, a dot and a name, in lower case, such as"
                                        + " attack.t1059");
            }
        }
        return tags;
    }

    private Optional<Metadata.Status> status() {
        return choice("status", Metadata.Status.class);
    }

    private <E extends Enum<E>> Optional<E> choice(String key, Class<E> type) {
        @Nullable YamlNode node = value(key);
        return node == null ? Optional.empty() : Optional.of(choice(key, node, type));
    }

    private static <E extends Enum<E>> E choice(String key, YamlNode node, Class<E> type) {
        String written = node.string(key);
        List<String> known =
                Arrays.stream(type.getEnumConstants())
                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                        .toList();
        if (!known.contains(written)) {
            throw node.failure(
                    key + " is one of " + String.join(", ", known) + Spelling.hint(written, known));
        }
        return Enum.valueOf(type, written.toUpperCase(Locale.ROOT));
    }

    private String taxonomy() {
        String taxonomy = text("taxonomy", MAX_SHORT);
        return taxonomy.isEmpty() ? Metadata.DEFAULT_TAXONOMY : taxonomy;
    }

    private Optional<LocalDate> date(String key) {
        @Nullable YamlNode node = value(key);
        if (node == null) {
            return Optional.empty();
        }
        String written = node.string(key);
        try {
            if (DATE.matcher(written).matches()) {
                return Optional.of(LocalDate.parse(written));
            }
        } catch (DateTimeException e) {
            throw node.failure(key + ": there is no day " + written);
        }
        throw node.failure(key + " is a date like 2025-08-02");
    }

    private List<Metadata.Related> related() {
        @Nullable YamlNode node = value("related");
        if (node == null) {
            return List.of();
        }
        List<Metadata.Related> related = new ArrayList<>();
        for (YamlNode item : node.items()) {
            Map<String, YamlNode.Entry> parts = item.entries();
            YamlNode id = Keys.required(item, parts, "related", "id");
            YamlNode type = Keys.required(item, parts, "related", "type");
            related.add(
                    new Metadata.Related(
                            id.string("id"), choice("type", type, Metadata.Relation.class)));
        }
        return related;
    }

    private List<String> falsePositives() {
        @Nullable YamlNode node = value("falsepositives");
        boolean single = node != null && !node.isSequence() && entries.containsKey("correlation");
        return single
                ? List.of(listed(entry("falsepositives"), "falsepositives", MIN_LISTED))
                : list("falsepositives", MIN_LISTED);
    }

    private String text(String key, int longest) {
        @Nullable YamlNode node = value(key);
        if (node == null) {
            return "";
        }
        String text = node.string(key);
        if (text.codePointCount(0, text.length()) > longest) {
            throw node.failure(key + " has more than " + longest + " characters");
        }
        return text;
    }

    private List<String> list(String key, int shortest) {
        @Nullable YamlNode node = value(key);
        if (node == null) {
            return List.of();
        }
        if (!node.isSequence()) {
            throw node.failure(key + " is a list, not " + node.kind());
        }
        Set<String> seen = new HashSet<>();
        return node.items().stream()
                .map(item -> {
                    String text = listed(item, key, shortest);
                    if (!seen.add(text) && !key.equals("scope")) {
                        throw item.failure("'" + text + "' is there twice in " + key);
                    }
                    return text;
                })
                .collect(Collectors.toUnmodifiableList());
    }

    private static String listed(YamlNode item, String key, int shortest) {
        String text = item.string("each of " + key);
        if (text.length() < shortest) {
            throw item.failure("each of " + key + " has at least " + shortest + " characters");
        }
        return text;
    }

    /** Null when the key is absent; a key without a value is refused as the schema does. */
    private @Nullable YamlNode value(String key) {
        YamlNode.Entry entry = entries.get(key);
        if (entry != null && entry.value().isNull()) {
            throw entry.key().failure(key + " has no value; leave the key out");
        }
        return entry == null ? null : entry.value();
    }

    private YamlNode entry(String key) {
        return Objects.requireNonNull(entries.get(key), key).value();
    }
}
