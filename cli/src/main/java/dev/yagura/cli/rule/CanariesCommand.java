package dev.yagura.cli.rule;

import com.google.protobuf.util.Durations;
import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.Canary;
import dev.yagura.proto.detection.v1.CanaryStage;
import dev.yagura.proto.detection.v1.CanaryState;
import dev.yagura.proto.detection.v1.CoverageServiceGrpc;
import dev.yagura.proto.detection.v1.ListCanariesRequest;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** `yagura rules canaries`. */
@Command(
        name = "canaries",
        mixinStandardHelpOptions = true,
        description =
                "When a match in each log source that rules use was last proven to become an alert.",
        footer = {
            "",
            "Examples:",
            "  yagura rules canaries",
            "  yagura rules canaries --state failing"
        })
final class CanariesCommand implements Runnable {
    static final List<Column<Canary>> COLUMNS =
            List.of(
                    new Column<>(
                            "STATE", canary -> Texts.constant(canary.getState(), "CANARY_STATE_")),
                    new Column<>("LOGSOURCE", Canary::getLogsource),
                    new Column<>("SENSOR", Canary::getSensor),
                    new Column<>("LAST PROVEN", canary -> Texts.time(canary.getLastProvenTime())),
                    new Column<>(
                            "DELAY MS",
                            canary ->
                                    canary.hasDelay()
                                            ? Long.toString(Durations.toMillis(canary.getDelay()))
                                            : "-"),
                    new Column<>("RULES", canary -> Integer.toString(canary.getRuleCount())),
                    new Column<>("LAST STAGE", CanariesCommand::stage),
                    new Column<>(
                            "PARTITIONS",
                            canary ->
                                    canary.getFailingPartitionsList().stream()
                                            .map(String::valueOf)
                                            .collect(Collectors.joining(","))),
                    new Column<>("PROBLEM", Canary::getProblem));

    @Mixin private Connection connection = new Connection();
    @Mixin private Output output = new Output();

    @Option(
            names = "--state",
            defaultValue = "unspecified",
            description = "idle, pending, proven, failing.")
    private String state = "";

    @Override
    public void run() {
        ListCanariesRequest request =
                ListCanariesRequest.newBuilder()
                        .setState(Texts.parse(CanaryState.class, "CANARY_STATE_", state))
                        .build();
        output.print(
                connection.call(channel ->
                        CoverageServiceGrpc.newBlockingStub(channel)
                                .listCanaries(request)
                                .getCanariesList()),
                COLUMNS);
    }

    private static String stage(Canary canary) {
        return canary.getLastStage() == CanaryStage.CANARY_STAGE_UNSPECIFIED
                ? ""
                : Texts.constant(canary.getLastStage(), "CANARY_STAGE_");
    }
}
