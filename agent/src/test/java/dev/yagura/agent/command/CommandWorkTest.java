package dev.yagura.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.yagura.agent.enrollment.AgentIdentity;
import dev.yagura.common.tls.SignedBytes;
import dev.yagura.proto.response.v1.AgentCommand;
import dev.yagura.proto.response.v1.AgentCommandResult;
import dev.yagura.proto.response.v1.CommandOutcome;
import dev.yagura.proto.response.v1.SignedCommand;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.testkit.TestCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that are taken, answered again and refused; their scripts really run. */
class CommandWorkTest {
    private static final AgentIdentity IDENTITY =
            new AgentIdentity(
                    "0198c0de-0000-7000-8000-0000000000a1",
                    "0198c0de-0000-7000-8000-0000000000b1",
                    "aws",
                    "111122223333",
                    "ap-northeast-1",
                    "localhost:1",
                    "i-0123456789abcdef0",
                    "web-1");

    private final Answered answered = new Answered();
    @TempDir private Path folder;
    private TestCertificates certificates;
    private HostDocument document;
    private CommandWork work;

    /** What a stream would have sent. */
    private static final class Answered implements CommandWork.Answers {
        final BlockingQueue<String> receipts = new LinkedBlockingQueue<>();
        final BlockingQueue<AgentCommandResult> results = new LinkedBlockingQueue<>();

        @Override
        public void receipt(String runId) {
            receipts.add(runId);
        }

        @Override
        public void result(AgentCommandResult result) {
            results.add(result);
        }

        AgentCommandResult next() throws InterruptedException {
            AgentCommandResult result = results.poll(20, TimeUnit.SECONDS);
            assertThat(result).isNotNull();
            return result;
        }
    }

    @BeforeEach
    void start() throws Exception {
        certificates = new TestCertificates(folder, Clock.systemUTC());
        document = document("echo {{ RunId }} {{ Word }} >>\"$PLACE\"; echo done; exit 7", 30);
        work = work(Clock.systemUTC());
        work.answerTo(answered);
    }

    @AfterEach
    void stop() {
        work.close();
    }

