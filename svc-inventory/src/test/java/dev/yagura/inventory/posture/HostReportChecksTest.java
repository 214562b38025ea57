package dev.yagura.inventory.posture;

import static dev.yagura.proto.inventory.v1.PostureOutcome.POSTURE_OUTCOME_FAIL;
import static dev.yagura.proto.inventory.v1.PostureOutcome.POSTURE_OUTCOME_PASS;
import static dev.yagura.proto.inventory.v1.PostureOutcome.POSTURE_OUTCOME_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.yagura.common.config.Settings;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.Reporting;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.asset.AssetCatalog;
import dev.yagura.proto.inventory.v1.Agent;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.AntivirusProduct;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import dev.yagura.proto.inventory.v1.GetAgentRequest;
import dev.yagura.proto.inventory.v1.GetPostureRequest;
import dev.yagura.proto.inventory.v1.HostReport;
import dev.yagura.proto.inventory.v1.ListeningSocket;
import dev.yagura.proto.inventory.v1.PostureItem;
import dev.yagura.proto.inventory.v1.PostureServiceGrpc;
import dev.yagura.proto.inventory.v1.ReportStatusRequest;
import dev.yagura.proto.inventory.v1.SocketProtocol;
import dev.yagura.proto.type.v1.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** From what the agent of a host outside AWS reports to what the API says of the host. */
class HostReportChecksTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final Scope SCOPE = Enrolling.scope("100000000071");
    private static final String ANTIVIRUS = "antivirus-running";

    @TempDir Path folder;

    @Test
    void antivirusRunsOrNotOrIsNotKnown() throws Exception {
        EnrollAgentResponse agent = enroll("antivirus");
        assertThat(item(agent, ANTIVIRUS).getDetail())
                .isEqualTo("its agent has not said what the host is like");

        report(agent, HostReport.newBuilder());
        PostureItem none = item(agent, ANTIVIRUS);
        assertThat(none.getOutcome()).isEqualTo(POSTURE_OUTCOME_FAIL);
        assertThat(none.getObserveTime()).isEqualTo(show(agent).getHostReportTime());

        report(agent, HostReport.newBuilder().setAntivirusUnread("no /proc"));
        assertThat(item(agent, ANTIVIRUS).getOutcome()).isEqualTo(POSTURE_OUTCOME_UNKNOWN);
        assertThat(item(agent, ANTIVIRUS).getDetail()).contains("no /proc");

        report(agent, HostReport.newBuilder().addAntivirus(clamAv(Duration.ofDays(6))));
        assertThat(item(agent, ANTIVIRUS).getOutcome()).isEqualTo(POSTURE_OUTCOME_PASS);
        report(agent, HostReport.newBuilder().addAntivirus(clamAv(Duration.ofDays(8))));
        assertThat(item(agent, ANTIVIRUS).getOutcome()).isEqualTo(POSTURE_OUTCOME_FAIL);
        assertThat(item(agent, ANTIVIRUS).getDetail()).contains("too old");
        report(
                agent,
                HostReport.newBuilder()
                        .addAntivirus(clamAv(Duration.ofDays(8)))
                        .addAntivirus(AntivirusProduct.newBuilder().setProduct("Sophos")));
        assertThat(item(agent, ANTIVIRUS).getOutcome()).isEqualTo(POSTURE_OUTCOME_PASS);

        TestClock.CLOCK.advance(Duration.ofMinutes(10));
        Reporting.report(SERVICE, agent);
        assertThat(item(agent, ANTIVIRUS).getOutcome())
                .as("a heartbeat without a report changes nothing")
                .isEqualTo(POSTURE_OUTCOME_PASS);
        TestClock.CLOCK.advance(Duration.ofMinutes(6));
        assertThat(item(agent, ANTIVIRUS).getOutcome()).isEqualTo(POSTURE_OUTCOME_UNKNOWN);
    }

    @Test
    void agentThatIsRevokedSaysNothingAnyMore() throws Exception {
        EnrollAgentResponse agent = enroll("revoked");
        report(agent, HostReport.newBuilder().addAntivirus(clamAv(Duration.ofDays(1))));
        assertThat(item(agent, ANTIVIRUS).getOutcome()).isEqualTo(POSTURE_OUTCOME_PASS);
        SERVICE.postgres()
                .execute(
                        "UPDATE agent SET revoke_time = clock_timestamp(), revoke_reason = 'stolen'"
                                + " WHERE id = '%s'".formatted(agent.getAgentId()));
        assertThat(item(agent, ANTIVIRUS).getOutcome()).isEqualTo(POSTURE_OUTCOME_UNKNOWN);
        assertThat(item(agent, ListeningCheck.ID).getDetail()).contains("revoked");
    }

    @Test
    void serviceThatListensIsJudgedByTheBaselineOfThePolicy() throws Exception {
        EnrollAgentResponse agent = enroll("listening");
        HostReport.Builder report =
                HostReport.newBuilder()
                        .addSockets(socket(22, false, "sshd"))
                        .addSockets(socket(5432, true, "postgres"))
                        .addSockets(socket(30_100, false, ""));
        report(agent, report);
        assertThat(item(agent, ListeningCheck.ID).getOutcome()).isEqualTo(POSTURE_OUTCOME_UNKNOWN);
        assertThat(item(agent, ListeningCheck.ID).getDetail())
                .isEqualTo(
                        "the policy has no baseline for it; what listens: 22/tcp (sshd), 30100/tcp");

        String all = "listening: [{ports: [22/tcp, 30000-30200/tcp]}]";
        assertThat(judged(agent, all).outcome()).isEqualTo(POSTURE_OUTCOME_PASS);
        CheckResult some = judged(agent, "listening: [{ports: [22/tcp, 30100/udp]}]");
        assertThat(some.outcome()).isEqualTo(POSTURE_OUTCOME_FAIL);
        assertThat(some.detail()).isEqualTo("not in the baseline: 30100/tcp");
        assertThat(judged(agent, "listening: [{tags: {Role: web}, ports: [22/tcp]}]").outcome())
                .as("no baseline is for it")
                .isEqualTo(POSTURE_OUTCOME_UNKNOWN);

        report(agent, report.setSocketsLeftOut(2));
        assertThat(judged(agent, all).outcome()).isEqualTo(POSTURE_OUTCOME_UNKNOWN);
    }

    @Test
    void reportBeyondTheLimitsIsCutAndSaysSo() throws Exception {
        EnrollAgentResponse agent = enroll("limits");
        HostReport.Builder report =
                HostReport.newBuilder()
                        .setSocketsUnread("x\n".repeat(600))
                        .addAntivirus(
                                AntivirusProduct.newBuilder()
                                        .setProduct("p".repeat(100))
                                        .setDefinitionsTime(
                                                Timestamp.newBuilder().setSeconds(Long.MAX_VALUE)));
        report.addSockets(socket(70_000, false, "no port"));
        for (int port = 1; port <= 600; port++) {
            report.addSockets(socket(port, false, "n".repeat(100)));
        }
        report(agent, report);
        HostReport kept = show(agent).getHostReport();
        assertThat(kept.getSocketsCount()).isEqualTo(500);
        assertThat(kept.getSocketsLeftOut()).isEqualTo(101);
        assertThat(kept.getSockets(0).getProcess()).hasSize(64);
        assertThat(kept.getSocketsUnread()).hasSize(500).doesNotContain("\n");
        assertThat(kept.getAntivirus(0).getProduct()).hasSize(64);
        assertThat(kept.getAntivirus(0).hasDefinitionsTime()).isFalse();
    }

    private static AntivirusProduct.Builder clamAv(Duration age) {
        return AntivirusProduct.newBuilder()
                .setProduct("ClamAV")
                .setProcess("clamd")
                .setDefinitionsTime(
                        Timestamp.newBuilder()
                                .setSeconds(TestClock.CLOCK.instant().minus(age).getEpochSecond()));
    }

    private static ListeningSocket.Builder socket(int port, boolean loopback, String process) {
        return ListeningSocket.newBuilder()
                .setProtocol(SocketProtocol.SOCKET_PROTOCOL_TCP)
                .setPort(port)
                .setAddress(loopback ? "127.0.0.1" : "0.0.0.0")
                .setLoopback(loopback)
                .setProcess(process);
    }

    private static EnrollAgentResponse enroll(String machine) {
        EnrollAgentRequest.Builder request =
                Enrolling.request(
                        Enrolling.token(SERVICE.admin(), SCOPE, 1), Enrolling.signingRequest(), "")
                        .toBuilder();
        request.getDeviceBuilder().setHostId(machine);
        return Enrolling.enroll(SERVICE.anonymous(), request.build());
    }

    private static void report(EnrollAgentResponse agent, HostReport.Builder report)
            throws Exception {
        Reporting.report(
                SERVICE, agent, ReportStatusRequest.newBuilder().setHostReport(report).build());
    }

    private static Agent show(EnrollAgentResponse agent) {
        return AgentServiceGrpc.newBlockingStub(SERVICE.admin())
                .getAgent(
                        GetAgentRequest.newBuilder()
                                .setName("agents/" + agent.getAgentId())
                                .build());
    }

    private static PostureItem item(EnrollAgentResponse agent, String check) {
        return PostureServiceGrpc.newBlockingStub(SERVICE.admin())
                .getPosture(
                        GetPostureRequest.newBuilder()
                                .setAsset("assets/" + agent.getHostId())
                                .build())
                .getItemsList()
                .stream()
                .filter(each -> each.getCheck().equals(check))
                .findFirst()
                .orElseThrow();
    }

    /** By another policy than the service has. */
    private CheckResult judged(EnrollAgentResponse agent, String listening) throws Exception {
        Path policy =
                Files.writeString(
                        folder.resolve("policy.yaml"),
                        "name: p\nrules: [{check: no-unneeded-service}]\n" + listening);
        PostureCatalog catalog =
                new PostureCatalog(
                        SERVICE.bean(AssetCatalog.class),
                        SERVICE.bean(HostFactsReader.class),
                        Settings.of(
                                "yagura.inventory",
                                Map.of("yagura.inventory.posture.policy-file", policy.toString())),
                        TestClock.CLOCK);
        return Objects.requireNonNull(
                catalog.judge(UUID.fromString(agent.getHostId()), new Visibility(Set.of()))
                        .results()
                        .get(ListeningCheck.ID));
    }
}
