package dev.yagura.sandbox.document;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.yagura.sandbox.wire.ApiFault;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A parameter that a document declares.
 *
 * @param isList StringList, otherwise String
 * @param standard values if none are given; null if some must be
 * @param allowedValues empty for any
 * @param allowedPattern that each whole value must match; null for any
 * @param characters how long each value may be
 * @param items how many values a list may have
 */
public record DocumentParameter(
        String name,
        boolean isList,
        String description,
        @Nullable List<String> standard,
        List<String> allowedValues,
        @Nullable Pattern allowedPattern,
        Limits characters,
        Limits items) {
    public DocumentParameter {
        standard = standard == null ? null : List.copyOf(standard);
        allowedValues = List.copyOf(allowedValues);
    }

    /** Both included. */
    record Limits(int smallest, int largest) {
        boolean allow(int size) {
            return size >= smallest && size <= largest;
        }
    }

    public String type() {
        return isList ? "StringList" : "String";
    }

    /** The standard as DescribeDocument shows it, a list as JSON. */
    public Optional<String> standardText() {
        if (standard == null) {
            return Optional.empty();
        }
        if (!isList) {
            return Optional.of(standard.getFirst());
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        standard.forEach(array::add);
        return Optional.of(array.toString());
    }

    /**
     * The given values, checked, or the standard.
     *
     * @throws ApiFault InvalidParameters
     */
    List<String> valueOf(@Nullable List<String> given) {
        if (given == null) {
            if (standard == null) {
                throw invalid("Parameter %s is required and has no default.", name);
            }
            return standard;
        }
        if (!isList && given.size() != 1) {
            throw invalid("Parameter %s is a String and takes exactly one value.", name);
        }
        if (isList && !items.allow(given.size())) {
            throw invalid(
                    "Parameter %s takes %d to %d values, not %d.",
                    name, items.smallest(), items.largest(), given.size());
        }
        given.forEach(this::check);
        return given;
    }

    private void check(String value) {
        if (!characters.allow(value.length())) {
            throw invalid(
                    "Parameter %s takes %d to %d characters, not %d.",
                    name, characters.smallest(), characters.largest(), value.length());
        }
        if (!allowedValues.isEmpty() && !allowedValues.contains(value)) {
            throw invalid(
                    "Parameter %s must be one of %s.", name, String.join(", ", allowedValues));
        }
        if (allowedPattern != null && !allowedPattern.matcher(value).matches()) {
            throw invalid(
                    "Parameter %s does not match the allowed pattern %s.", name, allowedPattern);
        }
    }

    private static ApiFault invalid(String format, Object... arguments) {
        return ApiFault.of("InvalidParameters", format, arguments);
    }
}
