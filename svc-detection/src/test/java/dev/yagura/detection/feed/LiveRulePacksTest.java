package dev.yagura.detection.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.detection.Await;
import dev.yagura.proto.detection.v1.DeleteRulePackRequest;
import dev.yagura.proto.detection.v1.DeploymentState;
import dev.yagura.proto.detection.v1.ImportRulePackHeader;
import dev.yagura.proto.detection.v1.ImportRulePackResponse;
import dev.yagura.proto.detection.v1.Rule;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Packs are imported and deleted while events come. */
class LiveRulePacksTest extends LiveRulesFixture {
    @Test
    void anArchiveIsImportedWithAReportAndDeleted() throws Exception {
        read(first);
        Map<String, String> files = new LinkedHashMap<>();
        files.put("rules/linux/good.yml", rule(ID, "needle"));
        files.put("rules/linux/bad.yml", "title: [");
        files.put("rules/linux/far.yml", rule(STEADY, "x").replace("linux", "zos"));
        files.put("../../evil.yml", rule(ID, "x"));
        files.put("LICENSE", "DRL");
        ImportRulePackHeader header =
                ImportRulePackHeader.newBuilder()
                        .setPack("sigma")
                        .setRequestId(newId())
                        .setDefaultState(DeploymentState.DEPLOYMENT_STATE_ALERTING)
                        .build();
        ImportRulePackResponse report = send(header, zip(files));
        assertThat(report.getPack().getActiveCount()).isEqualTo(1);
        assertThat(report.getPack().getCannotFireCount()).isEqualTo(1);
        assertThat(report.getPack().getInvalidCount()).isEqualTo(1);
        assertThat(report.getSkippedFiles()).isEqualTo(1);
        assertThat(report.getRefusedEntriesList())
                .singleElement()
                .satisfies(entry -> assertThat(entry.getPath()).isEqualTo("../../evil.yml"));
        assertThat(report.getRulesList())
                .extracting(Rule::getSourcePath)
                .containsExactly("rules/linux/bad.yml", "rules/linux/far.yml");
        awaitInForce(first, "needle");
        awaitInForce(second, "needle");
        ingest.append(HOST, List.of(exec(7, "needle")));
        assertThat(Await.until(LiveRulesFixture::alerts, all -> !all.isEmpty()))
                .extracting(alert -> alert.getRule().getName())
                .containsExactly("rules/sigma/" + ID);
        assertThat(packs()).contains("rulePacks/custom", "rulePacks/sigma", "rulePacks/yagura");
        server.stub()
                .deleteRulePack(
                        DeleteRulePackRequest.newBuilder()
                                .setName("rulePacks/sigma")
                                .setRequestId(newId())
                                .build());
        assertThat(packs()).doesNotContain("rulePacks/sigma");
        Await.until(() -> matches(second, exec(1, "needle")), List::isEmpty);
    }

    @Test
    void archivesThatCannotBeTakenAreRefused() throws Exception {
        ImportRulePackHeader header =
                ImportRulePackHeader.newBuilder().setPack("sigma").setRequestId(newId()).build();
        byte[] good = zip(Map.of("a.yml", rule(ID, "needle")));
        assertRefused(
                () -> send(header, "no zip".getBytes(StandardCharsets.UTF_8)),
                Status.Code.INVALID_ARGUMENT,
                "INVALID_FIELD");
        assertRefused(
                () -> send(header, new byte[17 << 20]),
                Status.Code.INVALID_ARGUMENT,
                "INVALID_FIELD");
        assertRefused(
                () -> send(header.toBuilder().setPack("../x").build(), good),
                Status.Code.INVALID_ARGUMENT,
                "INVALID_FIELD");
        assertRefused(
                () -> send(header.toBuilder().setPack("yagura").build(), good),
                Status.Code.FAILED_PRECONDITION,
                "PRECONDITION_FAILED");
        // None of the refusals keeps the one place for imports.
        assertThat(send(header.toBuilder().setValidateOnly(true).build(), good).getPack())
                .satisfies(pack -> assertThat(pack.getActiveCount()).isEqualTo(1));
        assertThat(packs()).doesNotContain("rulePacks/sigma");
    }
}
