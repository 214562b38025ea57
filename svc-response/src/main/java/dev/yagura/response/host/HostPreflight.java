package dev.yagura.response.host;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.LiveInstance;
import dev.yagura.response.aws.SsmReader;
import dev.yagura.response.channel.AgentChannel;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What must hold before a host gets a command; each refusal with its reason and remedy. */
final class HostPreflight {
    private static final String LINUX = "Linux";
    private static final String WAY = "the way to the host";

    private HostPreflight() {}

    static List<PreflightCheck> checks(HostSurvey survey, ActionTarget target) {
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(running(survey.instance()));
        checks.add(Checks.account(survey.instance().ownerId(), target));
        checks.add(Checks.unprotected(survey.instance().id(), survey.instance().tags()));
        switch (survey.way()) {
            case HostWay.ByAgent agent -> checks.add(carried(agent.channel()));
            case HostWay.BySsm ssm -> {
                checks.add(Checks.passed(WAY, "Systems Manager, since " + ssm.why()));
                checks.add(managed(survey));
                survey.wanted()
                        .forEach(document ->
                                checks.add(installed(document, survey.documents().get(document))));
            }
        }
        return List.copyOf(checks);
    }

    private static PreflightCheck carried(AgentChannel channel) {
        return Checks.passed(
                WAY,
                "the command channel of %s (version %s), heard %s ago; Systems Manager if it does not take the command"
                        .formatted(
                                channel.agent(), channel.version(), HostWay.text(channel.heard())));
    }

    private static PreflightCheck running(LiveInstance instance) {
        String label = "the instance is running";
        String state = instance.id() + " is " + instance.state();
        return instance.isRunning()
                ? Checks.passed(label, state)
                : Checks.refused(
                        label, state, "nothing runs on it; take a snapshot of its volumes instead");
    }

    private static PreflightCheck managed(HostSurvey survey) {
        String label = "Systems Manager reaches it";
        Optional<SsmReader.Node> node = survey.node();
        if (node.isEmpty()) {
            return Checks.refused(
                    label,
                    "Systems Manager does not manage " + survey.instance().id(),
                    "isolate the instance; or give it the SSM agent, a role with"
                            + " AmazonSSMManagedInstanceCore and a way to ssmmessages");
        }
        if (!node.get().platform().equals(LINUX)) {
            return Checks.refused(
                    label,
                    "its platform is " + node.get().platform() + "; the document is for Linux",
                    "isolate the instance");
        }
        return node.get().online()
                ? Checks.passed(label, "Online, heard at " + node.get().lastPing())
                : Checks.refused(
                        label,
                        "its SSM agent was heard last at " + node.get().lastPing(),
                        "isolate the instance; or see to its SSM agent");
    }

    /** Another content could do anything, as root. */
    private static PreflightCheck installed(
            HostDocument document, SsmReader.@Nullable Document installed) {
        String label = document.title() + " is installed";
        String file = "deploy/documents/" + document.title() + ".json";
        if (installed == null) {
            return Checks.refused(
                    label,
                    "the account has no such document in this region",
                    "aws ssm create-document --document-type Command --name %s --content file://%s"
                            .formatted(document.title(), file));
        }
        return isSame(document, installed.content())
                ? Checks.passed(
                        label, "version " + installed.version() + ", SHA-256 " + installed.hash())
                : Checks.refused(
                        label,
                        "version "
                                + installed.version()
                                + " has another content than this version of Yagura ships",
                        "find out who changed it; then aws ssm update-document"
                                + " --document-version '$LATEST' --name %s --content file://%s and"
                                        .formatted(document.title(), file)
                                + " aws ssm update-document-default-version");
    }

    private static boolean isSame(HostDocument document, String content) {
        try (JsonReader reader = Json.createReader(new StringReader(content))) {
            JsonStructure found = reader.read();
            return document.json().equals(found);
        } catch (JsonException e) {
            return false;
        }
    }
}
