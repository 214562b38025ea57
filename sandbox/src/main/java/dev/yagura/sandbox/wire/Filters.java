package dev.yagura.sandbox.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * EC2's filters of one kind of resource. A resource passes if for every filter one of its values
 * equals one of the filter's; {@code *} and {@code ?} are wildcards, a backslash takes them
 * literally. A filter that the sandbox does not know is refused, as AWS refuses unknown ones.
 */
public final class Filters<T> {
    private static final int MOST_VALUES = 200;

    private final Function<T, Map<String, String>> tags;
    private final Map<String, Function<T, Stream<?>>> fields = new HashMap<>();

    private Filters(Function<T, Map<String, String>> tags) {
        this.tags = tags;
    }

    /** With {@code tag:KEY} and {@code tag-key}. */
    public static <T> Filters<T> tagged(Function<T, Map<String, String>> tags) {
        return new Filters<T>(tags)
                .field("tag-key", resource -> tags.apply(resource).keySet().stream());
    }

    public Filters<T> field(String name, Function<T, Stream<?>> values) {
        fields.put(name, values);
        return this;
    }

    /** The condition of {@code Filter.N.Name} and {@code Filter.N.Value.N}. */
    public Predicate<T> of(Parameters parameters) {
        List<Predicate<T>> conditions = new ArrayList<>();
        for (Parameters filter : parameters.structures("Filter")) {
            String name = filter.required("Name");
            List<String> wanted = filter.list("Value");
            if (wanted.size() > MOST_VALUES) {
                throw ApiFault.of(
                        "FilterLimitExceeded",
                        "The maximum number of filter values specified on a single call is %d",
                        MOST_VALUES);
            }
            conditions.add(condition(name, wanted));
        }
        return resource -> conditions.stream().allMatch(condition -> condition.test(resource));
    }

    private Predicate<T> condition(String name, List<String> wanted) {
        List<Pattern> patterns = wanted.stream().map(Filters::wildcards).toList();
        Function<T, Stream<?>> values = values(name);
        return resource ->
                values.apply(resource)
                        .map(Object::toString)
                        .anyMatch(value ->
                                patterns.stream().anyMatch(p -> p.matcher(value).matches()));
    }

    private Function<T, Stream<?>> values(String name) {
        if (name.startsWith("tag:")) {
            String key = name.substring("tag:".length());
            return resource -> Stream.ofNullable(tags.apply(resource).get(key));
        }
        Function<T, Stream<?>> values = fields.get(name);
        if (values == null) {
            throw ApiFault.of("InvalidParameterValue", "The filter '%s' is invalid", name);
        }
        return values;
    }

    private static Pattern wildcards(String text) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i++;
                regex.append(Pattern.quote(text.substring(i, i + 1)));
            } else if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
