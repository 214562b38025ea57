package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.ExportEvidenceRequest;
import dev.yagura.proto.response.v1.MemoryImage;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.Verification;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.host.FakeMemory;
import dev.yagura.sandbox.front.JournalEntry;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * collect_triage and capture_memory through the public contract: the documents really run on this
 * machine, and upload to the sandbox.
 */
class TriageTest {
    private static final String KMS_KEY =
            "arn:aws:kms:ap-northeast-1:111122223333:key/5a0c2f6e-9d31-4c7b-8e54-0b7f6a1d2c3e";

    @RegisterExtension
    static final TestService SERVICE =
            TestService.with(
                    Map.of(
                            "yagura.response.triage.bucket",
                            "yagura-triage",
                            "yagura.response.triage.kms-key",
                            KMS_KEY,
                            "yagura.response.memory.poll",
                            "PT0.2S"));

    private static final TestResponder RESPONDER = TestResponder.of(SERVICE);

    @BeforeEach
    void standForTheHost() throws Exception {
        SERVICE.postgres().execute("DELETE FROM action");
        SERVICE.sandbox().clearFaults();
        SERVICE.sandbox().runScriptsOf(TestService.WEB, SERVICE.folder("host"));
    }

    @Test
    void planNamesWhereTheArchiveGoesAndSignsNothing() {
        long before = SERVICE.lastCall();

        Action planned = RESPONDER.plan(collect(TestService.WEB));

        assertThat(planned.getPlan().getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly("ssm:SendCommand", "s3:PutObject", "s3:GetObject");
        assertThat(planned.getPlan().getCalls(0).getParametersOrThrow("Parameters"))
                .contains("MostKib=65536")
                .doesNotContain("Upload");
        assertThat(planned.getPlan().getCalls(1).getParametersMap())
                .containsEntry("Bucket", "yagura-triage")
                .containsEntry("Key", "triage/111122223333/" + TestService.WEB + "/ACTION.tar.gz")
                .containsEntry("SSEKMSKeyId", KMS_KEY);
        assertThat(planned.getPlan().getCalls(1).getAfter()).contains("lives 300 s");
        assertThat(String.join("\n", planned.getPlan().getResidualRisksList()))
                .contains("history of commands", "does not reach S3");
        assertThat(planned.getPlan().getChecksList())
                .noneMatch(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED);
        assertThat(SERVICE.calls(before, "ssm:SendCommand")).isZero();
    }

    @Test
    void collectsUploadsAndReadsBack() throws Exception {
        long before = SERVICE.lastCall();

        Action action = RESPONDER.apply(collect(TestService.WEB));

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(action.getTriageArchive().getKey())
                .isEqualTo(
                        "triage/111122223333/%s/%s.tar.gz"
                                .formatted(
                                        TestService.WEB,
                                        action.getName().substring("actions/".length())));
        assertThat(action.getTriageArchive().getBucket()).isEqualTo("yagura-triage");
        assertThat(action.getTriageArchive().getVersionId()).isNotEmpty();
        assertThat(action.getTriageArchive().getKmsKeyArn()).isEqualTo(KMS_KEY);
        assertThat(action.getTriageArchive().getMemberCount()).isGreaterThan(10);
        assertThat(action.getVerificationsList())
                .extracting(Verification::getLevel)
                .containsExactly(
                        VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED,
                        VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ);
        assertThat(action.getVerificationsList())
                .allMatch(Verification::getPassed)
                .allSatisfy(verification ->
                        assertThat(verification.getDetail())
                                .contains(action.getTriageArchive().getSha256()));
        assertNobodyWroteTheUrl(before, action);
        PolicyFile.assertFits(
                SERVICE,
                "collect_triage",
                before,
                "ssm:ListCommands",
                "ssm:CancelCommand",
                "kms:Decrypt",
                "kms:GenerateDataKey");
        assertThatThrownBy(() -> RESPONDER.undo(action))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("cannot be undone");
    }

    @Test
    void planOfMemoryNamesWhatGoesWhereAndSignsNothing() {
        long before = SERVICE.lastCall();

        Action planned = RESPONDER.plan(capture(TestService.WEB));

        assertThat(planned.getPlan().getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly("ssm:SendCommand", "s3:PutObject", "s3:GetObject", "s3:PutObject");
        assertThat(planned.getPlan().getCalls(0).getParametersOrThrow("Parameters"))
                .contains("First=1", "PartKib=131072", "MostMib=262144", "Boot=-")
                .doesNotContain("Upload");
        assertThat(planned.getPlan().getCalls(1).getAfter()).contains("live 960 s");
        assertThat(planned.getPlan().getCalls(3).getParametersMap())
                .containsEntry(
                        "Key", "memory/111122223333/" + TestService.WEB + "/ACTION/manifest.json");
        assertThat(String.join("\n", planned.getPlan().getResidualRisksList()))
                .contains("changes while it is read", "swapped out", "every secret");
        assertThat(planned.getPlan().getChecksList())
                .noneMatch(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED);
        assertThat(SERVICE.calls(before, "ssm:SendCommand")).isZero();
    }

    @Test
    void capturesMemoryAndReadsItBack() throws Exception {
        Path host = SERVICE.folder("host");
        SERVICE.sandbox().runScriptsOf(TestService.WEB, host);
        long before = SERVICE.lastCall();

        Action action;
        try (FakeMemory memory = FakeMemory.at(host)) {
            action = RESPONDER.apply(capture(TestService.WEB));
        }

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        MemoryImage image = action.getMemoryImage();
        assertThat(image.getPartCount()).isEqualTo(3);
        assertThat(image.getReadPartCount()).isEqualTo(3);
        assertThat(image.getSizeBytes()).isEqualTo(FakeMemory.BYTES);
        assertThat(image.getKeyPrefix())
                .isEqualTo(
                        "memory/111122223333/%s/%s/"
                                .formatted(
                                        TestService.WEB,
                                        action.getName().substring("actions/".length())));
        assertThat(image.getManifestKey()).isEqualTo(image.getKeyPrefix() + "manifest.json");
        assertThat(image.getManifestVersionId()).isNotEmpty();
        assertThat(image.getKernel()).startsWith("Linux ");
        assertThat(action.getVerificationsList())
                .extracting(Verification::getLevel)
                .containsExactly(
                        VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED,
                        VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ);
        assertThat(action.getVerificationsList()).allMatch(Verification::getPassed);
        assertThat(action.getVerifications(1).getDetail()).contains(image.getManifestSha256());
        assertNobodyWroteTheUrl(before, action);
        PolicyFile.assertFits(
                SERVICE,
                "capture_memory",
                before,
                "ssm:ListCommands",
                "ssm:CancelCommand",
                "kms:Decrypt",
                "kms:GenerateDataKey");
        assertThatThrownBy(() -> RESPONDER.undo(action)).hasMessageContaining("cannot be undone");
    }

    @Test
    void aHostThatDoesNotShowItsMemoryHasDoneNothing() throws Exception {
        SERVICE.sandbox().runScriptsOf(TestService.WEB, SERVICE.folder("without"));

        Action failed = RESPONDER.apply(capture(TestService.WEB));

        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains("the host refused: its kernel has no /proc/kcore", "nothing was changed");
        assertThat(failed.hasMemoryImage()).isFalse();
    }

    @Test
    void theHostsAgentCollectsAndKeepsNoSecret() throws Exception {
        Path folder = SERVICE.folder("agent");
        try (TestAgent agent = TestAgent.on(SERVICE, TestService.WEB, folder)) {
            long before = SERVICE.lastCall();

            Action action = RESPONDER.apply(collect(TestService.WEB));

            assertThat(action.getState())
                    .as(action.getStateReason())
                    .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
            assertThat(action.getHostCommands(0).getAgent()).isEqualTo(agent.name());
            assertThat(String.join("\n", action.getPlan().getResidualRisksList()))
                    .contains("in this service's database until the agent has it");
            assertThat(action.toString()).doesNotContain("Upload", "X-Amz-Signature");
            assertThat(SERVICE.calls(before, "ssm:SendCommand")).isZero();
        }
        try (Stream<Path> files = Files.walk(folder.resolve("agent/commands"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .singleElement()
                    .satisfies(file -> assertThat(file).content().contains("\"command\":\"\""));
        }
    }

    /** What is not in S3 was not collected, whatever a host says. */
    @Test
    void aHostThatOnlySaysSoIsNotBelieved() {
        SERVICE.sandbox()
                .arrangeOutcome(
                        "app-1",
                        "collect_seconds",
                        0,
                        "yagura-report 1\narchive "
                                + "0".repeat(64)
                                + " 10 1\nuploaded 200\nend 0\n",
                        Duration.ZERO);

        Action failed = RESPONDER.apply(collect(TestService.APP));

        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains("the host says that it has uploaded, but S3 does not give");
        assertThat(failed.hasTriageArchive()).isFalse();
        assertThat(failed.getVerifications(1).getPassed()).isFalse();
    }

    private static void assertNobodyWroteTheUrl(long since, Action action) throws Exception {
        String sent =
                SERVICE.sandbox().journal(since).stream()
                        .filter(entry -> entry.operation().equals("ssm:SendCommand"))
                        .map(JournalEntry::parameters)
                        .map(parameters -> parameters.get("Parameters.Upload.1"))
                        .findFirst()
                        .orElseThrow();
        String url = text(Base64.getDecoder().decode(sent));
        String signature =
                url.substring(url.indexOf("X-Amz-Signature=")).lines().findFirst().orElseThrow();
        StringBuilder written = new StringBuilder(action.toString());
        SERVICE.evidenceOf(Set.of())
                .exportEvidence(
                        ExportEvidenceRequest.newBuilder().setAction(action.getName()).build())
                .forEachRemaining(response -> written.append(response));

        assertThat(written.toString())
                .contains("Yagura-C")
                .doesNotContain(sent)
                .doesNotContain(signature);
    }

    /** What a host is given; for memory it is compressed. */
    private static String text(byte[] given) throws Exception {
        boolean compressed = given[0] == 0x1f;
        byte[] plain =
                compressed
                        ? new GZIPInputStream(new ByteArrayInputStream(given)).readAllBytes()
                        : given;
        return new String(plain, StandardCharsets.UTF_8);
    }

    private static CreateActionRequest.Builder capture(String instanceId) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_CAPTURE_MEMORY, TestService.target(instanceId));
    }

    private static CreateActionRequest.Builder collect(String instanceId) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_COLLECT_TRIAGE, TestService.target(instanceId));
    }
}