    @Test
    void runsItOnceAndKeepsTheResultUntilItIsAcknowledged() throws Exception {
        SignedCommand command = signed(command(each -> {}));

        work.receive(command);
        AgentCommandResult result = answered.next();
        work.receive(command);

        assertThat(result.getOutcome()).isEqualTo(CommandOutcome.COMMAND_OUTCOME_RAN);
        assertThat(result.getExitCode()).isEqualTo(7);
        assertThat(result.getOutput()).isEqualTo("done\n");
        assertThat(answered.next()).as("the same again").isEqualTo(result);
        assertThat(effects()).containsExactly(result.getRunId() + " hello");
        assertThat(answered.receipts).containsExactly(result.getRunId());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(commands())))
                .isEqualTo("rwx------");

        again(Clock.systemUTC());
        assertThat(answered.next()).as("after a restart").isEqualTo(result);
        work.acknowledged(result.getRunId());
        again(Clock.systemUTC());
        assertThat(answered.results).isEmpty();
    }

    @Test
    void whatIsNotForThisHostIsRefusedWithItsReason() throws Exception {
        refused(command(each -> each.setAgentId("another")), "it is for the agent another");
        refused(
                command(each -> each.setInstanceId("i-0fffffffffffffff0")),
                "it is for the instance i-0fffffffffffffff0, not for i-0123456789abcdef0");
        refused(
                command(each ->
                        each.setScope(IDENTITY.device().getScope().toBuilder().setRegion("x"))),
                "it is for the region x");
        refused(command(each -> each.setDocument("AWS-RunShellScript")), "carries no AWS-Run");
        refused(command(each -> each.setDocumentSha256("0".repeat(64))), "carries another Test");
        refused(
                command(each -> each.putParameters("Word", "a b")),
                "parameter Word of Test is not");
        refused(
                command(each -> each.putParameters("Word", "a\n")),
                "parameter Word of Test is not");
        refused(command(each -> each.putParameters("More", "x")), "has the parameters [");
        refused(command(AgentCommand.Builder::clearParameters), "has the parameters [");
        refused(
                command(each -> each.setExpireTime(time(Instant.now().minusSeconds(5)))),
                "it expired at");
        assertThat(effects()).isEmpty();
        assertThat(answered.receipts).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void whatSvcResponseDidNotSignIsRefused() throws Exception {
        AgentCommand command = command(each -> {});
        work.receive(signed(command, "gateway"));
        assertThat(answered.next().getReason()).contains("not signed by svc-response");
        SignedCommand good = signed(command);
        AgentCommand other = command(each -> each.putParameters("Word", "other"));
        work.receive(good.toBuilder().setCommand(other.toByteString()).build());
        assertThat(answered.next().getReason()).contains("its signature is wrong");
        work.receive(signed(command(each -> each.setRunId("../../../etc/cron.d/x"))));
        assertThat(answered.next())
                .satisfies(result -> {
                    assertThat(result.getRunId()).isEmpty();
                    assertThat(result.getReason()).contains("run id is malformed");
                });
        work.receive(SignedCommand.getDefaultInstance());
        assertThat(answered.next().getReason()).contains("not signed by svc-response");
        assertThat(effects()).isEmpty();
    }

    @Test
    void anotherCommandOfTheSameRunIsRefused() throws Exception {
        AgentCommand command = command(each -> {});
        work.receive(signed(command));
        answered.next();

        work.receive(signed(command.toBuilder().putParameters("Word", "other").build()));

        assertThat(answered.next().getReason()).contains("another command with this run id");
        assertThat(effects()).hasSize(1);
    }

    @Test
    void aScriptThatDoesNotEndIsKilled() throws Exception {
        document = document("echo begun; echo {{ RunId }} {{ Word }} >/dev/null; sleep 300", 1);
        again(Clock.systemUTC());

        work.receive(signed(command(each -> {})));

        assertThat(answered.next().getOutcome())
                .isEqualTo(CommandOutcome.COMMAND_OUTCOME_TIMED_OUT);
    }

    @Test
    void anEndInBetweenIsGoneOnWithUnlessItIsLongAgo() throws Exception {
        document = document("echo {{ RunId }} {{ Word }} >>\"$PLACE\"; sleep 2", 30);
        again(Clock.systemUTC());
        AgentCommand command = command(each -> {});
        work.receive(signed(command));
        assertThat(answered.receipts.poll(20, TimeUnit.SECONDS)).isEqualTo(command.getRunId());
        work.close();

        work = work(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(8)));
        work.resume();
        work.answerTo(answered);
        assertThat(answered.next().getOutcome())
                .isEqualTo(CommandOutcome.COMMAND_OUTCOME_INTERRUPTED);

        document = document("echo {{ RunId }} {{ Word }} >>\"$PLACE\"; sleep 1", 30);
        again(Clock.systemUTC());
        AgentCommand next = command(each -> {});
        work.receive(signed(next));
        assertThat(answered.receipts.poll(20, TimeUnit.SECONDS)).isNotNull();
        again(Clock.systemUTC());
        AgentCommandResult result = answered.next();
        while (!result.getRunId().equals(next.getRunId())) {
            result = answered.next();
        }
        assertThat(result.getOutcome()).isEqualTo(CommandOutcome.COMMAND_OUTCOME_RAN);
    }

    @Test
    void carriesWhatSystemsManagerRuns() throws Exception {
        Map<String, HostDocument> carried = HostDocument.carried();

        Map<String, String> sent = new HashMap<>();
        try (Stream<Path> files = Files.list(Path.of("..", "deploy", "documents"))) {
            for (Path file : files.toList()) {
                sent.put(
                        file.getFileName().toString().replace(".json", ""),
                        HostDocument.sha256(Files.readAllBytes(file)));
            }
        }
        // Its runs take minutes: Systems Manager alone runs it.
        assertThat(sent.remove("Yagura-CaptureMemory")).isNotNull();
        // They end the agent.
        assertThat(sent.remove("Yagura-InstallAgent")).isNotNull();
        assertThat(sent.remove("Yagura-RemoveAgent")).isNotNull();
        assertThat(carried)
                .hasSameSizeAs(sent)
                .allSatisfy((name, document) -> {
                    assertThat(document.sha256()).isEqualTo(sent.get(name));
                    assertThat(document.script()).startsWith("#!/bin/sh\n");
                });
    }

    private void refused(AgentCommand command, String reason) throws Exception {
        work.receive(signed(command));
        AgentCommandResult result = answered.next();
        assertThat(result.getOutcome()).isEqualTo(CommandOutcome.COMMAND_OUTCOME_REFUSED);
        assertThat(result.getRunId()).isEqualTo(command.getRunId());
        assertThat(result.getReason()).contains(reason);
    }

    /** Another process of the agent, with the same state. */
    private void again(Clock clock) throws Exception {
        work.close();
        work = work(clock);
        work.resume();
        work.answerTo(answered);
    }

    private CommandWork work(Clock clock) throws Exception {
        return new CommandWork(
                new CommandCheck(
                        IDENTITY,
                        List.of(certificates.authority().certificate()),
                        Map.of(document.name(), document),
                        clock),
                CommandLedger.open(commands(), clock),
                new ScriptHost(Map.of("PLACE", folder.resolve("effects").toString()), List.of()),
                commands(),
                clock);
    }

    private Path commands() {
        return folder.resolve("commands");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(commands())) {
            return files.map(Path::toString).toList();
        }
    }

    private List<String> effects() throws IOException {
        Path file = folder.resolve("effects");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static HostDocument document(String script, int seconds) throws IOException {
        String json =
                """
                {"parameters": {"RunId": {"allowedPattern": "^[0-9a-z.-]+$"},
                  "InstanceId": {"allowedPattern": "^i-[0-9a-f]+$"},
                  "ExpireTime": {"allowedPattern": "^[0-9]+$"},
                  "Word": {"allowedPattern": "^[a-z]+$"}},
                 "mainSteps": [{"inputs": {"timeoutSeconds": "%d", "runCommand": ["#!/bin/sh", "%s"]}}]}
                """
                        .formatted(seconds, script.replace("\"", "\\\""));
        return HostDocument.of("Test", json.getBytes(StandardCharsets.UTF_8));
    }

    private AgentCommand command(Consumer<AgentCommand.Builder> change) {
        AgentCommand.Builder command =
                AgentCommand.newBuilder()
                        .setRunId(UUID.randomUUID() + ".apply")
                        .setAgentId(IDENTITY.agentId())
                        .setScope(
                                Scope.newBuilder()
                                        .setPartition("aws")
                                        .setAccountId("111122223333")
                                        .setRegion("ap-northeast-1"))
                        .setInstanceId(IDENTITY.instanceId())
                        .setDocument(document.name())
                        .setDocumentSha256(document.sha256())
                        .putParameters("Word", "hello")
                        .setExpireTime(time(Instant.now().plusSeconds(60)));
        change.accept(command);
        return command.build();
    }

    private static Timestamp time(Instant instant) {
        return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).build();
    }

    private SignedCommand signed(AgentCommand command) throws Exception {
        return signed(command, "response");
    }

    private SignedCommand signed(AgentCommand command, String by) throws Exception {
        ByteString content = command.toByteString();
        SignedBytes signed =
                SignedBytes.sign(certificates.service(by), "yagura agent command v1", content);
        return SignedCommand.newBuilder()
                .setCommand(content)
                .setSignature(signed.signature())
                .addAllCertificateChain(signed.chain())
                .build();
    }
}
