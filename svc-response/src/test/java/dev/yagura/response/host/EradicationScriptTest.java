package dev.yagura.response.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yagura.proto.response.v1.EradicationTarget;
import dev.yagura.proto.response.v1.FileLineTarget;
import dev.yagura.proto.response.v1.FileTarget;
import dev.yagura.proto.response.v1.ProcessTarget;
import dev.yagura.response.Processes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Yagura-Eradicate and Yagura-RestoreEradicated, really run, in a mount namespace with an /etc of
 * its own: real processes and accounts, and a systemctl of the test's that keeps units in files.
 */
class EradicationScriptTest {
    private static final long NANOS = 1_000_000_000;
    private static final Path SYSTEMCTL = Path.of("/usr/bin/systemctl");
    private static final String CRON = "*/5 * * * * root /tmp/.x \"a b\" 'c' $(d)";
    private static final String KEY = "ssh-ed25519 AAAAC3Nza evil@c2";

    @TempDir Path folder;
    private Path etc;
    private Path units;
    private HostMachine machine;
    private final String action = UUID.randomUUID().toString();
    private final List<Process> started = new ArrayList<>();

    /** What undo must bring back. */
    private record Kept(String content, Object mode, Object owner, FileTime modified) {
        static Kept of(Path file) throws Exception {
            return new Kept(
                    Files.readString(file),
                    Files.getAttribute(file, "unix:mode"),
                    Files.getAttribute(file, "unix:uid"),
                    Files.getLastModifiedTime(file));
        }
    }

    @BeforeEach
    void makeAHost() throws Exception {
        assumeTrue(Files.exists(SYSTEMCTL), "no systemctl that could be covered");
        etc = Files.createDirectories(folder.resolve("etc"));
        units = Files.createDirectories(folder.resolve("units"));
        write(
                etc.resolve("passwd"),
                "root:x:0:0::/root:/bin/sh\nmallory:x:777:777::/:/bin/sh\nguest:x:778:777::/:/bin/sh\n");
        write(etc.resolve("group"), "root:x:0:\nmallory:x:777:\n");
        write(
                etc.resolve("shadow"),
                "root:*:19000:0:99999:7:::\nmallory:$6$a$b:19001:0:9:7::19999:\nguest::19002::::::\n");
        write(etc.resolve("login.defs"), "");
        write(etc.resolve("cron.d/job"), "# kept\n" + CRON + "\n17 * * * * root run-parts\n");
        write(etc.resolve("systemd/system/miner.service"), "[Service]\nExecStart=/tmp/.x\n");
        write(units.resolve("miner.service"), "/etc/systemd/system/miner.service enabled active\n");
        write(
                units.resolve("cron.service"),
                "/usr/lib/systemd/system/cron.service enabled active\n");
        write(folder.resolve("systemctl"), systemctl());
        write(
                folder.resolve("enter.sh"),
                """
                mount --bind %1$s/etc /etc
                mount --bind %1$s/systemctl /usr/bin/systemctl
                exec "$@"
                """
                        .formatted(folder));
        assertThat(folder.resolve("systemctl").toFile().setExecutable(true)).isTrue();
        machine = host(HostMachine.SH);
    }

    @AfterEach
    void leaveNothingBehind() {
        started.forEach(Process::destroyForcibly);
    }

    private HostMachine host(List<String> shell) {
        List<String> command =
                new ArrayList<>(
                        List.of("unshare", "--mount", "sh", folder.resolve("enter.sh").toString()));
        command.addAll(shell);
        return new HostMachine(folder, command);
    }

