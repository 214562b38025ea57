package dev.yagura.response.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Yagura-QuarantineFile and Yagura-RestoreFile, really run, on files of this machine. */
class QuarantineScriptTest {
    /** Another file system than that of temporary folders, on every Linux. */
    private static final Path MEMORY = Path.of("/dev/shm");

    @TempDir Path folder;
    private HostMachine machine;
    private final String action = UUID.randomUUID().toString();

    /** What undo must bring back. */
    private record Kept(
            String content, Object mode, Object owner, Object group, FileTime modified) {
        static Kept of(Path file) throws Exception {
            return new Kept(
                    Files.readString(file),
                    Files.getAttribute(file, "unix:mode"),
                    Files.getAttribute(file, "unix:uid"),
                    Files.getAttribute(file, "unix:gid"),
                    Files.getLastModifiedTime(file));
        }
    }

    @BeforeEach
    void takeTheMachine() {
        machine = new HostMachine(folder, HostMachine.SH);
    }

    @ParameterizedTest
    @MethodSource("dev.yagura.response.host.HostMachine#shells")
    void restoresExactlyWhatWasMoved(List<String> shell) throws Exception {
        machine = new HostMachine(folder, shell);
        roundTrip(file(folder.resolve("miner")));
    }

    @Test
    void takesEveryNameThatAFileCanHave() throws Exception {
        roundTrip(file(folder.resolve("-a '\"$(touch pwned) \\ \n*")));
        assertThat(folder.resolve("pwned")).doesNotExist();
    }

    @Test
    void crossesFileSystems() throws Exception {
        Path other = Files.createTempDirectory(MEMORY, "yagura");
        try {
            assertThat(Files.getFileStore(other)).isNotEqualTo(Files.getFileStore(folder));
            Path file = file(other.resolve("miner"));
            roundTrip(file);
            Files.delete(file);
        } finally {
            Files.delete(other);
        }
    }

    @Test
    void leavesAnotherContent() throws Exception {
        Path file = file(folder.resolve("miner"));
        String expected = sha256(file);
        Files.writeString(file, "something else");

        assertRefused(quarantine(file, expected), "it is another file");
        assertThat(file).hasContent("something else");
    }

    @Test
    void leavesWhatIsNoFile() throws Exception {
        Path file = file(folder.resolve("miner"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        assertRefused(quarantine(link, sha256(file)), "a symbolic link to " + file);
        assertRefused(quarantine(folder.resolve("none"), sha256(file)), "no such file");
        assertRefused(quarantine(folder, sha256(file)), "no regular file");
        assertThat(file).exists();
    }

    @Test
    void leavesTheShellThatRunsTheCommand() throws Exception {
        Path shell = Path.of("/bin/sh").toRealPath();

        assertRefused(quarantine(shell, sha256(shell)), "runs it");
        assertThat(shell).exists();
    }

    @Test
    void namesWhatStillRunsIt() throws Exception {
        Path tool = folder.resolve("tool");
        Files.copy(Path.of("/bin/sleep").toRealPath(), tool);
        assertThat(tool.toFile().setExecutable(true)).isTrue();
        Process process = new ProcessBuilder(tool.toString(), "300").start();
        try {
            HostReport report = quarantine(tool, sha256(tool)).report();

            assertThat(report.all("running"))
                    .extracting(fact -> fact.value(0))
                    .containsExactly(String.valueOf(process.pid()));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void neverRestoresOverSomethingElse() throws Exception {
        Path file = file(folder.resolve("miner"));
        Kept before = Kept.of(file);
        quarantine(file, sha256(file));
        Files.writeString(file, "in its place");

        assertRefused(restore("undo1"), "something is at the file's place now");
        assertThat(file).hasContent("in its place");

        Files.delete(file);
        assertThat(restore("undo2").report().first("restored")).isPresent();
        assertThat(Kept.of(file)).isEqualTo(before);
    }

    @Test
    void goesOnAfterAnInterruption() throws Exception {
        Path file = file(folder.resolve("miner"));
        String expected = sha256(file);
        Kept before = Kept.of(file);

        String first = quarantine(file, expected).output();
        forget("apply");
        assertThat(quarantine(file, expected).output()).isEqualTo(first);

        String restored = restore("undo1").output();
        forget("undo1");
        assertThat(restore("undo1").output()).isEqualTo(restored);
        assertThat(Kept.of(file)).isEqualTo(before);
    }

    @Test
    void anEmptyQuarantineSaysSo() throws Exception {
        assertThat(restore("undo1").report().first("absent")).isPresent();
    }

    private void roundTrip(Path file) throws Exception {
        Kept before = Kept.of(file);
        String expected = sha256(file);

        HostReport moved = quarantine(file, expected).report();

        assertThat(file).doesNotExist();
        assertThat(moved.first("quarantined").orElseThrow().value(0)).isEqualTo(expected);
        Path kept = machine.state().resolve("quarantine").resolve(action).resolve("file");
        assertThat(Files.getPosixFilePermissions(kept)).isEmpty();

        HostReport back = restore("undo1").report();

        assertThat(back.first("restored").orElseThrow().value(0)).isEqualTo(expected);
        assertThat(Kept.of(file)).isEqualTo(before);
        assertThat(kept).doesNotExist();
    }

    /** As if the host had lost power before the report was written. */
    private void forget(String step) throws Exception {
        Path run = machine.run(action + "." + step);
        Files.delete(run.resolve("report"));
        Files.writeString(run.resolve("owner"), "999999999 1 another-boot\n");
    }

    private static Path file(Path path) throws Exception {
        Files.writeString(path, "#!/bin/sh\nmine\n");
        Files.setAttribute(path, "unix:mode", 0100751 | 04000);
        Files.setLastModifiedTime(
                path, FileTime.from(Instant.parse("2026-02-03T04:05:06.789012345Z")));
        return path;
    }

    private HostMachine.Ended quarantine(Path file, String sha256) throws Exception {
        return machine.run(
                HostDocument.QUARANTINE_FILE,
                action + ".apply",
                Map.of(
                        "ActionId",
                        action,
                        "Path",
                        Base64.getEncoder()
                                .encodeToString(file.toString().getBytes(StandardCharsets.UTF_8)),
                        "Sha256",
                        sha256));
    }

    private HostMachine.Ended restore(String step) throws Exception {
        return machine.run(
                HostDocument.RESTORE_FILE, action + "." + step, Map.of("ActionId", action));
    }

    private void assertRefused(HostMachine.Ended ended, String reason) throws Exception {
        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.report().refusal().orElseThrow()).contains(reason);
        forgetRefused();
    }

    /** The next try of the test is another run. */
    private void forgetRefused() throws Exception {
        Path run = machine.run(action + ".apply");
        if (Files.exists(run.resolve("report"))) {
            Files.delete(run.resolve("report"));
            Files.delete(run.resolve("owner"));
            Files.delete(run);
        }
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
