package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.cli.action.ActionReport;
import dev.yagura.proto.response.v1.AccessKeyState;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.EradicationTarget;
import dev.yagura.proto.response.v1.HostCommand;
import org.junit.jupiter.api.Test;

class HostActionReportTest {
    @Test
    void saysByWhichWayAHostWasReached() {
        HostCommand command =
                HostCommand.newBuilder()
                        .setRunId("1.apply")
                        .setDocument("Yagura-KillProcess")
                        .setStatus("Success")
                        .build();

        assertThat(
                        ActionReport.lines(
                                Action.newBuilder()
                                        .addHostCommands(command.toBuilder().setAgent("agents/a"))
                                        .addHostCommands(
                                                command.toBuilder()
                                                        .setCommandId("c-1")
                                                        .setFallbackReason(
                                                                "agents/a did not take it"))
                                        .build()))
                .contains(
                        "  host 1.apply (Yagura-KillProcess, by agents/a)  Success",
                        "  host 1.apply (Yagura-KillProcess, command c-1, since agents/a did not"
                                + " take it)  Success");
    }

    @Test
    void saysWhatWasErasedBesideAHost() {
        Action action =
                Action.newBuilder()
                        .setTarget(
                                ActionTarget.newBuilder()
                                        .setInstanceId("i-0123456789abcdef0")
                                        .setEradication(
                                                EradicationTarget.newBuilder()
                                                        .addUnits("miner.service")
                                                        .addAccessKeyIds("AKIAIOSFODNN7EXAMPLE")))
                        .addAccessKeyStates(
                                AccessKeyState.newBuilder()
                                        .setAccessKeyId("AKIAIOSFODNN7EXAMPLE")
                                        .setUserName("deploy")
                                        .setStatus("Active"))
                        .build();

        assertThat(String.join("\n", ActionReport.lines(action)))
                .contains("i-0123456789abcdef0 1 unit, 1 access key")
                .contains("  access key AKIAIOSFODNN7EXAMPLE of deploy, before: Active");
    }
}
