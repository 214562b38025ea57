package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.response.TestService;
import dev.yagura.response.host.TarFile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * collect_triage and capture_memory with runners that die, answers that are lost, calls that are
 * throttled, and objects that are not the host's. The host's part is arranged: what it does when it
 * is interrupted is tested with its scripts.
 */
class InterruptedHostWorkTest {
    private static final String BUCKET = "yagura-triage";

    @RegisterExtension
    static final IdleService IDLE =
            IdleService.with(
                    Map.of("yagura.response.triage.bucket", BUCKET), Duration.ofSeconds(1));

    private static final TestService SERVICE = IDLE.service();

    private static final List<String> CALLS =
            List.of(
                    "ec2:DescribeInstances",
                    "ssm:DescribeDocument",
                    "ssm:ListCommands",
                    "ssm:GetCommandInvocation",
                    "ssm:SendCommand",
                    "s3:GetObject");

    private static final String BOOT = "0f1e2d3c-4b5a-4968-8776-655443322111";

    private static S3Client s3;
    private static byte[] archive;

    @BeforeAll
    static void makeAnArchive() throws Exception {
        archive = new TarFile().with("host.txt", "web-1").gzip();
        s3 =
                SERVICE.client(
                        S3Client.builder()
                                .requestChecksumCalculation(
                                        RequestChecksumCalculation.WHEN_REQUIRED)
                                .serviceConfiguration(each -> each.chunkedEncodingEnabled(false)),
                        Region.of(TestService.TOKYO.getRegion()),
                        AwsBasicCredentials.create(
                                "AKIASANDBOXOPERATOR1",
                                "sandbox/only/good/for/nothing/operator/1"));
    }

    @AfterAll
    static void close() {
        s3.close();
    }

    @Test
    void collectTriageSurvivesAKillBeforeEveryWrite() throws Exception {
        boolean killed = true;
        for (int step = 1; killed; step++) {
            IDLE.backToTheSeed();
            UUID id = create(archive);

            killed = IDLE.runners().killAt(step, false);
            IDLE.runners().runToTheEnd();

            assertCollected(id);
        }
    }

    @Test
    void captureMemorySurvivesAKillOnTheWay() throws Exception {
        boolean killed = true;
        for (int step = 1; killed; step += 3) {
            IDLE.backToTheSeed();
            UUID id = createImage("3");

            killed = IDLE.runners().killAt(step, step % 2 == 0);
            IDLE.runners().runToTheEnd();

            assertCaptured(id);
        }
    }

    @Test
    void captureMemorySurvivesLostRepliesAndThrottles() {
        UUID id = createImage("3");
        SERVICE.sandbox().loseReply("ssm:SendCommand");
        SERVICE.sandbox().loseReply("s3:PutObject");
        SERVICE.sandbox().throttle("ssm:GetCommandInvocation", 2);
        SERVICE.sandbox().throttle("s3:GetObject", 2);

        IDLE.runners().runToTheEnd();

        assertCaptured(id);
    }

