package dev.yagura.response.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Yagura-CaptureMemory, really run: on a file that is laid out as /proc/kcore, which this machine
 * need not have, and against a server that stands for S3.
 */
class MemoryScriptTest {
    /** The five ranges of {@link FakeMemory} in parts of 64 KiB. */
    private static final int PARTS = 5;

    @TempDir Path folder;
    private HostMachine machine;
    private FakeMemory memory;
    private UploadServer s3;
    private final String action = UUID.randomUUID().toString();

    @BeforeEach
    void takeTheMachine() throws Exception {
        machine = new HostMachine(folder, HostMachine.SH);
        memory = FakeMemory.at(machine.root());
        s3 = new UploadServer();
    }

    @AfterEach
    void leaveNothingBehind() throws Exception {
        s3.close();
        memory.close();
    }

    @Test
    void putsEveryRangeIntoAnImageOfLime() throws Exception {
        HostMachine.Ended first = capture("apply", 1, 3, Map.of());

        MemoryBatch batch = batch(first, 1, 3);
        assertThat(batch.parts()).isEqualTo(PARTS);
        assertThat(batch.bytes()).isEqualTo(FakeMemory.BYTES);
        assertThat(batch.missingBytes()).as("a page that kcore does not have").isEqualTo(4096);
        assertThat(batch.last()).isEqualTo(3);
        assertThat(batch.kernel()).startsWith("Linux ");
        assertThat(batch.stopped()).isEmpty();
        assertThat(capture("apply", 1, 3, Map.of())).as("of the same run").isEqualTo(first);

        machine = new HostMachine(folder, HostMachine.BASH);
        MemoryBatch rest =
                batch(
                        capture("apply2", 4, 64, Map.of("Boot", batch.boot(), "Map", batch.map())),
                        4,
                        64);

        assertThat(rest.isLast()).isTrue();
        assertThat(rest.isOf(batch)).isTrue();
        assertThat(s3.uploads())
                .extracting(UploadServer.Upload::path)
                .containsExactly(
                        put("part-1"),
                        put("part-2"),
                        put("part-3"),
                        put("list-1"),
                        put("part-4"),
                        put("part-5"),
                        put("list-4"));
        assertThat(s3.uploads()).extracting(UploadServer.Upload::condition).containsOnly("*");
        assertThat(s3.uploads()).extracting(UploadServer.Upload::digest).doesNotContainNull();
        assertThat(TarFile.sha256(uploaded("list-1"))).isEqualTo(batch.listSha256());
        assertListed("list-1", 1, 3);
        assertListed("list-4", 4, 5);
        List<FakeMemory.Lime> image = image(batch);
        assertThat(image).hasSize(PARTS);
        assertThat(image.getFirst().start()).isEqualTo(0x1000);
        assertThat(image.getFirst().end()).isEqualTo(0x8fff);
        assertThat(image)
                .allSatisfy(each ->
                        assertThat(each.content())
                                .isEqualTo(memory.content(each.start(), each.end())));
        assertThat(memory.buffers()).isEmpty();
        assertNeitherMemoryNorUrlIsOnDisk();
    }

    /** One that was killed while a part was on its way: the same bytes go again, then the rest. */
    @Test
    void goesOnAfterItWasKilled() throws Exception {
        s3.beforeAnswer(() -> {
            if (s3.uploads().size() == 2) {
                killScripts();
            }
        });
        HostMachine.Ended killed = capture("apply", 1, 64, Map.of());
        assertThat(killed.exitCode()).isNotZero();
        assertThat(killed.output()).isEmpty();
        byte[] sent = uploaded("part-2");
        memory.change();
        s3.beforeAnswer(null);
        s3.statuses().add(412);

        HostMachine.Ended ended = capture("apply", 1, 64, Map.of());

        assertThat(batch(ended, 1, 64).isLast()).isTrue();
        assertThat(s3.uploads().stream().map(UploadServer.Upload::path))
                .containsExactly(
                        put("part-1"),
                        put("part-2"),
                        put("part-2"),
                        put("part-3"),
                        put("part-4"),
                        put("part-5"),
                        put("list-1"));
        assertThat(s3.uploads().stream().filter(each -> each.path().equals(put("part-2"))))
                .allSatisfy(each -> assertThat(each.content()).isEqualTo(sent));
        assertListed("list-1", 1, PARTS);
        assertThat(memory.buffers()).isEmpty();
    }

