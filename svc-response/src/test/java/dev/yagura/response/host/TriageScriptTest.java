package dev.yagura.response.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Yagura-CollectTriage, really run: processes of this machine, throwaway files, and a server that
 * stands for S3.
 */
class TriageScriptTest {
    private static final String SECRET = UploadServer.SECRET;
    private static final String MOST_KIB = "65536";

    @TempDir Path folder;
    private HostMachine machine;
    private UploadServer s3;

    @BeforeEach
    void takeTheMachine() throws Exception {
        machine = new HostMachine(folder, HostMachine.SH);
        s3 = new UploadServer();
    }

    @AfterEach
    void leaveNothingBehind() {
        s3.close();
    }

    @Test
    void collectsWhatAResponderAsksForFirst() throws Exception {
        prepareFiles();
        Path program = Files.copy(Path.of("/bin/sleep").toRealPath(), folder.resolve("miner"));
        Process miner = new ProcessBuilder(program.toString(), "300").start();
        Files.delete(program);
        HostMachine.Ended ended;
        try {
            ended = collect(UUID.randomUUID() + ".apply");
        } finally {
            miner.destroyForcibly();
        }

        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        UploadServer.Upload upload = s3.uploads().remove();
        assertThat(upload.path()).isEqualTo("PUT /key?" + SECRET);
        assertThat(upload.condition()).isEqualTo("*");
        assertThat(Base64.getDecoder().decode(upload.digest()))
                .isEqualTo(MessageDigest.getInstance("MD5").digest(upload.content()));
        HostReport.Fact archive = ended.report().first("archive").orElseThrow();
        TriageArchiveReader.Contents contents =
                TriageArchiveReader.read(
                        new ByteArrayInputStream(upload.content()), 1 << 27, () -> {});
        assertThat(contents.problem()).isEmpty();
        assertThat(archive.values())
                .containsExactly(
                        contents.sha256(),
                        String.valueOf(contents.size()),
                        String.valueOf(contents.members()));

        Path unpacked = unpack(upload.content());
        String sleep = TarFile.sha256(Files.readAllBytes(Path.of("/bin/sleep").toRealPath()));
        assertThat(Files.readString(unpacked.resolve("processes.tsv")))
                .containsPattern(
                        miner.pid()
                                + "\t"
                                + ProcessHandle.current().pid()
                                + "\t0\t.\t[0-9]{19}\t"
                                + sleep
                                + "\t.*/miner \\(deleted\\)\t.*\t.*/miner 300");
        assertKept(unpacked, "root/etc/cron.d/miner", "* * * * * root /tmp/.x");
        assertKept(unpacked, "root/home/a b/.ssh/authorized_keys", "ssh-ed25519 AAAA evil");
        assertKept(unpacked, "root/etc/sudoers.d/x? y", "mallory ALL=(ALL) NOPASSWD: ALL");
        assertThat(index(unpacked, "miner (deleted)"))
                .contains("program of process " + miner.pid());
        assertThat(index(unpacked, "ld.so.preload -> /etc/shadow")).startsWith("-\t");
        assertThat(Files.readString(unpacked.resolve("passwords.tsv")))
                .isEqualTo("root\tset\t19000\nweb\tlocked\t1\nguest\tnone\t\n");
        assertThat(Files.readString(unpacked.resolve("temp-hashes.txt")))
                .contains(TarFile.sha256("mine".getBytes(StandardCharsets.UTF_8)), "root/tmp/.x");
        assertThat(Files.readString(unpacked.resolve("log-auth.log.txt"))).contains("Accepted key");
        assertThat(Files.readString(unpacked.resolve("sockets.txt")))
                .contains("== tcp of net:", "socket:[");

        assertThat(ended.output() + ended.errors()).doesNotContain(SECRET);
        assertNoneHoldsTheUrl(unpacked);
        assertNoneHoldsTheUrl(machine.state());
        assertThat(names(machine.state())).noneMatch(name -> name.contains("tar.gz"));
    }

    /** An archive that is there was made before: only the upload is gone on with. */
    @Test
    void goesOnWithTheUploadOfAnArchiveThatIsThere() throws Exception {
        String run = UUID.randomUUID() + ".apply";
        byte[] archive = made(run);
        s3.statuses().addAll(List.of(503, 412));

        HostMachine.Ended ended = collect(run);

        assertThat(ended.report().first("uploaded").orElseThrow().value(0)).isEqualTo("412");
        assertThat(s3.uploads())
                .hasSize(2)
                .allSatisfy(upload -> assertThat(upload.content()).isEqualTo(archive));
        assertThat(ended.report().first("archive").orElseThrow().values())
                .containsExactly(TarFile.sha256(archive), String.valueOf(archive.length), "1");
        assertThat(collect(run)).as("of the same run").isEqualTo(ended);
        assertThat(s3.uploads()).hasSize(2);
    }

