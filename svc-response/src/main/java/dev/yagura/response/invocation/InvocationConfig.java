package dev.yagura.response.invocation;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.response.action.ActionConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Section "invoke-lambda".
 *
 * @param functions that may be invoked
 * @param answerTimeout how long an answer is waited for
 */
public record InvocationConfig(List<AllowedFunction> functions, Duration answerTimeout) {
    private static final String PREFIX = "yagura.response.invoke-lambda.";
    private static final String FUNCTIONS = "functions";
    private static final String ANSWER_TIMEOUT = "answer-timeout";

    public InvocationConfig {
        functions = List.copyOf(functions);
    }

    public static InvocationConfig from(Settings settings) {
        Settings section = settings.section("invoke-lambda");
        InvocationConfig config =
                new InvocationConfig(
                        section
                                .texts(
                                        FUNCTIONS,
                                        List.of(),
                                        "Functions that invoke_lambda may invoke, each as"
                                                + " NAME:QUALIFIER=SHA256: a version or alias, and"
                                                + " Lambda's CodeSha256 of it.")
                                .stream()
                                .map(InvocationConfig::read)
                                .toList(),
                        section.duration(
                                ANSWER_TIMEOUT,
                                Duration.ofSeconds(40),
                                "How long the answer of a function is waited for, shorter than"
                                        + " action.lease; a function whose timeout is less than 10 s"
                                        + " shorter is refused."));
        long names = config.functions.stream().map(AllowedFunction::name).distinct().count();
        if (names < config.functions.size()) {
            throw invalid(FUNCTIONS, "names a function twice");
        }
        if (config.answerTimeout.compareTo(ActionConfig.from(settings).lease()) >= 0) {
            throw invalid(
                    ANSWER_TIMEOUT,
                    "is "
                            + config.answerTimeout
                            + ", not shorter than yagura.response.action.lease: another process"
                            + " would take the action for left");
        }
        return config;
    }

    private static AllowedFunction read(String text) {
        return AllowedFunction.parse(text)
                .orElseThrow(() ->
                        invalid(
                                FUNCTIONS,
                                text
                                        + " is not of the form NAME:QUALIFIER=SHA256, with 44"
                                        + " characters in base64"));
    }

    private static InvalidSettingException invalid(String key, String problem) {
        return new InvalidSettingException(PREFIX + key, problem);
    }

    Optional<AllowedFunction> function(String name) {
        return functions.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** For people. */
    String allowed() {
        return functions.isEmpty()
                ? "none"
                : functions.stream()
                        .map(AllowedFunction::toString)
                        .collect(Collectors.joining(", "));
    }
}
