package dev.yagura.detection.indicator;

import static dev.yagura.detection.TestCaller.as;
import static dev.yagura.detection.TestCaller.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.yagura.detection.Await;
import dev.yagura.detection.FakeIngest;
import dev.yagura.detection.RunningDetection;
import dev.yagura.detection.TestEvents;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.AlertFilter;
import dev.yagura.proto.detection.v1.AlertServiceGrpc;
import dev.yagura.proto.detection.v1.DeleteIndicatorListRequest;
import dev.yagura.proto.detection.v1.GetIndicatorListRequest;
import dev.yagura.proto.detection.v1.ImportFormat;
import dev.yagura.proto.detection.v1.ImportHeader;
import dev.yagura.proto.detection.v1.ImportIndicatorsRequest;
import dev.yagura.proto.detection.v1.ImportIndicatorsResponse;
import dev.yagura.proto.detection.v1.Indicator;
import dev.yagura.proto.detection.v1.IndicatorEvidence;
import dev.yagura.proto.detection.v1.IndicatorServiceGrpc;
import dev.yagura.proto.detection.v1.ListAlertsRequest;
import dev.yagura.proto.detection.v1.ListIndicatorsRequest;
import dev.yagura.proto.detection.v1.LookupIndicatorRequest;
import dev.yagura.proto.detection.v1.ReinstateIndicatorRequest;
import dev.yagura.proto.detection.v1.RetroMatchRequest;
import dev.yagura.proto.detection.v1.RetroMatchResponse;
import dev.yagura.proto.detection.v1.RevokeIndicatorRequest;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.NetworkEndpoint;
import dev.yagura.proto.type.v1.Role;
import dev.yagura.testkit.PostgresFixture;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole service: from a list to alerts, live and looking back. */
class IndicatorServiceTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("detection");
    @TempDir static Path folder;

    private static RunningDetection detection;
    private static int hosts;

    @BeforeAll
    static void startService() throws Exception {
        detection =
                new RunningDetection(
                        folder,
                        POSTGRES,
                        Map.of("yagura.detection.indicator.max-import-bytes", "300000"));
    }

    @AfterAll
    static void stopService() {
        detection.close();
    }

    @Test
    void anEventThatMeetsAListIsOneAlertThatSaysWhy() throws Exception {
        ImportIndicatorsResponse imported =
                replace(
                        "live",
                        """
                        type,value,valid_from,valid_until,severity,labels,id
                        ip,203.0.113.10,2026-01-01,2027-01-01,critical,attack.t1071;c2,x-1
                        ip,203.0.113.999,,,,,
                        """);
        assertThat(imported.getAdded()).isEqualTo(1);
        assertThat(imported.getRejected()).isEqualTo(1);
        assertThat(imported.getProblems(0).getLine()).isEqualTo(3);
        Device host = host();
        detection
                .ingest()
                .append(
                        host,
                        List.of(connection("203.0.113.10", 0), connection("203.0.113.10", 1)));
        Alert alert = awaitAlert(host, 2);
        assertThat(alert.getRule().getId()).isEqualTo("indicators:live");
        assertThat(alert.getRule().getName()).isEqualTo("rules/indicators/live");
        assertThat(alert.getRule().getTechniquesList()).containsExactly("T1071");
        assertThat(alert.getSeverity().name()).isEqualTo("SEVERITY_CRITICAL");
        assertThat(alert.getRetro()).isFalse();
        assertThat(alert.getIncident()).startsWith("incidents/");
        IndicatorEvidence evidence = alert.getFirstMatches(0).getIndicators(0);
        assertThat(evidence.getSourceId()).isEqualTo("x-1");
        assertThat(evidence.getField()).isEqualTo("dst_endpoint.ip");
        assertThat(evidence.getListVersion()).isEqualTo(1);
        assertThat(evidence.getJudgedAt().getSeconds())
                .isEqualTo(TestEvents.START_NS / 1_000_000_000L);
        assertThat(evidence.getImportTime().getSeconds()).isPositive();
    }

    @Test
    void aRevokedIndicatorMatchesNoMoreAndAlertsStay() throws Exception {
        replace("revoked", "type,value\nip,203.0.113.20\n");
        replace("witness", "type,value\nip,203.0.113.21\n");
        Device host = host();
        detection.ingest().append(host, List.of(connection("203.0.113.20", 0)));
        awaitAlert(host, 1);
        Indicator indicator = one("revoked");
        RevokeIndicatorRequest revoke =
                RevokeIndicatorRequest.newBuilder()
                        .setName(indicator.getName())
                        .setReason("our own proxy")
                        .setRequestId(UUID.randomUUID().toString())
                        .build();
        assertThat(indicators("").revokeIndicator(revoke).getRevocation().getReason())
                .isEqualTo("our own proxy");
        assertThat(indicators("").revokeIndicator(revoke).hasRevocation()).isTrue();

        Device second = host();
        detection
                .ingest()
                .append(
                        second,
                        List.of(connection("203.0.113.20", 0), connection("203.0.113.21", 1)));
        assertThat(awaitAlert(second, 1).getRule().getId()).isEqualTo("indicators:witness");
        assertThat(alerts(second)).hasSize(1);
        assertThat(alerts(host)).hasSize(1);

        indicators("")
                .reinstateIndicator(
                        ReinstateIndicatorRequest.newBuilder()
                                .setName(indicator.getName())
                                .setRequestId(UUID.randomUUID().toString())
                                .build());
        Device third = host();
        detection.ingest().append(third, List.of(connection("203.0.113.20", 0)));
        awaitAlert(third, 1);
    }

    @Test
    void validityIsJudgedByTheCorrectedTimeOfTheEvent() throws Exception {
        Instant start = Instant.ofEpochSecond(0, TestEvents.START_NS);
        replace(
                "period",
                "type,value,valid_from,valid_until\nip,203.0.113.30,%s,%s\n"
                        .formatted(start.plusSeconds(5), start.plusSeconds(10)));
        Device host = host();
        detection
                .ingest()
                .append(
                        host,
                        1_000_000_000L,
                        List.of(
                                connection("203.0.113.30", 3),
                                connection("203.0.113.30", 4),
                                connection("203.0.113.30", 8),
                                connection("203.0.113.30", 9)));
        // By the sensor's clock, a second behind, two of them lie in the period.
        Alert alert = awaitAlert(host, 2);
        assertThat(alert.getMatchCount()).isEqualTo(2);
        assertThat(lookup("203.0.113.30", start.plusSeconds(5)).getValid()).isTrue();
        assertThat(lookup("203.0.113.30", start.plusSeconds(10)).getValid()).isFalse();
        assertThat(lookup("203.0.113.30", start.plusSeconds(10)).getReason())
                .startsWith("valid until");
    }

    @Test
    void lookingBackFindsAnOlderEventOnceAndLiveCountsItNoSecondTime() throws Exception {
        Device host = host();
        detection.ingest().append(host, List.of(connection("203.0.113.40", 0)));
        Device other = host();
        detection
                .ingest()
                .append(other, new TestEvents().exec(7, 1, "/bin/dash", "sh -c id", "root").all());
        awaitAlert(other, 1);
        replace("retro", "type,value\nip,203.0.113.40\n");

        RetroMatchResponse first = retro("indicatorLists/retro", "");
        assertThat(first.getDone()).isTrue();
        assertThat(first.getPartitionsDone()).isEqualTo(FakeIngest.PARTITIONS);
        assertThat(first.getMatches()).isEqualTo(1);
        assertThat(first.getNewMatches()).isEqualTo(1);
        assertThat(first.getReadFromList()).allMatch(from -> from.getOffset() == 1);
        assertThat(first.hasOldestEventTime()).isTrue();
        Alert found = awaitAlert(host, 1);
        assertThat(found.getRetro()).isTrue();
        assertThat(found.getFirstMatches(0).getRetro()).isTrue();

        RetroMatchResponse second = retro(one("retro").getName(), "");
        assertThat(second.getMatches()).isEqualTo(1);
        assertThat(second.getNewMatches()).isZero();

        detection.ingest().append(host, List.of(connection("203.0.113.40", 1)));
        Alert both = awaitAlert(host, 2);
        assertThat(both.getName()).isEqualTo(found.getName());
        assertThat(both.getRetro()).isFalse();
        assertThat(retro("indicatorLists/retro", "").getNewMatches()).isZero();
        assertThat(awaitAlert(host, 2).getMatchCount()).isEqualTo(2);
        assertThat(retro("indicatorLists/retro", "999999999999").getEventsRead()).isZero();
    }

    @Test
    void aRestartDoublesNothing() throws Exception {
        replace("restart", "type,value\nip,203.0.113.50\n");
        Device host = host();
        detection.ingest().append(host, List.of(connection("203.0.113.50", 0)));
        awaitAlert(host, 1);
        detection.restart();
        detection.ingest().append(host, List.of(connection("203.0.113.50", 1)));
        assertThat(awaitAlert(host, 2).getMatchCount()).isEqualTo(2);
        assertThat(retro("indicatorLists/restart", "").getNewMatches()).isZero();
    }

    @Test
    void whatIsNoListLeavesTheListAsItIs() throws Exception {
        replace("kept", "type,value\ndomain,evil.example\n");
        assertRefused(
                () -> replace("kept", "<html>not found</html>"),
                Status.Code.INVALID_ARGUMENT,
                "does not begin with a header");
        assertRefused(
                () -> replace("kept", "type,value\nip,nonsense\n"),
                Status.Code.INVALID_ARGUMENT,
                "no indicator that can be loaded (line 2, value");
        assertRefused(
                () -> replace("kept", "type,value\n" + "# comment\n".repeat(40_000)),
                Status.Code.RESOURCE_EXHAUSTED,
                "max-import-bytes");
        assertRefused(
                () -> replace("Kept!", "type,value\n"),
                Status.Code.INVALID_ARGUMENT,
                "header.list");
        assertThat(one("kept").getValue()).isEqualTo("evil.example");
    }

    @Test
    void listsAreOfTheWholeInstallation() {
        assertThatThrownBy(() ->
                        indicators("111122223333")
                                .deleteIndicatorList(
                                        DeleteIndicatorListRequest.newBuilder()
                                                .setName("indicatorLists/x")
                                                .setRequestId(UUID.randomUUID().toString())
                                                .build()))
                .satisfies(
                        error -> assertThat(code(error)).isEqualTo(Status.Code.PERMISSION_DENIED));
        assertThatThrownBy(() ->
                        indicators("")
                                .getIndicatorList(
                                        GetIndicatorListRequest.newBuilder()
                                                .setName("indicatorLists/none")
                                                .build()))
                .satisfies(error -> assertThat(code(error)).isEqualTo(Status.Code.NOT_FOUND));
        assertThatThrownBy(() ->
                        indicators("")
                                .listIndicators(
                                        ListIndicatorsRequest.newBuilder().setValue("?").build()))
                .hasMessageContaining("value")
                .satisfies(
                        error -> assertThat(code(error)).isEqualTo(Status.Code.INVALID_ARGUMENT));
    }

    @Test
    void aDeletedListMatchesNoMore() throws Exception {
        replace("deleted", "type,value\nip,203.0.113.60\n");
        replace("stays", "type,value\nip,203.0.113.61\n");
        DeleteIndicatorListRequest delete =
                DeleteIndicatorListRequest.newBuilder()
                        .setName("indicatorLists/deleted")
                        .setRequestId(UUID.randomUUID().toString())
                        .build();
        assertThat(indicators("").deleteIndicatorList(delete).getRemoved()).isEqualTo(1);
        assertThat(indicators("").deleteIndicatorList(delete).getRemoved()).isEqualTo(1);
        Device host = host();
        detection
                .ingest()
                .append(
                        host,
                        List.of(connection("203.0.113.60", 0), connection("203.0.113.61", 1)));
        assertThat(awaitAlert(host, 1).getRule().getId()).isEqualTo("indicators:stays");
        assertThat(alerts(host)).hasSize(1);
    }

    private static Device host() {
        hosts++;
        return TestEvents.host("i-%017x".formatted(hosts));
    }

    private static Event connection(String address, int second) {
        return Event.newBuilder()
                .setClassUid(4001)
                .setActivityId(1)
                .setTimeNs(TestEvents.START_NS + second * 1_000_000_000L)
                .setDstEndpoint(NetworkEndpoint.newBuilder().setIp(address).setPort(443))
                .build();
    }

    private static Alert awaitAlert(Device host, long matches) {
        return Await.until(
                        () -> alerts(host),
                        found -> found.size() == 1 && found.getFirst().getMatchCount() == matches)
                .getFirst();
    }

    private static List<Alert> alerts(Device host) {
        return as(Role.ROLE_RESPONDER, "", AlertServiceGrpc.newBlockingStub(detection.channel()))
                .listAlerts(
                        ListAlertsRequest.newBuilder()
                                .setFilter(AlertFilter.newBuilder().setHostId(host.getHostId()))
                                .build())
                .getAlertsList();
    }

    private static Indicator one(String list) {
        return indicators("")
                .listIndicators(
                        ListIndicatorsRequest.newBuilder()
                                .setList("indicatorLists/" + list)
                                .build())
                .getIndicators(0);
    }

    private static dev.yagura.proto.detection.v1.KnownIndicator lookup(String value, Instant time) {
        return indicators("")
                .lookupIndicator(
                        LookupIndicatorRequest.newBuilder()
                                .setValue(value)
                                .setTime(IndicatorMatcher.timestamp(time))
                                .build())
                .getIndicators(0);
    }

    private static RetroMatchResponse retro(String target, String account) {
        RetroMatchResponse[] last = {RetroMatchResponse.getDefaultInstance()};
        indicators(account)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .retroMatch(RetroMatchRequest.newBuilder().setTarget(target).build())
                .forEachRemaining(told -> last[0] = told);
        return last[0];
    }

    private static ImportIndicatorsResponse replace(String list, String csv) throws Exception {
        CompletableFuture<ImportIndicatorsResponse> answer = new CompletableFuture<>();
        StreamObserver<ImportIndicatorsRequest> upload =
                as(Role.ROLE_RESPONDER, "", IndicatorServiceGrpc.newStub(detection.channel()))
                        .importIndicators(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(ImportIndicatorsResponse response) {
                                        answer.complete(response);
                                    }

                                    @Override
                                    public void onError(Throwable error) {
                                        answer.completeExceptionally(error);
                                    }

                                    @Override
                                    public void onCompleted() {}
                                });
        upload.onNext(
                ImportIndicatorsRequest.newBuilder()
                        .setHeader(
                                ImportHeader.newBuilder()
                                        .setRequestId(UUID.randomUUID().toString())
                                        .setList(list)
                                        .setFormat(ImportFormat.IMPORT_FORMAT_CSV))
                        .build());
        ByteString content = ByteString.copyFromUtf8(csv);
        for (int from = 0; from < content.size(); from += 100_000) {
            upload.onNext(
                    ImportIndicatorsRequest.newBuilder()
                            .setContent(
                                    content.substring(
                                            from, Math.min(content.size(), from + 100_000)))
                            .build());
        }
        upload.onCompleted();
        return answer.get(30, TimeUnit.SECONDS);
    }

    private interface Call {
        void run() throws Exception;
    }

    private static void assertRefused(Call call, Status.Code code, String text) {
        assertThatThrownBy(call::run)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .hasMessageContaining(text)
                .satisfies(error -> assertThat(code(error)).isEqualTo(code));
    }

    private static IndicatorServiceGrpc.IndicatorServiceBlockingStub indicators(String account) {
        return as(
                Role.ROLE_RESPONDER,
                account,
                IndicatorServiceGrpc.newBlockingStub(detection.channel()));
    }
}
