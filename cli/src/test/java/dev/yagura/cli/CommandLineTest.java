package dev.yagura.cli;

import static dev.yagura.proto.response.v1.CheckOutcome.CHECK_OUTCOME_PASSED;
import static dev.yagura.proto.response.v1.CheckOutcome.CHECK_OUTCOME_REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.yagura.cli.output.Texts;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.evidence.EvidenceLink;
import dev.yagura.common.grpc.ErrorInterceptor;
import dev.yagura.common.grpc.GrpcServer;
import dev.yagura.common.grpc.GrpcServerConfig;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.CertificateAuthority;
import dev.yagura.common.tls.Pem;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.AlertCorrelation;
import dev.yagura.proto.detection.v1.AlertServiceGrpc;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.AttackCoverage;
import dev.yagura.proto.detection.v1.Canary;
import dev.yagura.proto.detection.v1.CanaryStage;
import dev.yagura.proto.detection.v1.CanaryState;
import dev.yagura.proto.detection.v1.CoverageServiceGrpc;
import dev.yagura.proto.detection.v1.CoveringRule;
import dev.yagura.proto.detection.v1.CreateRuleRequest;
import dev.yagura.proto.detection.v1.GetAlertRequest;
import dev.yagura.proto.detection.v1.GetAttackCoverageRequest;
import dev.yagura.proto.detection.v1.ImportIndicatorsRequest;
import dev.yagura.proto.detection.v1.ImportIndicatorsResponse;
import dev.yagura.proto.detection.v1.ImportProblem;
import dev.yagura.proto.detection.v1.ImportRulePackRequest;
import dev.yagura.proto.detection.v1.ImportRulePackResponse;
import dev.yagura.proto.detection.v1.IndicatorList;
import dev.yagura.proto.detection.v1.IndicatorServiceGrpc;
import dev.yagura.proto.detection.v1.ListAlertsRequest;
import dev.yagura.proto.detection.v1.ListAlertsResponse;
import dev.yagura.proto.detection.v1.ListCanariesRequest;
import dev.yagura.proto.detection.v1.ListCanariesResponse;
import dev.yagura.proto.detection.v1.Rule;
import dev.yagura.proto.detection.v1.RuleDeployment;
import dev.yagura.proto.detection.v1.RuleDiagnostic;
import dev.yagura.proto.detection.v1.RulePack;
import dev.yagura.proto.detection.v1.RuleProof;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.RuleServiceGrpc;
import dev.yagura.proto.detection.v1.RuleState;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.detection.v1.TechniqueCoverage;
import dev.yagura.proto.detection.v1.UncountedReason;
import dev.yagura.proto.detection.v1.UncountedRules;
import dev.yagura.proto.detection.v1.VerifyRuleRequest;
import dev.yagura.proto.detection.v1.VerifyRuleResponse;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionServiceGrpc;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.EvidenceHead;
import dev.yagura.proto.response.v1.EvidenceRecord;
import dev.yagura.proto.response.v1.EvidenceServiceGrpc;
import dev.yagura.proto.response.v1.ExportEvidenceRequest;
import dev.yagura.proto.response.v1.ExportEvidenceResponse;
import dev.yagura.proto.response.v1.GetEvidenceHeadRequest;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final List<String> CHANGES_OF_RULES =
            List.of(
                    "yagura rules create",
                    "yagura rules update",
                    "yagura rules delete",
                    "yagura rules backtest",
                    "yagura rules deploy",
                    "yagura rules except",
                    "yagura rules import",
                    "yagura rules packs",
                    "yagura rules stats",
                    "yagura rules canaries");

    private @TempDir Path folder;
    private final List<String> authorizations = new ArrayList<>();
    private final CannedAlerts alerts = new CannedAlerts();
    private final CannedRules rules = new CannedRules();
    private final CannedEvidence evidence = new CannedEvidence();
    private GrpcServer gateway;
    private String out = "";
    private String err = "";

    @BeforeEach
    void startGateway() throws Exception {
        CertificateAuthority authority = CertificateAuthority.create("test", Instant.now(), DAY);
        KeyPair pair = CertificateAuthority.newKeyPair();
        Path certificate = folder.resolve("gateway.pem");
        Path key = folder.resolve("gateway.key");
        Path ca = folder.resolve("ca.pem");
        Files.writeString(ca, Pem.encode(List.of(authority.certificate())));
        Files.writeString(
                certificate,
                Pem.encode(
                        List.of(
                                authority.issueService(
                                        "gateway",
                                        List.of("localhost"),
                                        pair.getPublic(),
                                        Instant.now(),
                                        DAY))));
        Pem.writePrivate(key, Pem.encode(pair.getPrivate()));
        Files.writeString(folder.resolve("token"), "ygr_test\n");
        gateway =
                new GrpcServer(
                                new GrpcServerConfig(
                                        "localhost", 0, 1 << 20, Duration.ofSeconds(1), DAY),
                                TlsContexts.server(
                                        new TlsFiles(certificate, key, List.of(ca)),
                                        ClientAuth.NONE),
                                new GrpcServer.Parts(
                                        List.of(
                                                alerts,
                                                new CannedAssets(),
                                                new RefusedActions(),
                                                evidence,
                                                rules,
                                                new CannedIndicators(),
                                                new CannedCoverage()),
                                        List.of(new ErrorInterceptor(), new SeenTokens()),
                                        null))
                        .start();
    }

    @AfterEach
    void stopGateway() {
        gateway.close();
    }

    @Test
    void printsATableForPeople() {
        alerts.add(alert("a-1", "Web server spawned a shell", "web-1"));

        assertThat(run("alerts", "list")).isZero();

        assertThat(out)
                .contains("SEVERITY")
                .contains("high")
                .contains("Web server spawned a shell")
                .contains("T1059.004")
                .contains("alerts/a-1");
        assertThat(authorizations).containsOnly("Bearer ygr_test");
    }

    @Test
    void anAlertOfACorrelationNamesItsHostsAndWhetherItHolds() {
        AlertCorrelation.Builder correlation =
                AlertCorrelation.newBuilder()
                        .addHosts(AssetSnapshot.newBuilder().setHostname("web-1"))
                        .addHosts(AssetSnapshot.newBuilder().setHostname("web-2"));
        alerts.add(
                alert("a-1", "Guessed password", "web-1").toBuilder()
                        .setCorrelation(correlation)
                        .setWithdrawTime(Timestamp.newBuilder().setSeconds(1))
                        .build());
        assertThat(run("alerts", "list")).isZero();
        assertThat(out).contains("web-1 and 1 more").contains("Guessed password (withdrawn)");
    }

    @Test
    void printsOneJsonObjectALineForPrograms() {
        alerts.add(alert("a-1", "First", "web-1"));
        alerts.add(alert("a-2", "Second", "web-2"));

        assertThat(run("alerts", "list", "--output", "json")).isZero();

        assertThat(out.lines()).hasSize(2);
        assertThat(out)
                .contains("\"id\":\"rule-1\"")
                .contains("\"techniques\":[\"T1059.004\"]")
                .contains("\"hostname\":\"web-1\"");
    }

    @Test
    void followsPagesUpToTheLimit() {
        for (int i = 0; i < 7; i++) {
            alerts.add(alert("a-" + i, "Alert " + i, "web-1"));
        }

        assertThat(run("alerts", "list", "--limit", "5", "--output", "json")).isZero();

        assertThat(out.lines()).hasSize(5);
        assertThat(alerts.calls).isEqualTo(3);
    }

    @Test
    void keepsControlCharactersOfTelemetryFromTheTerminal() {
        alerts.add(alert("a-1", "Alert", "web\u001b[2J\u202e-1"));

        run("alerts", "list");

        assertThat(out).doesNotContain("\u001b").doesNotContain("\u202e").contains("web·[2J·-1");
    }

    @Test
    void tellsWhichLogSourcesAreNotProven() {
        assertThat(run("rules", "canaries", "--state", "failing")).isZero();

        assertThat(out)
                .contains("failing")
                .contains("linux/process_creation/*")
                .contains("appended")
                .contains("2,5")
                .doesNotContain("aws");
    }

    @Test
    void writesALayerForTheNavigator() throws Exception {
        Path file = folder.resolve("layer.json");

        assertThat(run("attack", "layer", "--window", "P1D", file.toString())).isZero();

        assertThat(Files.readString(file))
                .contains("\"layer\" : \"4.5\"")
                .contains("\"techniqueID\" : \"T1053.003\"")
                .contains("within 24 hours");
        assertThat(err)
                .contains("1 techniques are covered")
                .contains("not counted: 3 rules, no telemetry of their log source");
        assertThat(run("attack", "layer")).isZero();
        assertThat(out).startsWith("{").contains("within 168 hours");
        assertThat(run("attack", "coverage")).isZero();
        assertThat(out).contains("T1053.003").contains("cases").contains("not counted: 3 rules");
        assertThat(run("attack", "layer", "--window", "week")).isEqualTo(2);
        assertThat(err).contains("--window");
    }

    @Test
    void tellsKindsOfErrorsApart() {
        assertThat(run("alerts", "show", "alerts/none")).isEqualTo(4);
        assertThat(err).isEqualTo("yagura: alert alerts/none does not exist\n");

        assertThat(
                        run(
                                "actions",
                                "apply",
                                "isolate_instance",
                                "i-0123456789abcdef0",
                                "--reason",
                                "beacon"))
                .isEqualTo(5);
        assertThat(err).contains("member of web-asg");

        assertThat(run("alerts", "list", "--min-severity", "loud")).isEqualTo(2);
        assertThat(err).contains("'loud' is no severity; one of", "critical");

        assertThat(run("alerts", "lst")).isEqualTo(2);
    }

    @Test
    void aPlanThatIsRefusedIsSeenByAScript() {
        assertThat(run("actions", "plan", "isolate_instance", "i-0123456789abcdef0")).isEqualTo(1);
        assertThat(out).contains("refused  in no Auto Scaling group: member of web-asg");

        assertThat(run("actions", "plan", "isolate_instance", "i-0123456789abcdef1")).isZero();
    }

    @Test
    void everyKindOfActionCanBePlannedAndIsInTheHelp() {
        List<String> kinds =
                Stream.of(ActionKind.values())
                        .map(kind -> Texts.constant(kind, "ACTION_KIND_"))
                        .filter(kind -> !Set.of("unspecified", "unrecognized").contains(kind))
                        .toList();
        assertThat(kinds).contains("contain_role_session");
        for (String kind : kinds) {
            assertThat(run("actions", "plan", kind, "i-0123456789abcdef1")).as(kind).isZero();
            assertThat(run("actions", "plan", "--help")).isZero();
            assertThat(out).contains(kind);
        }

        assertThat(run("actions", "plan", "isolate", "i-0123456789abcdef1")).isEqualTo(2);
        assertThat(err).contains("'isolate' is no action kind; one of " + String.join(", ", kinds));
    }

    @Test
    void aProcessAndAFileOfAHostAreNamedExactly() {
        String[] kill = {
            "actions",
            "plan",
            "kill_process",
            "i-0123456789abcdef1",
            "--pid",
            "4242",
            "--start-time"
        };
        assertThat(run(with(kill, "2026-03-01T02:14:07.120Z", "-o", "json"))).isZero();
        assertThat(out).contains("\"pid\":4242", "\"startTimeNs\":\"1772331247120000000\"");
        assertThat(run(with(kill, "1772331247120000000", "-o", "json"))).isZero();
        assertThat(out).contains("\"startTimeNs\":\"1772331247120000000\"");
        assertThat(run(with(kill, "yesterday"))).isEqualTo(2);
        assertThat(err).contains("--start-time: yesterday is no time");

        assertThat(
                        run(
                                "actions",
                                "plan",
                                "quarantine_file",
                                "i-0123456789abcdef1",
                                "--file",
                                "/tmp/.x/miner"))
                .isEqualTo(2);
        assertThat(err).contains("--sha256");
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void saysWhatToDoWithoutAGatewayOrToken() throws Exception {
        Files.delete(folder.resolve("token"));
        assertThat(run("alerts", "list")).isEqualTo(2);
        assertThat(err).contains("--token-file").contains("YAGURA_TOKEN");

        Files.writeString(folder.resolve("token"), "ygr_test");
        gateway.close();
        assertThat(run("alerts", "list", "--timeout", "PT2S")).isEqualTo(6);
    }

    @Test
    void everyCommandHasHelpWithAnExample() {
        CommandLine root = YaguraCommand.commandLine();
        List<CommandLine> commands = new ArrayList<>(root.getSubcommands().values());
        root.getSubcommands().values().stream()
                .flatMap(command -> command.getSubcommands().values().stream())
                .filter(command ->
                        CHANGES_OF_RULES.contains(command.getCommandSpec().qualifiedName(" ")))
                .forEach(commands::add);
        assertThat(commands).hasSize(root.getSubcommands().size() + CHANGES_OF_RULES.size());
        for (CommandLine command : commands) {
            assertThat(command.getUsageMessage())
                    .as(command.getCommandName())
                    .contains("Example")
                    .contains(command.getCommandSpec().qualifiedName());
        }
    }

    @Test
    void sendsARuleOfAFileAndSaysWhatBecameOfIt() throws Exception {
        Path file = Files.writeString(folder.resolve("rule.yml"), "title: Needle");

        assertThat(run("rules", "create", file.toString(), "--state", "alerting")).isZero();

        assertThat(rules.text).isEqualTo("title: Needle");
        assertThat(out).contains("alerting").contains("rules/custom/r-1");
        assertThat(run("rules", "create", "no-such-file.yml")).isEqualTo(2);
        assertThat(err).contains("no-such-file.yml");
    }

    @Test
    void sendsAFolderOfRulesAsOneArchive() throws Exception {
        Path pack = folder.resolve("pack");
        Files.createDirectories(pack.resolve("linux"));
        Files.writeString(pack.resolve("linux/a.yml"), "title: A");
        Files.write(pack.resolve("b.yaml"), new byte[300_000]);
        Files.writeString(pack.resolve("LICENSE"), "DRL");

        assertThat(run("rules", "import", pack.toString(), "--pack", "mine")).isZero();

        assertThat(out)
                .contains("rulePacks/mine")
                .contains("invalid  linux/a.yml:1:1: the rule has no logsource");
        List<String> sent = new ArrayList<>();
        try (ZipInputStream zip =
                new ZipInputStream(new ByteArrayInputStream(rules.archive.toByteArray()))) {
            for (ZipEntry one = zip.getNextEntry(); one != null; one = zip.getNextEntry()) {
                sent.add(one.getName());
            }
        }
        assertThat(sent).containsExactly("b.yaml", "linux/a.yml");
    }

    @Test
    void aRuleThatCannotFireIsSeenByAScript() throws Exception {
        Path file = Files.writeString(folder.resolve("rule.yml"), "title: Needle");

        assertThat(run("rules", "backtest", file.toString())).isEqualTo(1);

        assertThat(out).contains("state  cannot_fire").contains("no sensor delivers it");
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(
                List.of(
                        "--gateway",
                        "localhost:" + gateway.port(),
                        "--ca",
                        folder.resolve("ca.pem").toString(),
                        "--token-file",
                        folder.resolve("token").toString()));
        StringWriter stdout = new StringWriter();
        StringWriter stderr = new StringWriter();
        int code =
                YaguraCommand.commandLine()
                        .setOut(new PrintWriter(stdout, true))
                        .setErr(new PrintWriter(stderr, true))
                        .execute(all.toArray(String[]::new));
        out = stdout.toString();
        err = stderr.toString();
        return code;
    }

    @Test
    void sendsAFileOfIndicatorsInPiecesAndPrintsWhatWasLeftOut() throws Exception {
        Path feed = folder.resolve("feed.csv");
        Files.writeString(feed, "type,value\n" + "ip,203.0.113.1\n".repeat(20_000));

        assertThat(run("indicators", "import", feed.toString(), "--list", "abuse")).isZero();

        assertThat(out)
                .contains("indicatorLists/abuse version 1: %d added".formatted(Files.size(feed)))
                .contains("7     value  is no address");
    }

    @Test
    void saysWhyAnImportWasRefused() throws Exception {
        Path feed = folder.resolve("feed.csv");
        Files.writeString(feed, "type,value\n");

        assertThat(run("indicators", "import", feed.toString(), "--list", "refused")).isEqualTo(4);
        assertThat(err).contains("refused");

        assertThat(run("indicators", "import", "missing.csv", "--list", "abuse")).isEqualTo(2);
        assertThat(err).contains("FILE: missing.csv does not exist");
    }

    @Test
    void exportsEvidenceThatVerifiesWithoutTheService() throws Exception {
        assertThat(run("evidence", "head")).isZero();
        String head = out.strip();
        assertThat(run("evidence", "verify", "--expect-head", head)).isZero();
        assertThat(out).contains("3 records verified").contains("head " + head);

        assertThat(run("evidence", "export")).isZero();

        assertThat(out.lines()).hasSize(3);
        assertThat(err).contains("head " + head);
        Path file = Files.writeString(folder.resolve("evidence.jsonl"), out);
        gateway.close();
        assertThat(run("evidence", "verify", file.toString(), "--expect-head", head)).isZero();
    }

    @Test
    void exportsOneActionInAChainThatCanBeFollowed() throws Exception {
        assertThat(run("evidence", "export", "--action", "actions/a-2")).isZero();

        assertThat(out).contains("\"recordHash\"").doesNotContain("actions/a-1");
        assertThat(err).contains("the content of 2 of them is withheld");
        Path file = Files.writeString(folder.resolve("evidence.jsonl"), out);
        assertThat(run("evidence", "verify", file.toString())).isZero();
    }

    @Test
    void namesTheRecordThatAServiceShowsOtherwiseThanItWas() {
        evidence.change(1, each -> each.setRecord(each.getRecord().replace("beacon", "tests")));
        assertThat(run("evidence", "verify")).isEqualTo(1);
        assertThat(err).contains("record 2 (actions/a-2, requested) was altered");
        assertThat(run("evidence", "export")).isEqualTo(1);

        evidence.change(0, each -> each.setAction("actions/a-3"));
        assertThat(run("evidence", "verify")).isEqualTo(1);
        assertThat(err).contains("record 1 (actions/a-3) is filed under actions/a-3");

        evidence.change(0, each -> each.clearRecord());
        assertThat(run("evidence", "verify")).isEqualTo(1);
        assertThat(err).contains("record 1").contains("without its content");

        assertThat(run("evidence", "verify", "--expect-head", "4")).isEqualTo(2);
        assertThat(err).contains("--expect-head: expected NUMBER:HASH");
    }

    private static Alert alert(String id, String title, String host) {
        return Alert.newBuilder()
                .setName("alerts/" + id)
                .setSeverity(Severity.SEVERITY_HIGH)
                .setRule(
                        RuleReference.newBuilder()
                                .setId("rule-1")
                                .setTitle(title)
                                .addTechniques("T1059.004"))
                .setAsset(AssetSnapshot.newBuilder().setHostname(host))
                .build();
    }

    /** Pages of two. */
    private static final class CannedAlerts extends AlertServiceGrpc.AlertServiceImplBase {
        private static final int PAGE = 2;
        private final List<Alert> all = new ArrayList<>();
        int calls;

        void add(Alert alert) {
            all.add(alert);
        }

        @Override
        public void listAlerts(
                ListAlertsRequest request, StreamObserver<ListAlertsResponse> observer) {
            calls++;
            int from =
                    request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
            int to = Math.min(all.size(), from + Math.min(PAGE, request.getPageSize()));
            observer.onNext(
                    ListAlertsResponse.newBuilder()
                            .addAllAlerts(all.subList(from, to))
                            .setNextPageToken(to < all.size() ? Integer.toString(to) : "")
                            .build());
            observer.onCompleted();
        }

        @Override
        public void getAlert(GetAlertRequest request, StreamObserver<Alert> observer) {
            throw new NotFoundException("alert", request.getName());
        }
    }

    /** Counts bytes as if they were indicators. */
    private static final class CannedIndicators
            extends IndicatorServiceGrpc.IndicatorServiceImplBase {
        @Override
        public StreamObserver<ImportIndicatorsRequest> importIndicators(
                StreamObserver<ImportIndicatorsResponse> observer) {
            return new StreamObserver<>() {
                private String list = "";
                private long bytes;

                @Override
                public void onNext(ImportIndicatorsRequest request) {
                    if (request.hasHeader()) {
                        list = request.getHeader().getList();
                    }
                    bytes += request.getContent().size();
                    if (list.equals("refused")) {
                        throw new NotFoundException("list", list);
                    }
                }

                @Override
                public void onError(Throwable error) {}

                @Override
                public void onCompleted() {
                    observer.onNext(
                            ImportIndicatorsResponse.newBuilder()
                                    .setList(
                                            IndicatorList.newBuilder()
                                                    .setName("indicatorLists/" + list)
                                                    .setVersion(1))
                                    .setAdded(bytes)
                                    .addProblems(
                                            ImportProblem.newBuilder()
                                                    .setLine(7)
                                                    .setSubject("value")
                                                    .setMessage("is no address"))
                                    .build());
                    observer.onCompleted();
                }
            };
        }
    }

    /** A chain of three: the first and the last of one action, the second of another. */
    private static final class CannedEvidence extends EvidenceServiceGrpc.EvidenceServiceImplBase {
        private final List<EvidenceRecord> records = new ArrayList<>();
        private EvidenceLink.Head head = EvidenceLink.Head.EMPTY;

        CannedEvidence() {
            append("actions/a-1");
            append("actions/a-2");
            append("actions/a-1");
        }

        private void append(String action) {
            String record =
                    "{\"accountId\":\"111122223333\",\"action\":\"%s\",\"change\":{\"reason\":\"beacon\"},\"event\":\"EVIDENCE_EVENT_REQUESTED\"}"
                            .formatted(action);
            EvidenceLink link = EvidenceLink.next(head, record);
            head = link.head();
            records.add(
                    EvidenceRecord.newBuilder()
                            .setNumber(link.number())
                            .setPreviousHash(link.previousHash())
                            .setRecord(record)
                            .setRecordHash(link.recordHash())
                            .setHash(link.hash())
                            .setAction(action)
                            .setAccountId("111122223333")
                            .build());
        }

        void change(int index, UnaryOperator<EvidenceRecord.Builder> operator) {
            records.set(index, operator.apply(records.get(index).toBuilder()).build());
        }

        @Override
        public void getEvidenceHead(
                GetEvidenceHeadRequest request, StreamObserver<EvidenceHead> observer) {
            observer.onNext(
                    EvidenceHead.newBuilder()
                            .setNumber(head.number())
                            .setHash(head.hash())
                            .build());
            observer.onCompleted();
        }

        @Override
        public void exportEvidence(
                ExportEvidenceRequest request, StreamObserver<ExportEvidenceResponse> observer) {
            for (EvidenceRecord record : records) {
                boolean shown =
                        request.getAction().isEmpty()
                                || request.getAction().equals(record.getAction());
                EvidenceRecord sent =
                        shown
                                ? record
                                : record.toBuilder()
                                        .clearRecord()
                                        .clearAction()
                                        .clearAccountId()
                                        .build();
                observer.onNext(ExportEvidenceResponse.newBuilder().setRecord(sent).build());
            }
            observer.onCompleted();
        }
    }

    private static final class CannedCoverage extends CoverageServiceGrpc.CoverageServiceImplBase {
        @Override
        public void listCanaries(
                ListCanariesRequest request, StreamObserver<ListCanariesResponse> observer) {
            List<Canary> all =
                    List.of(
                            Canary.newBuilder()
                                    .setName("canaries/linux.process_creation.auditd")
                                    .setLogsource("linux/process_creation/*")
                                    .setState(CanaryState.CANARY_STATE_FAILING)
                                    .setLastStage(CanaryStage.CANARY_STAGE_APPENDED)
                                    .addAllFailingPartitions(List.of(2, 5))
                                    .build(),
                            Canary.newBuilder()
                                    .setName("canaries/aws.cloudtrail.cloudtrail")
                                    .setLogsource("aws/*/cloudtrail")
                                    .setState(CanaryState.CANARY_STATE_IDLE)
                                    .build());
            observer.onNext(
                    ListCanariesResponse.newBuilder()
                            .addAllCanaries(
                                    all.stream()
                                            .filter(canary ->
                                                    canary.getState() == request.getState())
                                            .toList())
                            .build());
            observer.onCompleted();
        }

        @Override
        public void getAttackCoverage(
                GetAttackCoverageRequest request, StreamObserver<AttackCoverage> observer) {
            observer.onNext(
                    AttackCoverage.newBuilder()
                            .setWindow(request.getWindow())
                            .addTechniques(
                                    TechniqueCoverage.newBuilder()
                                            .setTechnique("T1053.003")
                                            .addRules(
                                                    CoveringRule.newBuilder()
                                                            .setName("rules/yagura/cron")
                                                            .setTitle("Cron file written")
                                                            .setProof(RuleProof.RULE_PROOF_CASES)))
                            .addUncounted(
                                    UncountedRules.newBuilder()
                                            .setReason(
                                                    UncountedReason.UNCOUNTED_REASON_NO_TELEMETRY)
                                            .setRuleCount(3)
                                            .addNames("rules/yagura/one"))
                            .build());
            observer.onCompleted();
        }
    }

    private static final class CannedAssets extends AssetServiceGrpc.AssetServiceImplBase {
        @Override
        public void listAssets(
                ListAssetsRequest request, StreamObserver<ListAssetsResponse> observer) {
            observer.onNext(
                    ListAssetsResponse.newBuilder()
                            .addAssets(
                                    Asset.newBuilder()
                                            .setNativeId(request.getFilter().getInstanceId())
                                            .setScope(
                                                    Scope.newBuilder()
                                                            .setAccountId("111122223333")))
                            .build());
            observer.onCompleted();
        }
    }

    /** A plan for validate_only; everything else is refused. */
    private static final class RefusedActions extends ActionServiceGrpc.ActionServiceImplBase {
        @Override
        public void createAction(CreateActionRequest request, StreamObserver<Action> observer) {
            if (!request.getValidateOnly()) {
                throw new PreconditionFailedException(
                        request.getTarget().getInstanceId(), "member of web-asg");
            }
            boolean grouped = request.getTarget().getInstanceId().endsWith("0");
            observer.onNext(
                    Action.newBuilder()
                            .setTarget(request.getTarget())
                            .setPlan(
                                    Plan.newBuilder()
                                            .addChecks(
                                                    PreflightCheck.newBuilder()
                                                            .setLabel("in no Auto Scaling group")
                                                            .setOutcome(
                                                                    grouped
                                                                            ? CHECK_OUTCOME_REFUSED
                                                                            : CHECK_OUTCOME_PASSED)
                                                            .setDetail(
                                                                    grouped
                                                                            ? "member of web-asg"
                                                                            : "")))
                            .build());
            observer.onCompleted();
        }
    }

    private static final class CannedRules extends RuleServiceGrpc.RuleServiceImplBase {
        private String text = "";
        private final ByteArrayOutputStream archive = new ByteArrayOutputStream();

        @Override
        public void createRule(CreateRuleRequest request, StreamObserver<Rule> observer) {
            text = request.getText();
            observer.onNext(
                    Rule.newBuilder()
                            .setName("rules/custom/r-1")
                            .setDeployment(
                                    RuleDeployment.newBuilder()
                                            .setState(request.getDeploymentState()))
                            .build());
            observer.onCompleted();
        }

        @Override
        public void verifyRule(
                VerifyRuleRequest request, StreamObserver<VerifyRuleResponse> observer) {
            observer.onNext(
                    VerifyRuleResponse.newBuilder()
                            .setState(RuleState.RULE_STATE_CANNOT_FIRE)
                            .addDiagnostics(
                                    RuleDiagnostic.newBuilder().setMessage("no sensor delivers it"))
                            .build());
            observer.onCompleted();
        }

        @Override
        public StreamObserver<ImportRulePackRequest> importRulePack(
                StreamObserver<ImportRulePackResponse> observer) {
            return new StreamObserver<>() {
                private String pack = "";

                @Override
                public void onNext(ImportRulePackRequest part) {
                    pack = part.hasHeader() ? part.getHeader().getPack() : pack;
                    archive.writeBytes(part.getChunk().toByteArray());
                }

                @Override
                public void onError(Throwable error) {
                    throw new AssertionError(error);
                }

                @Override
                public void onCompleted() {
                    observer.onNext(
                            ImportRulePackResponse.newBuilder()
                                    .setPack(RulePack.newBuilder().setName("rulePacks/" + pack))
                                    .addRules(
                                            Rule.newBuilder()
                                                    .setSourcePath("linux/a.yml")
                                                    .setState(RuleState.RULE_STATE_INVALID)
                                                    .addDiagnostics(
                                                            RuleDiagnostic.newBuilder()
                                                                    .setLine(1)
                                                                    .setColumn(1)
                                                                    .setMessage(
                                                                            "the rule has no"
                                                                                    + " logsource")))
                                    .build());
                    observer.onCompleted();
                }
            };
        }
    }

    private final class SeenTokens implements ServerInterceptor {
        @Override
        public <Q, S> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
            @Nullable String value =
                    headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
            authorizations.add(String.valueOf(value));
            return next.startCall(call, headers);
        }
    }
}