    @ParameterizedTest
    @MethodSource("dev.yagura.response.host.HostMachine#shells")
    void removesEveryKindAndPutsItBackExactly(List<String> shell) throws Exception {
        machine = host(shell);
        Process miner = start();
        Path file = write(folder.resolve("a 'b'\n.x"), "mine");
        Path keys = write(folder.resolve("authorized_keys"), "ssh-rsa mine\n" + KEY);
        List<Path> changed =
                List.of(
                        file,
                        keys,
                        etc.resolve("cron.d/job"),
                        etc.resolve("systemd/system/miner.service"));
        for (Path each : changed) {
            Files.setAttribute(each, "unix:mode", 0100640);
            Files.setLastModifiedTime(each, FileTime.from(Instant.parse("2026-02-03T04:05:06Z")));
        }
        List<Kept> before = new ArrayList<>();
        for (Path each : changed) {
            before.add(Kept.of(each));
        }
        String shadow = Files.readString(etc.resolve("shadow"));

        HostMachine.Ended ended = eradicate(everything(miner, file, keys));

        assertThat(ended.exitCode()).as(ended.output() + ended.errors()).isZero();
        assertThat(numbers(ended, "clean")).containsExactly("1", "2", "3", "4", "5", "6", "7");
        assertThat(Processes.isGone(miner.pid())).isTrue();
        assertThat(file).doesNotExist();
        assertThat(keys).hasContent("ssh-rsa mine\n");
        assertThat(etc.resolve("cron.d/job")).hasContent("# kept\n17 * * * * root run-parts\n");
        assertThat(Files.getAttribute(etc.resolve("cron.d/job"), "unix:mode")).isEqualTo(0100640);
        assertThat(etc.resolve("systemd/system/miner.service")).doesNotExist();
        assertThat(units.resolve("miner.service")).content().contains("disabled inactive");
        assertThat(etc.resolve("shadow"))
                .hasContent(
                        "root:*:19000:0:99999:7:::\nmallory:!$6$a$b:19001:0:9:7::1:\n"
                                + "guest:!:19002:::::1:\n");

        HostMachine.Ended undone = undo("undo1");

        assertThat(undone.exitCode()).as(undone.output() + undone.errors()).isZero();
        assertThat(numbers(undone, "restored")).containsExactly("2", "3", "4", "6", "7", "5");
        assertThat(undone.report().all("changed")).isEmpty();
        for (int i = 0; i < changed.size(); i++) {
            assertThat(Kept.of(changed.get(i))).isEqualTo(before.get(i));
        }
        assertThat(etc.resolve("shadow")).hasContent(shadow);
        assertThat(units.resolve("miner.service")).content().contains("enabled active");
        assertThat(numbers(undo("undo2"), "restored")).hasSize(6);
        assertThat(Kept.of(keys)).isEqualTo(before.get(1));
    }

    @Test
    void leavesWhatIsAnotherAndRemovesTheRest() throws Exception {
        Process other = start();
        Path file = write(folder.resolve("file"), "of somebody");
        EradicationTarget target =
                EradicationTarget.newBuilder()
                        .addProcesses(
                                ProcessTarget.newBuilder()
                                        .setPid((int) other.pid())
                                        .setStartTimeNs(start(other) - 60 * NANOS))
                        .addFiles(
                                FileTarget.newBuilder()
                                        .setPath(file.toString())
                                        .setSha256("0".repeat(64)))
                        .addLines(cron())
                        .addUnits("cron.service")
                        .addUsers("root")
                        .build();

        HostMachine.Ended ended = eradicate(target);

        assertThat(ended.exitCode()).isEqualTo(5);
        assertThat(numbers(ended, "left")).containsExactlyInAnyOrder("1", "2", "4", "5");
        assertThat(numbers(ended, "clean")).containsExactly("3");
        assertThat(reasons(ended, "left"))
                .contains(
                        "it is another one",
                        "it is another file",
                        "belongs to a package",
                        "host's own");
        assertThat(numbers(ended, "dirty")).containsExactly("1", "2", "4", "5");
        assertThat(other.isAlive()).isTrue();
        assertThat(Processes.state(other.pid())).isEqualTo('S');
        assertThat(file).hasContent("of somebody");
        assertThat(etc.resolve("cron.d/job")).content().doesNotContain(CRON);
        assertThat(units.resolve("cron.service")).content().contains("enabled active");
        assertThat(numbers(undo("undo1"), "restored")).containsExactly("3");
    }

    @Test
    void whatIsNotThereIsClean() throws Exception {
        HostMachine.Ended ended =
                eradicate(
                        EradicationTarget.newBuilder()
                                .addFiles(
                                        FileTarget.newBuilder()
                                                .setPath("/nowhere/file")
                                                .setSha256("0".repeat(64)))
                                .addLines(line(Path.of("/nowhere/cron"), CRON))
                                .addLines(line(etc.resolve("cron.d/job"), "part of no line"))
                                .addUnits("gone.timer")
                                .addUsers("gone")
                                .build());

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(numbers(ended, "clean")).hasSize(5);
        assertThat(undo("undo1").report().facts()).isEmpty();
    }

    @Test
    void addsTheLineAloneWhereOthersChangedTheFile() throws Exception {
        Path job = etc.resolve("cron.d/job");
        eradicate(EradicationTarget.newBuilder().addLines(cron()).build());
        Files.writeString(job, "1 1 * * * root new");

        HostMachine.Ended undone = undo("undo1");

        assertThat(job).hasContent("1 1 * * * root new\n" + CRON + "\n");
        assertThat(reasons(undone, "changed")).contains("others changed /etc/cron.d/job meanwhile");
    }

    @Test
    void aPlaceThatIsTakenIsTriedAgain() throws Exception {
        Path file = write(folder.resolve("file"), "mine");
        eradicate(EradicationTarget.newBuilder().addFiles(file(file)).addLines(cron()).build());
        write(file, "another");

        HostMachine.Ended refused = undo("undo1");
        Files.delete(file);
        HostMachine.Ended undone = undo("undo2");

        assertThat(refused.exitCode()).isEqualTo(5);
        assertThat(numbers(refused, "restored")).containsExactly("2");
        assertThat(reasons(refused, "left")).contains("something is at the file's place now");
        assertThat(numbers(undone, "restored")).containsExactly("1", "2");
        assertThat(file).hasContent("mine");
    }

