package dev.yagura.response.command;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Section "run-command".
 *
 * @param documents that may be run
 * @param deliveryTimeout how long a host has to begin
 * @param deadline how long a command may take in all
 * @param poll pause between two looks at a command
 * @param settle how long a command is looked for whose SendCommand was not answered
 * @param outputBucket where Systems Manager puts the whole output
 */
public record CommandConfig(
        List<AllowedDocument> documents,
        Duration deliveryTimeout,
        Duration deadline,
        Duration poll,
        Duration settle,
        Optional<String> outputBucket) {
    private static final String DOCUMENTS = "documents";
    private static final String ANY_SCRIPT = "any-script-documents";

    /** Systems Manager's least. */
    private static final Duration LEAST = Duration.ofSeconds(30);

    public CommandConfig {
        documents = List.copyOf(documents);
    }

    public static CommandConfig from(Settings settings) {
        Settings section = settings.section("run-command");
        List<AllowedDocument> documents = new ArrayList<>();
        documents.addAll(
                read(
                        section,
                        DOCUMENTS,
                        false,
                        "Documents that run_command may run, each as NAME@VERSION=SHA256 of the"
                                + " content that GetDocument gives."));
        documents.addAll(
                read(
                        section,
                        ANY_SCRIPT,
                        true,
                        "The same for documents that run any text they are given, such as"
                                + " AWS-RunShellScript; each use needs two persons."));
        Duration timeout =
                section.duration(
                        "delivery-timeout",
                        Duration.ofMinutes(1),
                        "How long a host has to begin a command, 30 s at least; Systems Manager"
                                + " does not deliver it later.");
        if (timeout.compareTo(LEAST) < 0) {
            throw invalid("delivery-timeout", "is " + timeout + "; Systems Manager takes PT30S");
        }
        CommandConfig config =
                new CommandConfig(
                        documents,
                        timeout,
                        section.duration(
                                "deadline",
                                Duration.ofHours(1),
                                "How long a command may take on all hosts together."),
                        section.duration(
                                "poll",
                                Duration.ofSeconds(2),
                                "Pause between two looks at a command that runs."),
                        section.duration(
                                "settle",
                                Duration.ofMinutes(1),
                                "How long a command is looked for that Systems Manager did not"
                                        + " answer; then its outcome is unknown."),
                        section.optionalText(
                                "output-bucket",
                                "S3 bucket for the whole output; the record keeps its beginning."));
        config.check();
        return config;
    }

    private static List<AllowedDocument> read(
            Settings section, String key, boolean anyScript, String description) {
        return section.texts(key, List.of(), description).stream()
                .map(text ->
                        AllowedDocument.parse(text, anyScript)
                                .orElseThrow(() ->
                                        invalid(
                                                key,
                                                text
                                                        + " is not of the form NAME@VERSION=SHA256,"
                                                        + " with a number and 64 hexadecimal"
                                                        + " digits in lower case")))
                .toList();
    }

    private void check() {
        documents.stream()
                .filter(each -> !each.anyScript() && each.isKnownToRunAnything())
                .findFirst()
                .ifPresent(each -> {
                    throw invalid(
                            DOCUMENTS,
                            each.name() + " runs anything it is given; move it to " + ANY_SCRIPT);
                });
        long names = documents.stream().map(AllowedDocument::name).distinct().count();
        if (names < documents.size()) {
            throw invalid(DOCUMENTS, "names a document twice, here or in " + ANY_SCRIPT);
        }
    }

    private static InvalidSettingException invalid(String key, String problem) {
        return new InvalidSettingException("yagura.response.run-command." + key, problem);
    }

    Optional<AllowedDocument> document(String name) {
        return documents.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** For people. */
    String allowed() {
        return documents.isEmpty()
                ? "none"
                : documents.stream()
                        .map(AllowedDocument::toString)
                        .collect(Collectors.joining(", "));
    }
}
