package dev.yagura.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yagura.sandbox.control.SandboxClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CommandInvocationStatus;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;

/** Commands that really run, on this machine. */
class ShellTest {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofMillis(20);

    /** Says who it is, and waits with a child until both are killed. */
    private static final String ENDLESS =
            """
            sleep 600 &
            echo $$ $! > started
            wait
            """;

    @RegisterExtension
    static final SandboxExtension SANDBOX =
            new SandboxExtension(SandboxOptions.anyPort().withScripts(), Clock.systemUTC());

    @TempDir Path host;

    private final SsmClient ssm = SANDBOX.ssm();
    private final SandboxClient control = SANDBOX.control();

    @Test
    void runsInAnEnvironmentOfItsOwn() {
        control.runScriptsOf("web-1", host);
        var ended = run("pwd; env | grep -v -e ^PWD= -e ^OLDPWD= -e ^SHLVL= -e ^_= | sort");

        assertThat(ended.status()).as(ended.toString()).isEqualTo(CommandInvocationStatus.SUCCESS);
        assertThat(ended.responseCode()).isZero();
        assertThat(ended.standardErrorContent()).isEmpty();
        assertThat(ended.standardOutputContent().lines())
                .containsExactly(
                        host.toString(),
                        "AWS_SSM_INSTANCE_ID=" + Seeded.WEB,
                        "AWS_SSM_PLATFORM_TYPE=Linux",
                        "AWS_SSM_REGION_NAME=" + Seeded.REGION,
                        "HOME=" + host,
                        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                        "YAGURA_ROOT_DIR=" + host,
                        "YAGURA_STATE_DIR=" + host);
    }

