package dev.yagura.sandbox.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Parameters of a call, flattened: {@code Filter.1.Name}, {@code InstanceIds.2}. The {@code member}
 * parts of AWS's Query protocol are left out, JSON members and list positions are joined by dots,
 * so that every protocol reads alike.
 */
public final class Parameters {
    private static final Pattern INDEX = Pattern.compile("\\d{1,6}");

    private final SortedMap<String, String> values;

    public Parameters(Map<String, String> values) {
        this.values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    public Map<String, String> asMap() {
        return values;
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public String required(String name) {
        return text(name).filter(value -> !value.isEmpty()).orElseThrow(() -> missing(name));
    }

    public Optional<Integer> integer(String name) {
        try {
            return text(name).map(Integer::valueOf);
        } catch (NumberFormatException e) {
            throw ApiFault.of(
                    "InvalidParameterValue",
                    "Invalid value '%s' for %s. It must be an integer.",
                    text(name).orElse(""),
                    name);
        }
    }

    public Optional<Boolean> flag(String name) {
        return text(name)
                .map(value ->
                        switch (value) {
                            case "true" -> true;
                            case "false" -> false;
                            default ->
                                    throw ApiFault.of(
                                            "InvalidParameterValue",
                                            "Invalid value '%s' for %s. It must be true or"
                                                    + " false.",
                                            value,
                                            name);
                        });
    }

    /** Values of {@code name.1}, {@code name.2}, … in that order. */
    public List<String> list(String name) {
        return structures(name).stream().flatMap(item -> item.text("").stream()).toList();
    }

    /** Parameters under {@code name.1.}, {@code name.2.}, … in that order. */
    public List<Parameters> structures(String name) {
        Map<Integer, Map<String, String>> items = new TreeMap<>();
        under(name)
                .forEach((key, value) -> {
                    int dot = key.indexOf('.');
                    String index = dot < 0 ? key : key.substring(0, dot);
                    if (INDEX.matcher(index).matches()) {
                        items.computeIfAbsent(Integer.valueOf(index), at -> new TreeMap<>())
                                .put(dot < 0 ? "" : key.substring(dot + 1), value);
                    }
                });
        List<Parameters> structures = new ArrayList<>();
        items.values().forEach(item -> structures.add(new Parameters(item)));
        return structures;
    }

    /** Parameters under {@code name.}, without that prefix. */
    public Parameters structure(String name) {
        return new Parameters(under(name));
    }

    /** Keys of a map parameter: the parts after {@code name.}, up to the next dot. */
    public List<String> keys(String name) {
        return under(name).keySet().stream()
                .map(key -> key.contains(".") ? key.substring(0, key.indexOf('.')) : key)
                .distinct()
                .toList();
    }

    /** Whether {@code name} or something under it was given. */
    public boolean has(String name) {
        return values.containsKey(name) || !under(name).isEmpty();
    }

    /** Names with every list position written as {@code N}, for comparison with what is known. */
    Stream<String> shapes() {
        return values.keySet().stream().map(key -> key.replaceAll("(?<=\\.)\\d+(?=\\.|$)", "N"));
    }

    static ApiFault missing(String name) {
        return ApiFault.of("MissingParameter", "The request must contain the parameter %s", name);
    }

    private SortedMap<String, String> under(String name) {
        String prefix = name + ".";
        SortedMap<String, String> found = new TreeMap<>();
        values.tailMap(prefix)
                .forEach((key, value) -> {
                    if (key.startsWith(prefix)) {
                        found.put(key.substring(prefix.length()), value);
                    }
                });
        return found;
    }
}