    /** Read by another shell, and after a run that was killed while it collected. */
    @Test
    void keepsWithinItsLimitWhatS3DoesNotTake() throws Exception {
        machine = new HostMachine(folder, HostMachine.BASH);
        String run = UUID.randomUUID() + ".apply";
        Files.createDirectories(machine.run(run).resolve("collected"));
        Files.writeString(machine.run(run).resolve("collected/half"), "of it");
        write("var/log/syslog", "x".repeat(2 << 20));
        s3.statuses().add(403);

        HostMachine.Ended ended = collect(run, "1000");

        assertThat(ended.exitCode()).isEqualTo(5);
        HostReport.Fact failed = ended.report().first("failed").orElseThrow();
        assertThat(failed.text(0)).contains("status 403 SlowDown");
        assertThat(ended.output() + ended.errors()).doesNotContain(SECRET);
        byte[] archive = Files.readAllBytes(Path.of(failed.text(1)));
        TriageArchiveReader.Contents contents =
                TriageArchiveReader.read(new ByteArrayInputStream(archive), 1000 * 1024, () -> {});
        assertThat(contents.problem()).isEmpty();
        Path unpacked = unpack(archive);
        assertThat(Files.readString(unpacked.resolve("notes.txt")))
                .containsPattern("log-syslog.txt: cut at [0-9]+ KiB");
        assertThat(unpacked.resolve("half")).doesNotExist();
    }

    private void prepareFiles() throws Exception {
        write("etc/passwd", "root:x:0:0:r:/root:/bin/sh\nab:x:7:7::/home/a b:/bin/sh\n");
        write("etc/shadow", "root:$6$salt$hash:19000::::::\nweb:!:1::::::\nguest::::::::\n");
        write("etc/cron.d/miner", "* * * * * root /tmp/.x");
        write("etc/sudoers.d/x\n y", "mallory ALL=(ALL) NOPASSWD: ALL");
        write("home/a b/.ssh/authorized_keys", "ssh-ed25519 AAAA evil");
        write("tmp/.x", "mine");
        write("var/log/auth.log", "Accepted key for root");
        Files.createSymbolicLink(
                machine.root().resolve("etc/ld.so.preload"), Path.of("/etc/shadow"));
    }

    private void write(String path, String content) throws Exception {
        Path file = machine.root().resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    /** As a run leaves it that was killed after it had made its archive. */
    private byte[] made(String run) throws Exception {
        byte[] archive = new TarFile().with("host.txt", "web-1").gzip();
        Files.createDirectories(machine.run(run));
        Files.write(machine.run(run).resolve("triage.tar.gz"), archive);
        Files.writeString(machine.run(run).resolve("members"), "1\n");
        return archive;
    }

    private HostMachine.Ended collect(String run) throws Exception {
        return collect(run, MOST_KIB);
    }

    private HostMachine.Ended collect(String run, String mostKib) throws Exception {
        String upload = s3.url("key") + "\nIf-None-Match: *\n";
        return machine.run(
                HostDocument.COLLECT_TRIAGE,
                run,
                Map.of(
                        "MostKib",
                        mostKib,
                        "Upload",
                        Base64.getEncoder()
                                .encodeToString(upload.getBytes(StandardCharsets.UTF_8))));
    }

    private Path unpack(byte[] archive) throws Exception {
        Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
        Path file = Files.write(folder.resolve("got.tar.gz"), archive);
        Process tar =
                new ProcessBuilder("tar", "-xzf", file.toString(), "-C", unpacked.toString())
                        .inheritIO()
                        .start();
        assertThat(tar.waitFor()).isZero();
        return unpacked;
    }

    private static void assertNoneHoldsTheUrl(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(file ->
                            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                                    .doesNotContain(SECRET));
        }
    }

    private static void assertKept(Path unpacked, String path, String content) throws Exception {
        String member = index(unpacked, path).split("\t", -1)[0];
        assertThat(Files.readString(unpacked.resolve(member))).isEqualTo(content);
    }

    private static String index(Path unpacked, String ending) throws Exception {
        return Files.readAllLines(unpacked.resolve("index.tsv")).stream()
                .filter(line -> line.endsWith(ending))
                .findFirst()
                .orElseThrow(() -> new AssertionError(ending));
    }

    private static List<String> names(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
