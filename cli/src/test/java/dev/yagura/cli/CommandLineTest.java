package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What all commands share: errors, help, connection. */
class CommandLineTest extends CommandTest {
    private static final List<String> CHANGES_OF_RULES =
            List.of(
                    "yagura rules create",
                    "yagura rules update",
                    "yagura rules delete",
                    "yagura rules backtest",
                    "yagura rules deploy",
                    "yagura rules except",
                    "yagura rules import",
                    "yagura rules packs",
                    "yagura rules stats",
                    "yagura rules canaries");

    @Override
    List<BindableService> services() {
        return List.of(new CannedAlerts(), new CannedAssets(), new RefusedActions());
    }

    @Test
    void tellsKindsOfErrorsApart() {
        assertThat(run("alerts", "show", "alerts/none")).isEqualTo(4);
        assertThat(err).isEqualTo("yagura: alert alerts/none does not exist\n");

        assertThat(
                        run(
                                "actions",
                                "apply",
                                "isolate_instance",
                                "i-0123456789abcdef0",
                                "--reason",
                                "beacon"))
                .isEqualTo(5);
        assertThat(err).contains("member of web-asg");

        assertThat(run("alerts", "list", "--min-severity", "loud")).isEqualTo(2);
        assertThat(err).contains("'loud' is no severity; one of", "critical");

        assertThat(run("alerts", "lst")).isEqualTo(2);
    }

    @Test
    void saysWhatToDoWithoutAGatewayOrToken() throws Exception {
        Files.delete(folder.resolve("token"));
        assertThat(run("alerts", "list")).isEqualTo(2);
        assertThat(err).contains("--token-file").contains("YAGURA_TOKEN");

        Files.writeString(folder.resolve("token"), "ygr_test");
        stopGateway();
        assertThat(run("alerts", "list", "--timeout", "PT2S")).isEqualTo(6);
    }

    @Test
    void everyCommandHasHelpWithAnExample() {
        CommandLine root = YaguraCommand.commandLine();
        List<CommandLine> commands = new ArrayList<>(root.getSubcommands().values());
        root.getSubcommands().values().stream()
                .flatMap(command -> command.getSubcommands().values().stream())
                .filter(command ->
                        CHANGES_OF_RULES.contains(command.getCommandSpec().qualifiedName(" ")))
                .forEach(commands::add);
        assertThat(commands).hasSize(root.getSubcommands().size() + CHANGES_OF_RULES.size());
        for (CommandLine command : commands) {
            assertThat(command.getUsageMessage())
                    .as(command.getCommandName())
                    .contains("Example")
                    .contains(command.getCommandSpec().qualifiedName());
        }
    }
}
