package dev.yagura.sandbox.document;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.yagura.sandbox.wire.ApiFault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Replaces {@code {{ name }}} as the SSM agent does (agent/framework/docparser/parameters of
 * amazon-ssm-agent): a text that is nothing but a reference becomes the value; inside a longer text
 * a list is written as JSON, and a dollar sign in the value is taken for a reference to a group of
 * the agent's own regular expression: {@code $HOME} vanishes, {@code $$} becomes one dollar sign.
 */
final class Replacement {
    private static final Pattern REFERENCE = Pattern.compile("\\{\\{\\s*([a-zA-Z0-9]+)\\s*}}");

    /** References to what the sandbox does not have: {@code {{ ssm:name }}}, {@code {{a_b}}}. */
    private static final Pattern FOREIGN =
            Pattern.compile("\\{\\{\\s*([a-zA-Z][a-zA-Z0-9_-]*(?::[^}]*)?)\\s*}}");

    private static final Pattern GROUP = Pattern.compile("\\$(\\$|\\w+|\\{\\w+})");

    private final Map<String, List<String>> values;
    private final Set<String> lists;

    /**
     * @param values of every declared parameter
     * @param lists names of those that are a StringList
     * @throws ApiFault InvalidParameters if a value holds a reference: the agent replaces that too
     *     or not, as its map happens to be ordered
     */
    Replacement(Map<String, List<String>> values, Set<String> lists) {
        this.values = values;
        this.lists = lists;
        values.forEach((name, all) ->
                all.stream()
                        .flatMap(text -> foreign(text).stream())
                        .filter(other -> other.contains(":") || values.containsKey(other))
                        .findFirst()
                        .ifPresent(other -> {
                            throw ApiFault.of(
                                    "InvalidParameters",
                                    "The value of %s contains a reference to %s; the sandbox replaces none"
                                            + " inside values.",
                                    name,
                                    other);
                        }));
    }

    /** The parameter if a text is a reference to it and nothing else. */
    static Optional<String> onlyReference(String text) {
        Matcher matcher = REFERENCE.matcher(text);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Everything that a text refers to, declared or not. */
    static List<String> references(String text) {
        return Stream.concat(
                        REFERENCE.matcher(text).results().map(found -> found.group(1)),
                        foreign(text).stream())
                .distinct()
                .toList();
    }

    private static List<String> foreign(String text) {
        return FOREIGN.matcher(text).results().map(found -> found.group(1).strip()).toList();
    }

    /** The lines of a script. */
    List<String> lines(List<String> written) {
        Optional<String> list = onlyReference(written.getFirst()).filter(lists::contains);
        return list.isPresent() ? value(list.get()) : written.stream().map(this::text).toList();
    }

    String text(String written) {
        Optional<String> only = onlyReference(written).filter(values::containsKey);
        if (only.isPresent()) {
            return value(only.get()).getFirst();
        }
        return REFERENCE
                .matcher(written)
                .replaceAll(found ->
                        Matcher.quoteReplacement(
                                values.containsKey(found.group(1))
                                        ? inText(found.group(1))
                                        : found.group()));
    }

    private String inText(String name) {
        List<String> value = value(name);
        return withoutGroups(lists.contains(name) ? json(value) : value.getFirst());
    }

    private List<String> value(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** As the agent's language expands a replacement in which no group exists. */
    private static String withoutGroups(String value) {
        return GROUP.matcher(value)
                .replaceAll(
                        found -> found.group(1).equals("$") ? Matcher.quoteReplacement("$") : "");
    }

    /** As the agent's language writes JSON, which escapes what HTML minds. */
    private static String json(List<String> value) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        value.forEach(array::add);
        return array.toString()
                .replace("&", "\\u0026")
                .replace("<", "\\u003c")
                .replace(">", "\\u003e");
    }
}