    @Test
    void aPartThatIsNotTheHostsIsNoSuccess() {
        UUID id = createImage("another");

        IDLE.runners().runToTheEnd();

        Action failed = IDLE.ended(id, ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains("part-000003 is not what the host lists", "look for s3://", "memory/");
        assertThat(failed.getMemoryImage().getReadPartCount()).isEqualTo(2);
        assertThat(failed.getMemoryImage().getManifestKey()).isEmpty();
        assertThat(failed.getVerificationsList().getLast().getPassed()).isFalse();
    }

    /** Booted meanwhile: what it has now belongs to no image with what it had; or too large. */
    @Test
    void aHostThatSaysWhatCannotBeIsNoSuccess() {
        UUID id = createImage("3");
        arrange(
                "first='3'",
                memoryReport(BOOT.replace('1', '2'), "parts 3 3\nlist " + "0".repeat(64) + " 9"));

        IDLE.runners().runToTheEnd();

        assertThat(IDLE.ended(id, ActionState.ACTION_STATE_FAILED).getStateReason())
                .contains("booted, or ranges changed");

        IDLE.backToTheSeed();
        UUID large = createImage("3");
        arrange("first='1'", memoryReport(BOOT, 1L << 40, "parts 1 2"));
        IDLE.runners().runToTheEnd();
        assertThat(IDLE.ended(large, ActionState.ACTION_STATE_FAILED).getStateReason())
                .contains("more than 256 GiB: it should have refused");
    }

    @Test
    void collectTriageSurvivesLostRepliesAndThrottles() throws Exception {
        Random random = new Random(1);
        UUID id = create(archive);
        SERVICE.sandbox().loseReply("ssm:SendCommand");
        SERVICE.sandbox().loseReply(CALLS.get(random.nextInt(CALLS.size())));
        SERVICE.sandbox().throttle(CALLS.get(random.nextInt(CALLS.size())), 1 + random.nextInt(5));
        SERVICE.sandbox().throttle("s3:GetObject", 1 + random.nextInt(5));

        IDLE.runners().killAt(1 + random.nextInt(6), random.nextBoolean());
        IDLE.runners().runToTheEnd();

        assertCollected(id);
    }

    @Test
    void anotherArchiveInItsPlaceIsNoSuccess() throws Exception {
        UUID id = create(new TarFile().with("host.txt", "another").gzip());

        IDLE.runners().runToTheEnd();

        assertRefuted(id, "somebody else has put it there");
    }

    @Test
    void whatIsNoArchiveIsNoSuccess() throws Exception {
        UUID id = create("anything".getBytes(StandardCharsets.UTF_8));

        IDLE.runners().runToTheEnd();

        assertRefuted(id, "is no archive of a host: it is no gzip of a tar");
    }

    private static void assertRefuted(UUID id, String reason) {
        Action failed = IDLE.ended(id, ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains(reason, "look for s3://yagura-triage/triage/", "it is not deleted");
        assertThat(failed.hasTriageArchive()).isFalse();
        assertThat(failed.getVerificationsList().getLast().getPassed()).isFalse();
    }

    private static void assertCollected(UUID id) throws Exception {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.done("ssm:SendCommand")).isOne();
        assertThat(action.getHostCommandsList()).hasSize(1);
        assertThat(action.getTriageArchive().getSha256()).isEqualTo(TarFile.sha256(archive));
        assertThat(action.getTriageArchive().getMemberCount()).isOne();
    }

    private static void assertCaptured(UUID id) {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.done("ssm:SendCommand")).isEqualTo(2);
        assertThat(action.getHostCommandsList()).hasSize(2);
        assertThat(action.getMemoryImage().getReadPartCount()).isEqualTo(3);
        assertThat(action.getMemoryImage().getStoredBytes()).isEqualTo(3);
        assertThat(action.getMemoryImage().getManifestSha256()).hasSize(64);
        assertThat(action.getVerificationsList()).allMatch(each -> each.getPassed()).hasSize(2);
    }

    private static void arrange(String script, String report) {
        SERVICE.sandbox()
                .arrangeOutcome(
                        "web-1",
                        script,
                        0,
                        "yagura-report 1\n" + report + "\nend 0\n",
                        Duration.ofMillis(600));
    }

    /**
     * An action on a host that takes two runs for its three parts, of a byte each.
     *
     * @param third content of the third part, which the host says is 3
     */
    private static UUID createImage(String third) {
        UUID id = IDLE.create(ActionKind.ACTION_KIND_CAPTURE_MEMORY, TestService.WEB);
        String first = listed(1) + listed(2);
        put(id, "part-000001", "1");
        put(id, "part-000002", "2");
        put(id, "list-000001", first);
        put(id, "part-000003", third);
        put(id, "list-000003", listed(3));
        arrange("first='1'", memoryReport(BOOT, "parts 1 2\n" + list(first)));
        arrange("first='3'", memoryReport(BOOT, "parts 3 3\n" + list(listed(3))));
        return id;
    }

    private static String memoryReport(String boot, String rest) {
        return memoryReport(boot, 12_288, rest);
    }

    private static String memoryReport(String boot, long bytes, String rest) {
        return "kernel TGludXg=\nboot %s\nmap %s 3 %d zst\ngaps 0 0\n%s"
                .formatted(boot, "a".repeat(64), bytes, rest);
    }

    private static String listed(int number) {
        byte[] content = String.valueOf(number).getBytes(StandardCharsets.UTF_8);
        return "%d %d 4096 1 %s\n".formatted(number, number * 8192, sha256(content));
    }

    private static String list(String content) {
        return "list %s %d"
                .formatted(sha256(content.getBytes(StandardCharsets.UTF_8)), content.length());
    }

    private static void put(UUID id, String name, String content) {
        s3.putObject(
                request ->
                        request.bucket(BUCKET)
                                .key(
                                        "memory/111122223333/%s/%s/%s"
                                                .formatted(TestService.WEB, id, name)),
                RequestBody.fromString(content));
    }

    private static String sha256(byte[] content) {
        try {
            return TarFile.sha256(content);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** An action, and what is in S3 when its host says that it has uploaded the archive. */
    private static UUID create(byte[] stored) throws Exception {
        UUID id = IDLE.create(ActionKind.ACTION_KIND_COLLECT_TRIAGE, TestService.WEB);
        s3.putObject(
                request ->
                        request.bucket(BUCKET)
                                .key(
                                        "triage/111122223333/%s/%s.tar.gz"
                                                .formatted(TestService.WEB, id)),
                RequestBody.fromBytes(stored));
        arrange(
                "collect_seconds",
                "archive %s %d 1\nuploaded 200".formatted(TarFile.sha256(archive), archive.length));
        return id;
    }
}
