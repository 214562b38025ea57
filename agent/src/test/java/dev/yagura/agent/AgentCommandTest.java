package dev.yagura.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.yagura.agent.delivery.FakeLog;
import dev.yagura.agent.event.AgentCounters;
import dev.yagura.agent.event.BadLineReport;
import dev.yagura.agent.event.Problems;
import dev.yagura.proto.ingest.v1.TelemetryBatch;
import dev.yagura.proto.inventory.v1.ReportStatusRequest;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.EventBatch;
import dev.yagura.telemetry.recording.Recording;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands, against a gateway over TLS; `run` as a process of its own in 64 MiB of heap. */
class AgentCommandTest {
    private static final String NO_METADATA = "aws.disableEc2Metadata";
    private static final Path RECORDING = Path.of("..", "sandbox", "scenario", "audit.log");

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private FakeGateway gateway;
    private Path state = Path.of("");
    private Path token = Path.of("");

    @BeforeEach
    void start() throws Exception {
        // Whatever this machine is, the agents here are others.
        System.setProperty(NO_METADATA, "true");
        gateway = new FakeGateway(folder);
        state = folder.resolve("state");
        token = Files.writeString(folder.resolve("token"), FakeGateway.TOKEN + "\n");
    }

    @AfterEach
    void stop() {
        System.clearProperty(NO_METADATA);
        gateway.close();
    }

