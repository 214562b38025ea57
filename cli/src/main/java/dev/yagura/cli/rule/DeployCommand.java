package dev.yagura.cli.rule;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.DeploymentState;
import dev.yagura.proto.detection.v1.GetRuleRequest;
import dev.yagura.proto.detection.v1.RuleDeployment;
import dev.yagura.proto.detection.v1.RuleServiceGrpc;
import dev.yagura.proto.detection.v1.UpdateRuleDeploymentRequest;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura rules deploy`. */
@Command(
        name = "deploy",
        mixinStandardHelpOptions = true,
        description = "Disables a rule of any pack, puts it in shadow, or lets it alert.",
        footer = {
            "",
            "Examples:",
            "  yagura rules deploy rules/sigma/5b4a52ba-… shadow --reason 'noisy on build hosts'",
            "  yagura rules deploy rules/custom/5b4a52ba-… alerting"
        })
final class DeployCommand implements Runnable {
    private static final List<Column<RuleDeployment>> COLUMNS =
            List.of(
                    new Column<>(
                            "STATE",
                            deployment ->
                                    Texts.constant(deployment.getState(), "DEPLOYMENT_STATE_")),
                    new Column<>("SINCE", deployment -> Texts.time(deployment.getUpdateTime())),
                    new Column<>("BY", RuleDeployment::getUpdater),
                    new Column<>("REASON", RuleDeployment::getReason),
                    new Column<>("NAME", RuleDeployment::getName));

    @Mixin private Connection connection = new Connection();
    @Mixin private Output output = new Output();

    @Parameters(index = "0", paramLabel = "NAME", description = "rules/{pack}/{id}")
    private String name = "";

    @Parameters(index = "1", paramLabel = "STATE", description = "disabled, shadow, alerting.")
    private String state = "";

    @Option(names = "--reason", defaultValue = "", description = "Why.")
    private String reason = "";

    @Override
    public void run() {
        DeploymentState wanted = Texts.parse(DeploymentState.class, "DEPLOYMENT_STATE_", state);
        RuleDeployment deployed =
                connection.call(channel -> {
                    var stub = RuleServiceGrpc.newBlockingStub(channel);
                    RuleDeployment before =
                            stub.getRule(GetRuleRequest.newBuilder().setName(name).build())
                                    .getDeployment();
                    return stub.updateRuleDeployment(
                            UpdateRuleDeploymentRequest.newBuilder()
                                    .setDeployment(
                                            RuleDeployment.newBuilder()
                                                    .setName(before.getName())
                                                    .setEtag(before.getEtag())
                                                    .setState(wanted)
                                                    .setReason(reason))
                                    .setRequestId(UUID.randomUUID().toString())
                                    .build());
                });
        output.print(List.of(deployed), COLUMNS);
    }
}
