package dev.yagura.response.command;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.SsmReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What must hold before a command is sent; each refusal with its reason and remedy. */
final class CommandPreflight {
    /** Systems Manager's limit of ids in one SendCommand. */
    private static final int MOST_INSTANCES = 50;

    private static final String PREFIX = "yagura.response.run-command.";

    private CommandPreflight() {}

    static List<PreflightCheck> checks(
            CommandSurvey survey, ActionTarget target, CommandConfig config) {
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(allowed(survey, target, config));
        survey.allowed()
                .ifPresent(document -> {
                    checks.add(same(document, survey));
                    survey.installed()
                            .ifPresent(found -> checks.add(freeText(document, found.content())));
                });
        checks.add(some(survey));
        checks.add(running(survey));
        survey.instances().stream()
                .map(each -> Checks.account(each.ownerId(), target))
                .distinct()
                .forEach(checks::add);
        survey.instances().stream()
                .map(each -> Checks.unprotected(each.id(), each.tags()))
                .distinct()
                .forEach(checks::add);
        checks.add(managed(survey));
        checks.add(online(survey));
        return List.copyOf(checks);
    }

    private static PreflightCheck allowed(
            CommandSurvey survey, ActionTarget target, CommandConfig config) {
        String label = "the document is on the allow-list";
        String name = target.getRunCommand().getDocument();
        return survey.allowed()
                .map(document -> Checks.passed(label, document.toString()))
                .orElseGet(() ->
                        Checks.refused(
                                label,
                                name + " is not; allowed: " + config.allowed(),
                                "read what it does, then add it to " + PREFIX + "documents"));
    }

    /** Another content could do anything, as root. */
    private static PreflightCheck same(AllowedDocument document, CommandSurvey survey) {
        String label = "its content is the one of the allow-list";
        if (survey.installed().isEmpty()) {
            return Checks.refused(
                    label,
                    "the account has no version "
                            + document.version()
                            + " of "
                            + document.name()
                            + " in this region",
                    "make it there, or change the version in " + PREFIX + "documents");
        }
        String found = sha256(survey.installed().get().content());
        return found.equals(document.sha256())
                ? Checks.passed(label, "SHA-256 " + found)
                : Checks.refused(
                        label,
                        "the SHA-256 of version " + document.version() + " is " + found,
                        "find out who changed it; if it is right, read it and change the entry in "
                                + PREFIX
                                + "documents");
    }

    private static PreflightCheck freeText(AllowedDocument document, String content) {
        String label = "it runs only what its author wrote";
        Optional<String> free =
                document.isKnownToRunAnything()
                        ? Optional.of("it is made to run any text")
                        : FreeText.in(content);
        if (free.isEmpty()) {
            return Checks.passed(label, "");
        }
        return document.anyScript()
                ? Checks.warning(
                        label,
                        free.get(),
                        "read the parameters: they run as root; two persons must")
                : Checks.refused(
                        label,
                        free.get(),
                        "limit it with allowedPattern or allowedValues; or move its entry to "
                                + PREFIX
                                + "any-script-documents, where each use needs two persons");
    }

    private static PreflightCheck some(CommandSurvey survey) {
        String label = "there are 1 to 50 instances";
        int count = survey.instances().size();
        String found = count + " instances now: " + String.join(", ", survey.instanceIds());
        if (count == 0) {
            return Checks.refused(label, "none runs that has the tags", "look at the tags");
        }
        return count > MOST_INSTANCES
                ? Checks.refused(
                        label,
                        count + " have the tags",
                        "name more tags, and make several commands")
                : Checks.passed(label, found);
    }

    private static PreflightCheck running(CommandSurvey survey) {
        String label = "every instance is running";
        String others =
                survey.instances().stream()
                        .filter(each -> !each.isRunning())
                        .map(each -> each.id() + " is " + each.state())
                        .collect(Collectors.joining(", "));
        return others.isEmpty()
                ? Checks.passed(label, "")
                : Checks.refused(label, others, "leave these out");
    }

    private static PreflightCheck managed(CommandSurvey survey) {
        String label = "Systems Manager manages every instance";
        String others =
                survey.instanceIds().stream()
                        .filter(id -> !survey.nodes().containsKey(id))
                        .collect(Collectors.joining(", "));
        return others.isEmpty()
                ? Checks.passed(label, "")
                : Checks.refused(
                        label,
                        "it does not manage " + others,
                        "leave these out, or see to their SSM agent, role and way to ssmmessages");
    }

    private static PreflightCheck online(CommandSurvey survey) {
        String label = "every agent is online";
        String silent =
                survey.nodes().entrySet().stream()
                        .filter(each -> !each.getValue().online())
                        .map(each -> each.getKey() + " was heard at " + ping(each.getValue()))
                        .sorted()
                        .collect(Collectors.joining(", "));
        return silent.isEmpty()
                ? Checks.passed(label, "")
                : Checks.warning(
                        label,
                        silent,
                        "each that does not take the command in time counts as an error");
    }

    private static String ping(SsmReader.Node node) {
        return node.lastPing() == null ? "no time" : node.lastPing().toString();
    }

    private static String sha256(String content) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