    @Test
    void enrolsOnceAndKeepsItsKeyToItself() throws IOException {
        assertThat(enroll()).isZero();
        assertThat(enroll()).isZero();
        assertThat(gateway.enrolled)
                .singleElement()
                .satisfies(request -> {
                    assertThat(request.getDevice().getInstanceId())
                            .isEqualTo("i-0123456789abcdef0");
                    assertThat(request.getDevice().getHostname()).isEqualTo("web-1");
                });
        assertThat(out.toString())
                .contains("enrolled: agent agent-1, host host-1", "already enrolled");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(state.resolve("agent.key"))))
                .isEqualTo("rw-------");

        assertThat(
                        run(
                                "enroll",
                                "--gateway",
                                gateway.address(),
                                "--ca",
                                gateway.authority().toString(),
                                "--token-file",
                                token.toString(),
                                "--state",
                                state.toString(),
                                "--instance-id",
                                "i-0123456789abcdef0",
                                "--again"))
                .isZero();
        assertThat(gateway.enrolled).hasSize(2);
        assertThat(gateway.enrolled.get(0).getCertificateSigningRequest())
                .isNotEqualTo(gateway.enrolled.get(1).getCertificateSigningRequest());
    }

    @Test
    void saysInOneLineWhatIsWrongWithAnEnrolment() throws Exception {
        Files.writeString(token, "wrong");
        assertThat(enroll()).isEqualTo(3);
        assertThat(err.toString()).contains("token").doesNotContain("wrong\n").hasLineCount(1);

        Files.writeString(token, FakeGateway.TOKEN);
        Path other = Files.createDirectory(folder.resolve("other"));
        try (FakeGateway stranger = new FakeGateway(other)) {
            assertThat(
                            run(
                                    "enroll",
                                    "--gateway",
                                    stranger.address(),
                                    "--ca",
                                    gateway.authority().toString(),
                                    "--token-file",
                                    token.toString(),
                                    "--state",
                                    state.toString()))
                    .isEqualTo(6);
            assertThat(err.toString()).contains("--ca");
        }
        assertThat(
                        run(
                                "enroll",
                                "--gateway",
                                "localhost:1",
                                "--ca",
                                gateway.authority().toString(),
                                "--token-file",
                                token.toString(),
                                "--state",
                                state.toString()))
                .isEqualTo(6);
        assertThat(err.toString()).contains("refused");
        assertThat(
                        run(
                                "enroll",
                                "--gateway",
                                "localhost",
                                "--ca",
                                gateway.authority().toString(),
                                "--token-file",
                                token.toString(),
                                "--state",
                                state.toString()))
                .isEqualTo(2);
        assertThat(gateway.enrolled).isEmpty();
    }

    @Test
    void replaysARecordingAtItsOwnTime() throws IOException {
        enroll();
        // A replay can be over before the heartbeat with the state of the host has gone out.
        gateway.log.faults(batch ->
                gateway.reports.stream().noneMatch(ReportStatusRequest::hasHostReport)
                        ? FakeLog.Fault.RETRY_LATER
                        : FakeLog.Fault.NONE);
        Path packed = folder.resolve("audit.log.gz");
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(packed))) {
            Files.copy(RECORDING, gzip);
        }
        assertThat(
                        run(
                                "replay",
                                "--state",
                                state.toString(),
                                "--time",
                                "original",
                                packed.toString()))
                .isZero();

        List<Event> events = events();
        assertThat(out.toString())
                .contains(
                        "auditd, " + events.size() + " events, 0 lines not understood",
                        events.size() + " events acknowledged");
        assertThat(events.getFirst().getTimeNs()).isEqualTo(1_795_493_345_375_000_000L);
        assertThat(gateway.log.stored())
                .allSatisfy(batch -> {
                    assertThat(batch.getDevice().getHostId()).isEqualTo("host-1");
                    assertThat(batch.getDevice().getScope().getAccountId())
                            .isEqualTo("111122223333");
                    assertThat(batch.getEvents().size()).isLessThan(256 * 1024);
                });
        assertThat(gateway.reports).filteredOn(ReportStatusRequest::hasHostReport).hasSize(1);
    }

    @Test
    void movesARecordingSoThatItsLastEventIsNow() throws IOException {
        enroll();
        Instant before = Instant.now();
        assertThat(
                        run(
                                "replay",
                                "--state",
                                state.toString(),
                                "--time",
                                "shift",
                                RECORDING.toString()))
                .isZero();

        List<Event> events = events();
        long last = events.stream().mapToLong(Event::getTimeNs).max().orElseThrow();
        long first = events.stream().mapToLong(Event::getTimeNs).min().orElseThrow();
        assertThat(Instant.ofEpochSecond(0, last)).isBetween(before.minusMillis(1), Instant.now());
        assertThat(Duration.ofNanos(last - first).toSeconds()).isBetween(56L, 90L);
        assertThat(events)
                .filteredOn(Event::hasProcess)
                .allSatisfy(event ->
                        assertThat(event.getProcess().getStartTimeNs())
                                .isLessThanOrEqualTo(event.getTimeNs())
                                .isGreaterThanOrEqualTo(first));
    }

    @Test
    void namesAFileOfNoKnownFormat() throws IOException {
        enroll();
        Path text = Files.writeString(folder.resolve("notes.txt"), "nothing to see\n");
        assertThat(run("replay", "--state", state.toString(), text.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("notes.txt", "auditd").hasLineCount(1);
    }

    @Test
    void saysWhenItIsNotEnrolled() {
        for (String command : List.of("status", "replay", "run")) {
            List<String> arguments = new ArrayList<>(List.of(command, "--state", state.toString()));
            if (command.equals("replay")) {
                arguments.add(RECORDING.toString());
            } else if (command.equals("run")) {
                arguments.addAll(List.of("--source", "auditd:/nowhere"));
            }
            assertThat(run(arguments.toArray(String[]::new))).isEqualTo(4);
        }
        assertThat(err.toString()).contains("enroll --gateway");
    }

    @Test
    void givesUpAReplayThatIsRefused() {
        enroll();
        gateway.log.refuse(io.grpc.Status.UNAUTHENTICATED.withDescription("the agent was revoked"));
        assertThat(run("replay", "--state", state.toString(), RECORDING.toString())).isEqualTo(3);
        assertThat(err.toString()).contains("revoked", "the spool keeps").hasLineCount(1);

        gateway.log.accept();
        assertThat(run("replay", "--state", state.toString(), RECORDING.toString())).isZero();
        assertThat(out.toString()).contains("of an earlier run");
    }

    @Test
    void followsALogThroughStopsAndStarts() throws Exception {
        enroll();
        List<String> recording = Files.readAllLines(RECORDING, StandardCharsets.ISO_8859_1);
        Path log = folder.resolve("audit.log");
        int cut = 1_000;
        while (!recording.get(cut - 1).startsWith("type=PROCTITLE")) {
            cut++;
        }
        append(log, recording.subList(0, cut));
        stopAfter(log, 1);
        assertThat(gateway.hellos)
                .singleElement()
                .satisfies(hello -> {
                    assertThat(hello.getInstanceId()).isEqualTo("i-0123456789abcdef0");
                    assertThat(hello.getDocumentsCount()).isEqualTo(8);
                });
        append(log, recording.subList(cut, 1_500));
        Files.move(log, folder.resolve("audit.log.1"));
        append(log, recording.subList(1_500, recording.size()));
        stopAfter(log, eventsOf(RECORDING), "--no-commands");
        assertThat(gateway.hellos).as("none of the second run").hasSize(1);

        run("replay", "--state", state.toString(), "--time", "original", RECORDING.toString());
        List<String> all = events().stream().map(Event::getSourceRecordId).toList();
        List<String> followed = all.subList(0, all.size() / 2);
        List<String> replayed = all.subList(all.size() / 2, all.size());
        assertThat(followed).containsExactlyInAnyOrderElementsOf(replayed);

        assertThat(run("status", "--state", state.toString(), "--output", "json")).isZero();
        assertThat(out.toString()).contains("\"agentId\":\"agent-1\"", "\"spoolBatches\":0");
    }

    /** Runs until the gateway has so many events, then SIGTERM. */
    private void stopAfter(Path log, int events, String... more) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx64m",
                                "-D" + NO_METADATA + "=true",
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                AgentCommand.class.getName(),
                                "run",
                                "--state",
                                state.toString(),
                                "--source",
                                "auditd:" + log));
        command.addAll(List.of(more));
        java.lang.Process agent =
                new ProcessBuilder(command)
                        .redirectError(folder.resolve("run.err").toFile())
                        .redirectOutput(folder.resolve("run.out").toFile())
                        .start();
        try {
            await(() -> gateway.log.events() >= events);
            await(() -> Files.exists(state.resolve("positions.json")));
            await(() -> more.length > 0 || !gateway.hellos.isEmpty());
            agent.destroy();
            assertThat(agent.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(folder.resolve("run.out"))
                    .content()
                    .contains("agent agent-1 follows auditd:");
        } finally {
            agent.destroyForcibly();
        }
        assertThat(folder.resolve("run.err")).content().doesNotContain("Exception");
    }

    /** How many there are in it: what the spool kept of an earlier run is no sign of its end. */
    private static int eventsOf(Path recording) throws IOException {
        AtomicInteger events = new AtomicInteger();
        Recording.detect(recording)
                .orElseThrow()
                .read(
                        Clock.systemUTC(),
                        new BadLineReport("recording", new AgentCounters(), new Problems()),
                        event -> events.incrementAndGet());
        return events.get();
    }

    private int enroll() {
        return run(
                "enroll",
                "--gateway",
                gateway.address(),
                "--ca",
                gateway.authority().toString(),
                "--token-file",
                token.toString(),
                "--state",
                state.toString(),
                "--instance-id",
                "i-0123456789abcdef0",
                "--hostname",
                "web-1");
    }

    private int run(String... arguments) {
        CommandLine command =
                AgentCommand.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }

    private List<Event> events() throws IOException {
        List<Event> events = new ArrayList<>();
        for (TelemetryBatch batch : gateway.log.stored()) {
            byte[] bytes = batch.getEvents().toByteArray();
            EventBatch unpacked =
                    EventBatch.parseFrom(
                            Zstd.decompress(bytes, (int) Zstd.getFrameContentSize(bytes)));
            assertThat(unpacked.getSchemaMajor()).isEqualTo(1);
            assertThat(unpacked.getEventsCount()).isEqualTo(batch.getEventCount());
            events.addAll(unpacked.getEventsList());
        }
        return events;
    }

    private static void append(Path file, List<String> lines) throws IOException {
        Files.write(
                file,
                lines,
                StandardCharsets.ISO_8859_1,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < 1_200 && !condition.getAsBoolean(); i++) {
            assertThat(never.await(50, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
