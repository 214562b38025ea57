package dev.yagura.response.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.response.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Yagura-KillProcess, really run, against throwaway processes of this machine. */
class KillProcessScriptTest {
    private static final long NANOS = 1_000_000_000;

    @TempDir Path folder;
    private HostMachine machine;
    private final List<ProcessHandle> started = new ArrayList<>();

    @BeforeEach
    void takeTheMachine() {
        machine = new HostMachine(folder, HostMachine.SH);
    }

    @AfterEach
    void leaveNothingBehind() {
        started.forEach(each -> {
            each.descendants().forEach(ProcessHandle::destroyForcibly);
            each.destroyForcibly();
        });
    }

    @Test
    void killsTheProcessAndNotItsChildren() throws Exception {
        ProcessHandle shell = start("sh", "-c", "sleep 300 & echo $! && wait");
        ProcessHandle child = onlyChild(shell);

        HostReport report = kill(shell, "process").report();

        assertThat(report.all("killed"))
                .singleElement()
                .satisfies(fact -> {
                    assertThat(fact.value(0)).isEqualTo(String.valueOf(shell.pid()));
                    assertThat(fact.text(2)).endsWith("sh");
                });
        assertThat(Processes.isGone(shell.pid())).isTrue();
        assertThat(child.isAlive()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("dev.yagura.response.host.HostMachine#shells")
    void killsATreeThatForksMeanwhile(List<String> shell) throws Exception {
        machine = new HostMachine(folder, shell);
        ProcessHandle root =
                start(
                        "sh",
                        "-c",
                        "(while :; do sleep 300 & sleep 0.01; done) & sleep 300 & echo && wait");

        HostReport report = kill(root, "tree").report();

        assertThat(report.all("killed")).hasSizeGreaterThan(2);
        assertThat(report.all("survived")).isEmpty();
        assertThat(report.all("killed"))
                .allSatisfy(fact ->
                        assertThat(Processes.isGone(Long.parseLong(fact.value(0)))).isTrue());
        assertThat(root.descendants().filter(ProcessHandle::isAlive)).isEmpty();
    }

    /** The name is the process's own: it must not be taken for the fields behind it. */
    @Test
    void aHostileNameNamesNobodyElse() throws Exception {
        ProcessHandle bystander = start("sh", "-c", "echo && exec sleep 300");
        Path tool = folder.resolve("a) S 1\n7 (b) ");
        Files.copy(Path.of("/bin/sleep").toRealPath(), tool);
        assertThat(tool.toFile().setExecutable(true)).isTrue();
        ProcessHandle hostile = started(new ProcessBuilder(tool.toString(), "300").start());

        HostReport report = kill(hostile, "tree").report();

        assertThat(report.all("killed")).hasSize(1);
        assertThat(report.all("killed").getFirst().text(2)).isEqualTo(tool.toString());
        assertThat(Processes.isGone(hostile.pid())).isTrue();
        assertThat(bystander.isAlive()).isTrue();
    }

    @Test
    void leavesAProcessThatStartedAtAnotherTime() throws Exception {
        ProcessHandle other = start("sh", "-c", "echo && exec sleep 300");

        HostMachine.Ended ended =
                kill(other, start(other) - Duration.ofSeconds(10).toNanos(), "process");

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.report().refusal().orElseThrow()).contains("it is another one");
        assertThat(other.isAlive()).isTrue();
        assertThat(Processes.state(other.pid())).isEqualTo('S');
    }

    @Test
    void leavesWhatRunsTheCommand() throws Exception {
        HostMachine.Ended ended = kill(ProcessHandle.current(), "tree");

        assertThat(ended.report().refusal().orElseThrow()).contains("an ancestor of this command");
    }

    @Test
    void aProcessThatHasEndedIsNoFailure() throws Exception {
        ProcessHandle shell = start("sh", "-c", "echo && exec sleep 300");
        long start = start(shell);
        shell.destroyForcibly();
        shell.onExit().get(10, TimeUnit.SECONDS);

        HostMachine.Ended ended = kill(shell, start, "process");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.report().first("ended")).isPresent();
    }

    @Test
    void refusesForAnotherInstanceAndAfterItsTime() throws Exception {
        ProcessHandle process = start("sh", "-c", "echo && exec sleep 300");
        Map<String, String> parameters = parameters(process.pid(), start(process), "process");

        HostMachine.Ended elsewhere =
                machine.run(
                        HostDocument.KILL_PROCESS,
                        runId(),
                        parameters,
                        "i-0fffffffffffffff0",
                        Instant.now().plusSeconds(60));
        HostMachine.Ended late =
                machine.run(
                        HostDocument.KILL_PROCESS,
                        runId(),
                        parameters,
                        HostMachine.INSTANCE,
                        Instant.now().minusSeconds(5));

        assertThat(elsewhere.report().refusal().orElseThrow())
                .contains("i-0fffffffffffffff0", HostMachine.INSTANCE);
        assertThat(late.report().refusal().orElseThrow()).contains("too late");
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void aSecondRunAnswersWithTheFirstsReport() throws Exception {
        ProcessHandle process = start("sh", "-c", "echo && exec sleep 300");
        String run = runId();
        Map<String, String> parameters = parameters(process.pid(), start(process), "process");

        HostMachine.Ended first = machine.run(HostDocument.KILL_PROCESS, run, parameters);
        HostMachine.Ended second = machine.run(HostDocument.KILL_PROCESS, run, parameters);

        assertThat(first.report().all("killed")).hasSize(1);
        assertThat(second).isEqualTo(first);
    }

    @Test
    void aRunThatWasInterruptedIsGoneOnWith() throws Exception {
        ProcessHandle process = start("sh", "-c", "echo && exec sleep 300");
        String run = runId();
        Files.createDirectories(machine.run(run));
        String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        Files.writeString(machine.run(run).resolve("owner"), "999999999 1 " + boot + "\n");

        HostReport report =
                machine.run(
                                HostDocument.KILL_PROCESS,
                                run,
                                parameters(process.pid(), start(process), "process"))
                        .report();

        assertThat(report.all("killed")).hasSize(1);
    }

    private HostMachine.Ended kill(ProcessHandle process, String scope) throws Exception {
        return kill(process, start(process), scope);
    }

    private HostMachine.Ended kill(ProcessHandle process, long start, String scope)
            throws Exception {
        return machine.run(
                HostDocument.KILL_PROCESS, runId(), parameters(process.pid(), start, scope));
    }

    private static Map<String, String> parameters(long pid, long start, String scope) {
        return Map.of(
                "Pid", String.valueOf(pid), "StartTime", String.valueOf(start), "Scope", scope);
    }

    private static String runId() {
        return UUID.randomUUID() + ".apply";
    }

    /** Started, and past its first line of output. */
    private ProcessHandle start(String... command) throws Exception {
        Process process = new ProcessBuilder(command).start();
        started.add(process.toHandle());
        assertThat(process.getInputStream().read()).isNotEqualTo(-1);
        return process.toHandle();
    }

    private ProcessHandle started(Process process) {
        started.add(process.toHandle());
        return process.toHandle();
    }

    private ProcessHandle onlyChild(ProcessHandle parent) {
        try (Stream<ProcessHandle> children = parent.children()) {
            ProcessHandle child = children.findFirst().orElseThrow();
            started.add(child);
            return child;
        }
    }

    private static long start(ProcessHandle process) {
        Instant start = process.info().startInstant().orElseThrow();
        return start.getEpochSecond() * NANOS + start.getNano();
    }
}
