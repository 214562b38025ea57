package dev.yagura.cli.rule;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.connection.TextFiles;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.CreateRuleRequest;
import dev.yagura.proto.detection.v1.DeleteRuleRequest;
import dev.yagura.proto.detection.v1.DeploymentState;
import dev.yagura.proto.detection.v1.GetRuleRequest;
import dev.yagura.proto.detection.v1.Rule;
import dev.yagura.proto.detection.v1.RuleServiceGrpc;
import dev.yagura.proto.detection.v1.UpdateRuleRequest;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura rules create|update|delete`: texts of the pack "custom". */
final class RuleTextCommands {
    private RuleTextCommands() {}

    /** `yagura rules create`. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Adds a rule to the pack \"custom\", in shadow unless told otherwise.",
            footer = {
                "",
                "Examples:",
                "  yagura rules create my-rule.yml",
                "  yagura rules create my-rule.yml --state alerting",
                "  yagura rules create my-rule.yml --dry-run"
            })
    static final class Create implements Runnable {
        @Mixin private Connection connection = new Connection();
        @Mixin private Output output = new Output();

        @Parameters(paramLabel = "FILE", description = "One Sigma rule; - is standard input.")
        private String file = "";

        @Option(
                names = "--state",
                defaultValue = "shadow",
                description = "disabled, shadow, alerting (default ${DEFAULT-VALUE}).")
        private String state = "";

        @Option(names = "--dry-run", description = "Checks only; stores nothing.")
        private boolean dryRun;

        @Override
        public void run() {
            CreateRuleRequest request =
                    CreateRuleRequest.newBuilder()
                            .setText(TextFiles.read(file))
                            .setDeploymentState(
                                    Texts.parse(DeploymentState.class, "DEPLOYMENT_STATE_", state))
                            .setRequestId(UUID.randomUUID().toString())
                            .setValidateOnly(dryRun)
                            .build();
            Rule created =
                    connection.call(channel ->
                            RuleServiceGrpc.newBlockingStub(channel).createRule(request));
            output.print(List.of(created), RulesCommand.COLUMNS);
        }
    }

    /** `yagura rules update`. */
    @Command(
            name = "update",
            mixinStandardHelpOptions = true,
            description = "Replaces the text of a rule of the pack \"custom\".",
            footer = {
                "",
                "Example:",
                "  yagura rules show rules/custom/5b4a52ba-… -o json | jq -r .text > my-rule.yml",
                "  yagura rules update rules/custom/5b4a52ba-… my-rule.yml"
            })
    static final class Update implements Runnable {
        @Mixin private Connection connection = new Connection();
        @Mixin private Output output = new Output();

        @Parameters(index = "0", paramLabel = "NAME", description = "rules/custom/{id}")
        private String name = "";

        @Parameters(
                index = "1",
                paramLabel = "FILE",
                description = "The new text; - is standard input.")
        private String file = "";

        @Option(
                names = "--etag",
                defaultValue = "",
                description = "Refuse unless the rule is still this one (default: whatever it is).")
        private String etag = "";

        @Option(names = "--dry-run", description = "Checks only; stores nothing.")
        private boolean dryRun;

        @Override
        public void run() {
            String text = TextFiles.read(file);
            Rule updated =
                    connection.call(channel -> {
                        var stub = RuleServiceGrpc.newBlockingStub(channel);
                        Rule.Builder rule = Rule.newBuilder().setName(name).setText(text);
                        return stub.updateRule(
                                UpdateRuleRequest.newBuilder()
                                        .setRule(rule.setEtag(etag(stub, name, etag)))
                                        .setRequestId(UUID.randomUUID().toString())
                                        .setValidateOnly(dryRun)
                                        .build());
                    });
            output.print(List.of(updated), RulesCommand.COLUMNS);
        }
    }

    /** `yagura rules delete`. */
    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Deletes a rule of the pack \"custom\" with its exceptions and counts.",
            footer = {"", "Example:", "  yagura rules delete rules/custom/5b4a52ba-…"})
    static final class Delete implements Runnable {
        @Mixin private Connection connection = new Connection();

        @Parameters(paramLabel = "NAME", description = "rules/custom/{id}")
        private String name = "";

        @Override
        public void run() {
            connection.call(channel -> {
                var stub = RuleServiceGrpc.newBlockingStub(channel);
                return stub.deleteRule(
                        DeleteRuleRequest.newBuilder()
                                .setName(name)
                                .setEtag(etag(stub, name, ""))
                                .setRequestId(UUID.randomUUID().toString())
                                .build());
            });
        }
    }

    /** The given etag, or that of now. Rules of other packs have none, so the server says why. */
    private static String etag(
            RuleServiceGrpc.RuleServiceBlockingStub stub, String name, String given) {
        if (!given.isEmpty()) {
            return given;
        }
        String now = stub.getRule(GetRuleRequest.newBuilder().setName(name).build()).getEtag();
        return now.isEmpty() ? "0" : now;
    }
}
