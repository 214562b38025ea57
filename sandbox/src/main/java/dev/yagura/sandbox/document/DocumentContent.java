package dev.yagura.sandbox.document;

import dev.yagura.sandbox.wire.ApiFault;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a document says, read and checked. */
public record DocumentContent(
        String schemaVersion,
        String description,
        List<DocumentParameter> parameters,
        List<Step> steps) {
    private static final Pattern TIMEOUT = Pattern.compile("[1-9]\\d{0,5}");

    /** What the agent allows at most: 48 hours. */
    private static final int LONGEST_TIMEOUT = 172_800;

    public DocumentContent {
        parameters = List.copyOf(parameters);
        steps = List.copyOf(steps);
    }

    /** In the order that AWS lists them. */
    public List<Platform> platforms() {
        return List.of(Platform.values()).stream()
                .filter(platform -> steps.stream().anyMatch(s -> s.platforms().contains(platform)))
                .toList();
    }

    /**
     * The script for a platform.
     *
     * @return empty if no step is for it
     * @throws ApiFault InvalidParameters
     */
    public Optional<Script> script(Platform platform, Map<String, List<String>> given) {
        Replacement replacement = new Replacement(values(given), lists());
        return steps.stream()
                .filter(step -> step.platforms().contains(platform))
                .findFirst()
                .map(step ->
                        new Script(
                                step.name(),
                                String.join("\n", replacement.lines(step.runCommand())),
                                replacement.text(step.workingDirectory()),
                                timeout(replacement.text(step.timeoutSeconds()))));
    }

    private Map<String, List<String>> values(Map<String, List<String>> given) {
        Set<String> declared =
                parameters.stream().map(DocumentParameter::name).collect(Collectors.toSet());
        given.keySet().stream()
                .filter(name -> !declared.contains(name))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    throw ApiFault.of(
                            "InvalidParameters",
                            "Parameter %s is not in the document, which has %s.",
                            name,
                            declared.isEmpty() ? "none" : String.join(", ", sorted(declared)));
                });
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (DocumentParameter parameter : parameters) {
            values.put(parameter.name(), parameter.valueOf(given.get(parameter.name())));
        }
        return values;
    }

    private Set<String> lists() {
        return parameters.stream()
                .filter(DocumentParameter::isList)
                .map(DocumentParameter::name)
                .collect(Collectors.toSet());
    }

    private static Duration timeout(String text) {
        if (!TIMEOUT.matcher(text).matches() || Integer.parseInt(text) > LONGEST_TIMEOUT) {
            throw ApiFault.of(
                    "InvalidParameters",
                    "The timeout of the step must be from 1 to %d seconds, not '%s'.",
                    LONGEST_TIMEOUT,
                    text);
        }
        return Duration.ofSeconds(Integer.parseInt(text));
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }
}