    /**
     * URLs that S3 does not take any more: what has arrived is kept, the next run does the rest.
     */
    @Test
    void whatCannotBeUploadedIsForTheNextRun() throws Exception {
        s3.statuses().addAll(List.of(200, 403));
        MemoryBatch batch = batch(capture("apply", 1, 64, Map.of()), 1, 64);
        assertThat(batch.last()).isEqualTo(1);
        assertThat(batch.stopped().orElseThrow())
                .contains("part 2 could not be uploaded: status 403 SlowDown")
                .doesNotContain(UploadServer.SECRET);
        byte[] refused = uploaded("part-2");
        assertThat(memory.buffers()).hasSize(1);
        s3.uploads().clear();
        memory.change();

        MemoryBatch rest =
                batch(
                        capture("apply2", 2, 64, Map.of("Boot", batch.boot(), "Map", batch.map())),
                        2,
                        64);

        assertThat(rest.isLast()).isTrue();
        assertThat(uploaded("part-2")).as("captured before").isEqualTo(refused);

        s3.statuses().add(403);
        HostMachine.Ended nothing =
                capture("apply3", 1, 64, Map.of("Boot", batch.boot(), "Map", batch.map()));
        assertThat(nothing.exitCode()).isEqualTo(5);
        assertThat(batch(nothing, 1, 64).isProgress()).isFalse();
        assertThat(memory.buffers()).isEmpty();
    }

    @Test
    void compressesAndUploadsWithWhatTheHostHas() throws Exception {
        machine = without("/usr/bin/zstd", "/usr/bin/curl");
        MemoryBatch batch = batch(capture("apply", 1, 64, Map.of()), 1, 64);
        assertThat(batch.compression()).isEqualTo("gz");
        assertThat(image(batch))
                .hasSize(PARTS)
                .allSatisfy(each ->
                        assertThat(each.content())
                                .isEqualTo(memory.content(each.start(), each.end())));

        machine = without("/usr/bin/wget", "/usr/bin/curl");
        assertThat(refusal(Map.of())).contains("neither curl nor wget");
    }

