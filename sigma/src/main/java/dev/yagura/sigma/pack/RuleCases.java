package dev.yagura.sigma.pack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Cases of a rule of the project's own.
 *
 * @param events yagura.telemetry.v1.Event as JSON
 * @param matching which of them meet the rule, from 1; it must pass all others by
 */
public record RuleCases(List<String> events, Set<Integer> matching) {
    private static final String FOLDER = "/yagura-rule-cases/";

    public RuleCases {
        events = List.copyOf(events);
        matching = Set.copyOf(matching);
    }

    /** Those of the rule; empty for rules of other packs and rules without cases. */
    public static Optional<RuleCases> of(Rule rule) {
        int end = rule.sourcePath().lastIndexOf('/');
        if (!rule.pack().equals(RulePackReader.OWN_PACK) || end < 0) {
            return Optional.empty();
        }
        String folder = FOLDER + rule.sourcePath().substring(0, end + 1);
        return text(folder + "events.jsonl")
                .flatMap(events ->
                        text(folder + "expected.yaml")
                                .map(expected ->
                                        new RuleCases(
                                                events.lines().toList(), matching(expected))));
    }

    private static Set<Integer> matching(String expected) {
        Map<?, ?> lines = new Yaml(new SafeConstructor(new LoaderOptions())).load(expected);
        return lines.get("match") instanceof List<?> list
                ? list.stream().map(Integer.class::cast).collect(Collectors.toSet())
                : Set.of();
    }

    private static Optional<String> text(String name) {
        try (InputStream in = RuleCases.class.getResourceAsStream(name)) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
