package dev.yagura.sigma;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values of the placeholders that the modifier expand puts in, by name without the percent signs.
 * Values are Sigma values: they may have wildcards.
 */
public record Placeholders(Map<String, List<String>> values) {
    /** None: every rule with a placeholder is invalid. */
    public static final Placeholders NONE = new Placeholders(Map.of());

    static final int MAX_EXPANSIONS = 10_000;

    /** A pair of backslashes, a percent sign made plain, or a placeholder. */
    private static final Pattern TOKEN = Pattern.compile("\\\\\\\\|\\\\%|%([A-Za-z0-9_]+)%");

    public Placeholders {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        values.forEach((name, list) -> copy.put(name, List.copyOf(list)));
        values = Map.copyOf(copy);
    }

    /**
     * The value with every combination of its placeholders' values.
     *
     * @throws IllegalArgumentException when a placeholder has no values; the text is for the author
     *     of the rule
     */
    List<String> expand(String value) {
        List<String> variants = List.of("");
        Matcher matcher = TOKEN.matcher(value);
        int copied = 0;
        while (matcher.find()) {
            String before = value.substring(copied, matcher.start());
            List<String> here =
                    switch (matcher.group()) {
                        case "\\\\" -> List.of("\\\\");
                        case "\\%" -> List.of("%");
                        default -> of(matcher.group(1));
                    };
            variants = product(variants, before, here);
            copied = matcher.end();
        }
        return product(variants, value.substring(copied), List.of(""));
    }

    private List<String> of(String name) {
        List<String> known = values.getOrDefault(name, List.of());
        if (known.isEmpty()) {
            throw new IllegalArgumentException(
                    "the placeholder '%"
                            + name
                            + "%' has no values; configure some, or leave the rule out"
                            + Spelling.hint(name, values.keySet()));
        }
        return known;
    }

    private static List<String> product(List<String> left, String middle, List<String> right) {
        if ((long) left.size() * right.size() > MAX_EXPANSIONS) {
            throw new IllegalArgumentException(
                    "the placeholders of this value make more than "
                            + MAX_EXPANSIONS
                            + " values; use fewer of them in one value");
        }
        List<String> all = new ArrayList<>(left.size() * right.size());
        left.forEach(l -> right.forEach(r -> all.add(l + middle + r)));
        return all;
    }
}