    @Test
    void runsInTheNamespacesOfAProcess() throws IOException {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "SKIPPED: only root may make namespaces");
        Process other =
                new ProcessBuilder(
                                "unshare", "--net", "--mount", "sh", "-c", "echo && exec sleep 300")
                        .start();
        try {
            assertThat(other.getInputStream().read()).isNotEqualTo(-1);
            control.runScriptsOf("web-1", host, other.pid());

            var ended = run("readlink /proc/self/ns/net /proc/self/ns/mnt; pwd");

            assertThat(ended.standardOutputContent().lines())
                    .containsExactly(
                            namespace(other, "net"), namespace(other, "mnt"), host.toString());
        } finally {
            other.destroyForcibly();
        }
    }

    private static String namespace(Process process, String kind) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/ns/" + kind)).toString();
    }

    @Test
    void aFailureHasItsExitCodeAndWhatTheAgentAdds() {
        control.runScriptsOf("web-1", host);
        var ended = run("echo out; echo oops >&2; exit 3");

        assertThat(ended.status()).isEqualTo(CommandInvocationStatus.FAILED);
        assertThat(ended.responseCode()).isEqualTo(3);
        assertThat(ended.standardOutputContent()).isEqualTo("out\n");
        assertThat(ended.standardErrorContent())
                .isEqualTo("oops\nfailed to run commands: exit status 3");
    }

    @Test
    void aFirstLineNamesTheInterpreter() {
        control.runScriptsOf("web-1", host);

        assertThat(run("#!/bin/cat", "nothing else").standardOutputContent())
                .isEqualTo("#!/bin/cat\nnothing else\n");
    }

    @Test
    void outputIsCutWhereSsmCutsIt() {
        control.runScriptsOf("web-1", host);
        var ended =
                run(
                        "head -c 30000 /dev/zero | tr '\\0' o; head -c 9000 /dev/zero | tr '\\0' e >&2");

        assertThat(ended.standardOutputContent()).isEqualTo("o".repeat(24_000));
        assertThat(ended.standardErrorContent()).isEqualTo("e".repeat(8_000));
    }

    @Test
    void aDocumentRunsWithItsParameters() {
        control.runScriptsOf("web-1", host);
        ssm.createDocument(r ->
                r.name("Yagura-Greet")
                        .content(
                                """
                                {"schemaVersion": "2.2",
                                 "parameters": {
                                   "name": {"type": "String", "allowedPattern": "[A-Za-z ]+"},
                                   "greeting": {"type": "String", "default": "Hello"}},
                                 "mainSteps": [{
                                   "action": "aws:runShellScript", "name": "greet",
                                   "inputs": {"runCommand": [
                                     "set -eu",
                                     "printf '%s, %s' '{{ greeting }}' '{{name}}' > greeting",
                                     "cat greeting"]}}]}
                                """));
        String id =
                ssm.sendCommand(r ->
                                r.documentName("Yagura-Greet")
                                        .instanceIds(Seeded.WEB)
                                        .parameters(Map.of("name", List.of("Ada Lovelace"))))
                        .command()
                        .commandId();
        var ended = ended(id);

        assertThat(ended.standardOutputContent()).isEqualTo("Hello, Ada Lovelace");
        assertThat(ended.pluginName()).isEqualTo("greet");
        assertThat(host.resolve("greeting")).hasContent("Hello, Ada Lovelace");
    }

    @Test
    void runsBesideTheWorldUntilItEnds() throws IOException {
        control.runScriptsOf("web-1", host);
        String id = send("while [ ! -e go ]; do sleep 0.05; done; echo went");

        control.advance(Duration.ofHours(1));
        assertThat(invocation(id).status()).isEqualTo(CommandInvocationStatus.IN_PROGRESS);
        Files.createFile(host.resolve("go"));
        assertThat(ended(id).standardOutputContent()).isEqualTo("went\n");
    }

    @Test
    void aScriptThatRunsTooLongIsKilledWithItsChildren() {
        control.runScriptsOf("web-1", host);
        String id = send(Map.of("commands", List.of(ENDLESS), "executionTimeout", List.of("3")));
        var ended = ended(id);

        assertThat(ended.status()).isEqualTo(CommandInvocationStatus.TIMED_OUT);
        assertThat(ended.statusDetails()).isEqualTo("ExecutionTimedOut");
        assertGone(started());
    }

    @Test
    void aCancelledScriptIsKilledWithItsChildren() {
        control.runScriptsOf("web-1", host);
        String id = send(ENDLESS);
        List<Long> processes = started();
        ssm.cancelCommand(r -> r.commandId(id));

        assertGone(processes);
        control.advance(Duration.ofSeconds(1));
        assertThat(invocation(id).status()).isEqualTo(CommandInvocationStatus.CANCELLED);
    }

    @Test
    void aHostThatIsSwitchedOffTakesItsScriptsWithIt() {
        control.runScriptsOf("web-1", host);
        send(ENDLESS);
        List<Long> processes = started();
        control.stop("web-1");
        control.advance(Duration.ofSeconds(1));

        assertGone(processes);
    }

    @Test
    void aResetKillsWhatRuns() {
        control.runScriptsOf("web-1", host);
        send(ENDLESS);
        List<Long> processes = started();
        control.reset();

        assertGone(processes);
    }

    @Test
    void theEndOfTheServerKillsWhatRuns() {
        try (SandboxExtension other =
                new SandboxExtension(SandboxOptions.anyPort().withScripts(), Clock.systemUTC())) {
            other.control().runScriptsOf("web-1", host);
            other.ssm()
                    .sendCommand(r ->
                            r.documentName("AWS-RunShellScript")
                                    .instanceIds(Seeded.WEB)
                                    .parameters(Map.of("commands", List.of(ENDLESS))));
            other.control().advance(Duration.ofSeconds(1));
            started();
        }
        assertGone(started());
    }

    @Test
    void aHostWithoutItsAgentRunsNothingUntilItIsBack() {
        control.runScriptsOf("web-1", host);
        control.setAgentRunning("web-1", false);
        String id = send("touch ran");
        control.advance(Duration.ofMinutes(10));
        assertThat(invocation(id).status()).isEqualTo(CommandInvocationStatus.PENDING);
        assertThat(host).isEmptyDirectory();

        control.setAgentRunning("web-1", true);
        assertThat(ended(id).status()).isEqualTo(CommandInvocationStatus.SUCCESS);
        assertThat(host.resolve("ran")).exists();
    }

    @Test
    void aResultWaitsForTheAgent() throws IOException {
        control.runScriptsOf("web-1", host);
        String id = send("touch started; while [ ! -e go ]; do sleep 0.05; done; touch done");
        until(() -> Files.exists(host.resolve("started")));
        control.setAgentRunning("web-1", false);
        Files.createFile(host.resolve("go"));
        until(() -> Files.exists(host.resolve("done")));
        assertThat(invocation(id).status()).isEqualTo(CommandInvocationStatus.IN_PROGRESS);

        control.setAgentRunning("web-1", true);
        assertThat(ended(id).status()).isEqualTo(CommandInvocationStatus.SUCCESS);
    }

    @Test
    void anArrangedOutcomeWins() {
        control.runScriptsOf("web-1", host);
        control.arrangeOutcome("web-1", "touch", 7, "arranged", Duration.ofSeconds(1));
        String id = send("touch ran");
        control.advance(Duration.ofSeconds(5));

        assertThat(invocation(id).responseCode()).isEqualTo(7);
        assertThat(invocation(id).standardOutputContent()).isEqualTo("arranged");
        assertThat(host).isEmptyDirectory();
    }

    @Test
    void onlyTheHostThatWasAskedForRuns() {
        control.runScriptsOf("app-1", host);
        assertThat(run("touch ran").status()).isEqualTo(CommandInvocationStatus.SUCCESS);
        assertThat(host).isEmptyDirectory();

        control.runScriptsOf("web-1", host);
        control.runNoScriptsOf("web-1");
        assertThat(run("touch ran").status()).isEqualTo(CommandInvocationStatus.SUCCESS);
        assertThat(host).isEmptyDirectory();
    }

    @Test
    void aWorkingDirectoryThatIsNotThereFails() throws IOException {
        control.runScriptsOf("web-1", host);
        Path inside = Files.createDirectory(host.resolve("inside"));
        var there =
                ended(
                        send(
                                Map.of(
                                        "commands", List.of("pwd"),
                                        "workingDirectory", List.of("inside"))));
        var missing =
                ended(
                        send(
                                Map.of(
                                        "commands", List.of("pwd"),
                                        "workingDirectory", List.of("missing"))));

        assertThat(there.standardOutputContent()).isEqualTo(inside + "\n");
        assertThat(missing.status()).isEqualTo(CommandInvocationStatus.FAILED);
        assertThat(missing.responseCode()).isEqualTo(1);
        assertThat(missing.standardErrorContent()).startsWith("failed to run commands: ");
    }

    @Test
    void runsNothingUnlessStartedForIt() {
        try (SandboxExtension careful = new SandboxExtension()) {
            assertThatThrownBy(() -> careful.control().runScriptsOf("web-1", host))
                    .hasMessageContaining("400")
                    .hasMessageContaining("start it with --run-scripts");
        }
    }

    @Test
    void refusesADirectoryThatIsNone() {
        assertThatThrownBy(() -> control.runScriptsOf("web-1", Path.of("relative")))
                .hasMessageContaining("directory must be the absolute path");
        assertThatThrownBy(() -> control.runScriptsOf("web-1", host.resolve("missing")))
                .hasMessageContaining("directory must be the absolute path");
        assertThatThrownBy(() -> control.runScriptsOf("nobody", host)).hasMessageContaining("404");
    }

    private GetCommandInvocationResponse run(String... lines) {
        return ended(send(lines));
    }

    private String send(String... lines) {
        return send(Map.of("commands", List.of(lines)));
    }

    /** Sends and lets it be delivered, where it can be. */
    private String send(Map<String, List<String>> parameters) {
        String id =
                ssm.sendCommand(r ->
                                r.documentName("AWS-RunShellScript")
                                        .instanceIds(Seeded.WEB)
                                        .parameters(parameters))
                        .command()
                        .commandId();
        control.advance(Duration.ofSeconds(2));
        return id;
    }

    private GetCommandInvocationResponse ended(String id) {
        until(() -> {
            control.advance(Duration.ofSeconds(1));
            return !invocation(id).executionEndDateTime().isEmpty();
        });
        return invocation(id);
    }

    private GetCommandInvocationResponse invocation(String id) {
        return ssm.getCommandInvocation(r -> r.commandId(id).instanceId(Seeded.WEB));
    }

    /** The processes of {@link #ENDLESS}, once they are there. */
    private List<Long> started() {
        Path file = host.resolve("started");
        until(() -> Files.exists(file) && read(file).endsWith("\n"));
        return List.of(read(file).strip().split(" ")).stream().map(Long::valueOf).toList();
    }

    private static void assertGone(List<Long> processes) {
        assertThat(processes).hasSize(2);
        until(() -> processes.stream().noneMatch(ShellTest::isRunning));
    }

    /** A zombie that nobody has collected runs no more. */
    private static boolean isRunning(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException e) {
            return false;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void until(BooleanSupplier condition) {
        Instant end = Instant.now().plus(BOUND);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("the end of waiting").isBefore(end);
            LockSupport.parkNanos(STEP.toNanos());
        }
    }
}