    @Test
    void refusesWhatItCannotOrMustNotRead() throws Exception {
        assertThat(refusal(Map.of("PartKib", "4000001"))).contains("lower yagura.response");
        assertThat(refusal(Map.of("Boot", action))).contains("booted since");
        assertThat(refusal(Map.of("Map", "0".repeat(64)))).contains("other ranges");
        write("sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
        assertThat(refusal(Map.of())).contains("lockdown (confidentiality)");
        write("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        String iomem = Files.readString(machine.root().resolve("proc/iomem"));
        write("proc/iomem", iomem.replaceAll("[0-9a-f]{8}-[0-9a-f]{8}", "00000000-00000000"));
        assertThat(refusal(Map.of())).contains("/proc/iomem has no addresses of RAM");
        write("proc/iomem", iomem.replace("00124fff", "001fffff").replace("00200000", "40200000"));
        assertThat(batch(capture("apply9", 1, 64, Map.of()), 1, 64).missingBytes())
                .isEqualTo(0x200000 - 0x125000);
        write("proc/iomem", iomem);
        memory.grow();
        assertThat(refusal(Map.of())).contains("most-gib allows");
        write("proc/iomem", iomem);
        Files.delete(machine.root().resolve("run"));
        assertThat(refusal(Map.of())).contains("/run is on a disk");
        memory.forgetAddresses();
        assertThat(refusal(Map.of())).contains("no physical addresses");
        write("proc/kcore", "no ELF");
        assertThat(refusal(Map.of())).contains("64-bit");
        Files.delete(machine.root().resolve("proc/kcore"));
        assertThat(refusal(Map.of())).contains("no /proc/kcore");
        assertThat(s3.uploads()).extracting(UploadServer.Upload::path).contains(put("list-1"));
    }

    private String refusal(Map<String, String> parameters) throws Exception {
        Map<String, String> all = new HashMap<>(parameters);
        HostMachine.Ended ended = capture("apply", UUID.randomUUID().toString(), 1, 64, all);
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(3);
        return ended.report().refusal().orElseThrow();
    }

    private HostMachine.Ended capture(
            String step, int first, int most, Map<String, String> parameters) throws Exception {
        return capture(step, action, first, most, parameters);
    }

    private HostMachine.Ended capture(
            String step, String of, int first, int most, Map<String, String> parameters)
            throws Exception {
        Map<String, String> all =
                new HashMap<>(
                        Map.of(
                                "First", String.valueOf(first),
                                "PartKib", "64",
                                "MostMib", "1",
                                "RateKib", "1000000",
                                "Boot", "-",
                                "Map", "-"));
        all.put("Upload", uploads(first, most));
        all.putAll(parameters);
        return machine.run(HostDocument.CAPTURE_MEMORY, of + "." + step, all);
    }

    private String uploads(int first, int most) throws Exception {
        String text =
                "If-None-Match: *\n\n"
                        + s3.url("list-" + first)
                        + "\n"
                        + IntStream.range(first, first + most)
                                .mapToObj(number -> s3.url("part-" + number) + "\n")
                                .collect(Collectors.joining());
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return Base64.getEncoder().encodeToString(packed.toByteArray());
    }

    private static MemoryBatch batch(HostMachine.Ended ended, int first, int most) {
        return MemoryBatch.of(ended.report(), first, most);
    }

    private static String put(String key) {
        return "PUT /" + key + "?" + UploadServer.SECRET;
    }

    private byte[] uploaded(String key) {
        return s3.uploads().stream()
                .filter(each -> each.path().equals(put(key)))
                .map(UploadServer.Upload::content)
                .findFirst()
                .orElseThrow();
    }

    private void assertListed(String list, int first, int last) throws Exception {
        List<MemoryPart> parts =
                new String(uploaded(list), UTF_8)
                        .lines()
                        .map(line -> MemoryPart.parse(line).orElseThrow())
                        .toList();
        assertThat(parts)
                .extracting(MemoryPart::number)
                .isEqualTo(IntStream.rangeClosed(first, last).boxed().toList());
        for (MemoryPart part : parts) {
            byte[] content = uploaded("part-" + part.number());
            assertThat(part.storedBytes()).isEqualTo(content.length);
            assertThat(part.sha256()).isEqualTo(TarFile.sha256(content));
        }
    }

    private List<FakeMemory.Lime> image(MemoryBatch batch) throws Exception {
        List<byte[]> parts = new ArrayList<>();
        for (int number = 1; number <= batch.parts(); number++) {
            parts.add(uploaded("part-" + number));
        }
        return FakeMemory.lime(FakeMemory.unpacked(parts, batch.compression()));
    }

    private void assertNeitherMemoryNorUrlIsOnDisk() throws Exception {
        try (Stream<Path> files = Files.walk(machine.state())) {
            assertThat(files.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(file ->
                            assertThat(Files.readString(file, ISO_8859_1))
                                    .doesNotContain(FakeMemory.MARK, UploadServer.SECRET));
        }
    }

    /** With everything that they have started in their own name. */
    private void killScripts() {
        ProcessHandle.current()
                .descendants()
                .filter(each -> each.info().commandLine().orElse("").contains(folder.toString()))
                .forEach(ProcessHandle::destroyForcibly);
    }

    /** A host that does not have these programs. */
    private HostMachine without(String... programs) {
        String hide =
                Stream.of(programs)
                        .map(each -> "mount --bind /dev/null $(readlink -f " + each + ") && ")
                        .collect(Collectors.joining());
        return new HostMachine(
                folder, List.of("unshare", "-m", "sh", "-c", hide + "exec sh \"$0\""));
    }

    private void write(String path, String content) throws Exception {
        Path file = machine.root().resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
