package dev.yagura.cli.action;

import dev.yagura.cli.connection.UsageException;
import dev.yagura.proto.response.v1.DocumentParameter;
import dev.yagura.proto.response.v1.RunCommandTarget;
import dev.yagura.proto.response.v1.TagTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** What run_command runs, and where beside the instances that are named. */
final class CommandOptions {
    @Option(
            names = "--document",
            required = true,
            description = "Name of a document of the allow-list.")
    private String document = "";

    @Option(
            names = "--parameter",
            paramLabel = "NAME=VALUE",
            description = "Of the document; again for another value of the same, or another one.")
    private List<String> parameters = List.of();

    @Option(
            names = "--tag",
            paramLabel = "KEY=VALUE",
            description =
                    "Instances that run and have it, instead of ids; again for another value of the"
                            + " same, or another tag that they must have too. Needs --account and"
                            + " --region.")
    private List<String> tags = List.of();

    @Option(
            names = "--max-concurrency",
            defaultValue = "",
            description = "Hosts at a time: 10 or 10%% (default: 50).")
    private String maxConcurrency = "";

    @Option(
            names = "--max-errors",
            defaultValue = "",
            description = "Hosts that may fail before no other begins: 0 or 10%% (default: 0).")
    private String maxErrors = "";

    boolean byTags() {
        return !tags.isEmpty();
    }

    RunCommandTarget target(List<String> instanceIds) {
        RunCommandTarget.Builder target =
                RunCommandTarget.newBuilder()
                        .setDocument(document)
                        .addAllInstanceIds(instanceIds)
                        .setMaxConcurrency(maxConcurrency)
                        .setMaxErrors(maxErrors);
        pairs("--parameter", parameters)
                .forEach((name, values) ->
                        target.addParameters(
                                DocumentParameter.newBuilder().setName(name).addAllValues(values)));
        pairs("--tag", tags)
                .forEach((key, values) ->
                        target.addTags(TagTarget.newBuilder().setKey(key).addAllValues(values)));
        return target.build();
    }

    private static Map<String, List<String>> pairs(String option, List<String> texts) {
        Map<String, List<String>> pairs = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            if (equals <= 0) {
                throw new UsageException(option + ": " + text + " is not of the form NAME=VALUE");
            }
            pairs.computeIfAbsent(text.substring(0, equals), name -> new ArrayList<>())
                    .add(text.substring(equals + 1));
        }
        return pairs;
    }
}