    /** Killed when it had stopped a process and removed a line, in the middle of a unit. */
    @Test
    void goesOnAfterAnInterruption() throws Exception {
        Process miner = start();
        Path file = write(folder.resolve("file"), "mine");
        Path keys = write(folder.resolve("authorized_keys"), KEY + "\n");
        String job = Files.readString(etc.resolve("cron.d/job"));
        write(units.resolve("kill-next-stop"), "");

        HostMachine.Ended killed = eradicate(everything(miner, file, keys));
        HostMachine.Ended ended = eradicate(everything(miner, file, keys));

        assertThat(killed.output()).isEmpty();
        assertThat(ended.exitCode()).as(ended.output() + ended.errors()).isZero();
        assertThat(numbers(ended, "clean")).hasSize(7);
        assertThat(Processes.isGone(miner.pid())).isTrue();
        assertThat(numbers(undo("undo1"), "restored")).hasSize(6);
        assertThat(etc.resolve("cron.d/job")).hasContent(job);
        assertThat(keys).hasContent(KEY + "\n");
        assertThat(units.resolve("miner.service")).content().contains("enabled active");
    }

    private EradicationTarget everything(Process process, Path file, Path keys) throws Exception {
        return EradicationTarget.newBuilder()
                .addProcesses(
                        ProcessTarget.newBuilder()
                                .setPid((int) process.pid())
                                .setStartTimeNs(start(process)))
                .addFiles(
                        FileTarget.newBuilder()
                                .setPath(file.toString())
                                .setSha256(TarFile.sha256("mine".getBytes(StandardCharsets.UTF_8))))
                .addLines(cron())
                .addLines(line(keys, KEY))
                .addUnits("miner.service")
                .addUsers("mallory")
                .addUsers("guest")
                .build();
    }

    /** As the host sees it. */
    private static FileLineTarget.Builder cron() {
        return line(Path.of("/etc/cron.d/job"), CRON);
    }

    private static FileLineTarget.Builder line(Path path, String line) {
        return FileLineTarget.newBuilder().setPath(path.toString()).setLine(line);
    }

    private static FileTarget.Builder file(Path path) throws Exception {
        return FileTarget.newBuilder()
                .setPath(path.toString())
                .setSha256(TarFile.sha256(Files.readAllBytes(path)));
    }

    private HostMachine.Ended eradicate(EradicationTarget target) throws Exception {
        return machine.run(
                HostDocument.ERADICATE,
                action + ".apply",
                Map.of("ActionId", action, "Findings", Finding.encoded(Finding.of(target))));
    }

    private HostMachine.Ended undo(String run) throws Exception {
        return machine.run(
                HostDocument.RESTORE_ERADICATED, action + "." + run, Map.of("ActionId", action));
    }

    private static List<String> numbers(HostMachine.Ended ended, String word) {
        return ended.report().all(word).stream().map(fact -> fact.value(0)).toList();
    }

    private static String reasons(HostMachine.Ended ended, String word) {
        return String.join(
                "; ", ended.report().all(word).stream().map(fact -> fact.text(1)).toList());
    }

    private Process start() throws Exception {
        Process process = new ProcessBuilder("sleep", "300").start();
        started.add(process);
        return process;
    }

    private static long start(Process process) {
        Instant start = process.info().startInstant().orElseThrow();
        return start.getEpochSecond() * NANOS + start.getNano();
    }

    private static Path write(Path file, String content) throws Exception {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    /**
     * Units are files: path, whether enabled, whether active. One without its file is not there.
     */
    private String systemctl() {
        return """
        #!/bin/sh
        units=%s
        command=$1
        for name; do :; done
        [ "$command" != daemon-reload ] || exit 0
        [ -f "$units/$name" ] || exit 1
        read -r path enabled active <"$units/$name"
        keep() { echo "$path $enabled $active" >"$units/$name"; }
        case "$command" in
        show)
            case "$2" in
            *FragmentPath) [ "${path#/usr}" = "$path" ] && [ ! -e "$path" ] || echo "$path" ;;
            *ActiveState) echo "$active" ;;
            esac ;;
        is-enabled) echo "$enabled" ;;
        enable) enabled=enabled; keep ;;
        disable) enabled=disabled; keep ;;
        start) active=active; keep ;;
        stop)
            if [ -f "$units/kill-next-stop" ]; then
                rm "$units/kill-next-stop"
                # The script, which waits for timeout, which waits for this.
                read -r pid name state parent rest </proc/$PPID/stat
                kill -KILL "$parent"
                exit 1
            fi
            active=inactive; keep ;;
        esac
        """
                .formatted(units);
    }
}
