package dev.yagura.cli.attack;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The tables of the layer file format 4.5 of the ATT&amp;CK Navigator (layers/spec/v4.5 in its
 * repository): properties, types, which are required, and the values that are allowed.
 */
final class LayerFormat {
    private static final Pattern TECHNIQUE = Pattern.compile("T\\d{4}(\\.\\d{3})?");
    private static final Pattern COLOR = Pattern.compile("#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?");
    private static final Pattern NAVIGATOR =
            Pattern.compile("(4\\.9|4\\.[1-9]\\d|5\\.\\d+)\\.\\d+");

    private final List<String> problems = new ArrayList<>();

    private record Property(boolean required, Predicate<JsonElement> type) {}

    private static final Predicate<JsonElement> TEXT =
            value -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
    private static final Predicate<JsonElement> NUMBER =
            value -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    private static final Predicate<JsonElement> FLAG =
            value -> value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean();
    private static final Predicate<JsonElement> OBJECT = JsonElement::isJsonObject;
    private static final Predicate<JsonElement> ARRAY = JsonElement::isJsonArray;

    private static final Map<String, Property> LAYER =
            Map.ofEntries(
                    Map.entry("versions", optional(OBJECT)),
                    Map.entry("name", required(TEXT)),
                    Map.entry("description", optional(TEXT)),
                    Map.entry(
                            "domain",
                            required(oneOf("enterprise-attack", "mobile-attack", "ics-attack"))),
                    Map.entry("customDataURL", optional(TEXT)),
                    Map.entry("filters", optional(OBJECT)),
                    Map.entry("sorting", optional(within(0, 3))),
                    Map.entry("layout", optional(OBJECT)),
                    Map.entry("hideDisabled", optional(FLAG)),
                    Map.entry("techniques", optional(ARRAY)),
                    Map.entry("gradient", optional(OBJECT)),
                    Map.entry("legendItems", optional(ARRAY)),
                    Map.entry("showTacticRowBackground", optional(FLAG)),
                    Map.entry("tacticRowBackground", optional(TEXT)),
                    Map.entry("selectTechniquesAcrossTactics", optional(FLAG)),
                    Map.entry("selectSubtechniquesWithParent", optional(FLAG)),
                    Map.entry("selectVisibleTechniques", optional(FLAG)),
                    Map.entry("metadata", optional(ARRAY)),
                    Map.entry("links", optional(ARRAY)));

    private static final Map<String, Property> VERSIONS =
            Map.of(
                    "attack", optional(TEXT),
                    "navigator", required(text(NAVIGATOR)),
                    "layer", required(oneOf("4.5")));

    private static final Map<String, Property> TECHNIQUES =
            Map.of(
                    "techniqueID", required(text(TECHNIQUE)),
                    "tactic", optional(TEXT),
                    "comment", optional(TEXT),
                    "enabled", optional(FLAG),
                    "score", optional(NUMBER),
                    "color", optional(TEXT),
                    "metadata", optional(ARRAY),
                    "links", optional(ARRAY),
                    "showSubtechniques", optional(FLAG));

    private static final Map<String, Property> LAYOUT =
            Map.of(
                    "layout", optional(oneOf("side", "flat", "mini")),
                    "showID", optional(FLAG),
                    "showName", optional(FLAG),
                    "showAggregateScores", optional(FLAG),
                    "countUnscored", optional(FLAG),
                    "aggregateFunction", optional(oneOf("average", "min", "max", "sum")),
                    "expandedSubtechniques", optional(oneOf("none", "all", "annotated")));

    private static final Map<String, Property> GRADIENT =
            Map.of(
                    "colors", required(ARRAY),
                    "minValue", required(NUMBER),
                    "maxValue", required(NUMBER));

    private static final Map<String, Property> LEGEND =
            Map.of("label", required(TEXT), "color", required(text(COLOR)));

    private static final Map<String, Property> METADATA =
            Map.of("name", required(TEXT), "value", required(TEXT));

    private LayerFormat() {}

    /** What is wrong with a layer; empty for one that the Navigator takes. */
    static List<String> problems(JsonObject layer) {
        LayerFormat format = new LayerFormat();
        format.layer(layer);
        return format.problems;
    }

    private void layer(JsonObject layer) {
        check("layer", layer, LAYER);
        object(layer, "versions", VERSIONS);
        object(layer, "layout", LAYOUT);
        object(layer, "gradient", GRADIENT);
        gradient(layer);
        each(layer, "legendItems", LEGEND);
        each(layer, "metadata", METADATA);
        each(layer, "techniques", TECHNIQUES);
        for (JsonElement technique : array(layer, "techniques")) {
            each(technique.getAsJsonObject(), "metadata", METADATA);
        }
    }

    private void gradient(JsonObject layer) {
        if (layer.get("gradient") instanceof JsonObject gradient) {
            if (array(gradient, "colors").size() < 2) {
                problems.add("gradient.colors: at least two");
            }
            for (JsonElement color : array(gradient, "colors")) {
                if (!text(COLOR).test(color)) {
                    problems.add("gradient.colors: " + color);
                }
            }
            if (gradient.get("maxValue").getAsDouble() <= gradient.get("minValue").getAsDouble()) {
                problems.add("gradient: maxValue must be > minValue");
            }
        }
    }

    private void object(JsonObject owner, String key, Map<String, Property> properties) {
        if (owner.get(key) instanceof JsonObject object) {
            check(key, object, properties);
        }
    }

    private void each(JsonObject owner, String key, Map<String, Property> properties) {
        for (JsonElement element : array(owner, key)) {
            check(key, element.getAsJsonObject(), properties);
        }
    }

    private static JsonArray array(JsonObject owner, String key) {
        return owner.get(key) instanceof JsonArray array ? array : new JsonArray();
    }

    private void check(String where, JsonObject object, Map<String, Property> properties) {
        properties.forEach((name, property) -> {
            JsonElement value = object.get(name);
            if (value == null) {
                if (property.required()) {
                    problems.add(where + ": " + name + " is required");
                }
            } else if (!property.type().test(value)) {
                problems.add(where + ": " + name + " cannot be " + value);
            }
        });
        for (String name : object.keySet()) {
            if (!properties.containsKey(name)) {
                problems.add(where + ": there is no " + name);
            }
        }
    }

    private static Property required(Predicate<JsonElement> type) {
        return new Property(true, type);
    }

    private static Property optional(Predicate<JsonElement> type) {
        return new Property(false, type);
    }

    private static Predicate<JsonElement> oneOf(String... values) {
        return TEXT.and(value -> Set.of(values).contains(value.getAsString()));
    }

    private static Predicate<JsonElement> text(Pattern pattern) {
        return TEXT.and(value -> pattern.matcher(value.getAsString()).matches());
    }

    private static Predicate<JsonElement> within(int least, int most) {
        return NUMBER.and(value -> value.getAsInt() >= least && value.getAsInt() <= most);
    }
}
