package dev.yagura.bench.engine;

import dev.yagura.sigma.Detection;
import dev.yagura.sigma.Glob;
import dev.yagura.sigma.Pattern;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.engine.RuleSetCompiler;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A rule like another with other values of the same lengths, to see what twice as many rules cost:
 * each letter becomes the next one, and regular expressions ask for two letters more.
 */
final class OtherValues {
    private static final String MORE = "qz";

    private OtherValues() {}

    static RuleSetCompiler.Input of(RuleSetCompiler.Input input) {
        SigmaRule rule = input.rule();
        Map<String, Detection> selections = new LinkedHashMap<>();
        rule.selections().forEach((name, detection) -> selections.put(name, of(detection)));
        return new RuleSetCompiler.Input(
                input.reference().toBuilder()
                        .setId(input.reference().getId() + "-other")
                        .setName(input.reference().getName() + "-other")
                        .build(),
                input.severity(),
                new SigmaRule(
                        rule.id(),
                        rule.title(),
                        rule.level(),
                        rule.tags(),
                        rule.metadata(),
                        rule.logSource(),
                        selections,
                        rule.condition(),
                        rule.conditionText()));
    }

    private static Detection of(Detection detection) {
        return switch (detection) {
            case Detection.All(var parts) ->
                    new Detection.All(parts.stream().map(OtherValues::of).toList());
            case Detection.Any(var parts) ->
                    new Detection.Any(parts.stream().map(OtherValues::of).toList());
            case Detection.Not(Detection part) -> new Detection.Not(of(part));
            case Detection.Test(String field, Pattern pattern) ->
                    new Detection.Test(field, of(pattern));
        };
    }

    private static Pattern of(Pattern pattern) {
        return switch (pattern) {
            case Pattern.Text(Glob glob, boolean cased) ->
                    new Pattern.Text(new Glob(next(glob.pattern())), cased);
            case Pattern.Regex(String expression, int flags) ->
                    new Pattern.Regex("(?:" + expression + ")" + MORE, flags);
            default -> pattern;
        };
    }

    private static String next(String text) {
        StringBuilder next = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            next.append(letter ? (char) (c == 'z' ? 'a' : c == 'Z' ? 'A' : c + 1) : c);
        }
        return next.toString();
    }
}
