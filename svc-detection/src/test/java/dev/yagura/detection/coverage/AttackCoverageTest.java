package dev.yagura.detection.coverage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.yagura.common.config.Settings;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.detection.Await;
import dev.yagura.detection.arrival.SqlArrivals;
import dev.yagura.detection.canary.RunningCanaries;
import dev.yagura.detection.rule.KeptEvents;
import dev.yagura.detection.rule.LiveRules;
import dev.yagura.detection.rule.RuleServer;
import dev.yagura.proto.detection.v1.AttackCoverage;
import dev.yagura.proto.detection.v1.CoveringRule;
import dev.yagura.proto.detection.v1.DeploymentState;
import dev.yagura.proto.detection.v1.ImportRulePackHeader;
import dev.yagura.proto.detection.v1.ImportRulePackRequest;
import dev.yagura.proto.detection.v1.ImportRulePackResponse;
import dev.yagura.proto.detection.v1.RuleDeployment;
import dev.yagura.proto.detection.v1.RuleProof;
import dev.yagura.proto.detection.v1.UncountedReason;
import dev.yagura.proto.detection.v1.UncountedRules;
import dev.yagura.proto.detection.v1.UpdateRuleDeploymentRequest;
import dev.yagura.sigma.taxonomy.EventKind;
import dev.yagura.testkit.PostgresFixture;
import dev.yagura.testkit.TestCertificates;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Coverage of real rules on a real PostgreSQL. */
class AttackCoverageTest {
    private static final Duration WEEK = Duration.ofDays(7);
    private static final EventKind PROCESS = new EventKind("linux", "auditd", 1007, 1, "", "");
    private static final EventKind SYSMON =
            new EventKind(
                    "windows", "sysmon", 1007, 1, "Microsoft-Windows-Sysmon/Operational", "1");
    private static final Path REGRESSION = Path.of("../../shared/data/regression");
    private static final Path RULES = Path.of("../../shared/data/sigma");

    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("detection");
    @TempDir static Path folder;

    private static Transactions transactions;
    private static TlsFiles tls;

    private LiveRules rules;
    private RuleServer server;
    private RunningCanaries canaries;

    @BeforeAll
    static void prepare() throws Exception {
        POSTGRES.migrate();
        transactions = POSTGRES.transactions();
        tls = new TestCertificates(folder, Clock.systemUTC()).service("gateway");
    }

    @BeforeEach
    void startRules() throws Exception {
        execute("DELETE FROM arrived_kind");
        execute("DELETE FROM canary");
        start();
    }

    private static void execute(String sql) {
        transactions.run(transaction -> {
            try (Statement statement = transaction.connection().createStatement()) {
                statement.execute(sql);
            }
        });
    }

    private void start(Path... folders) throws IOException {
        rules =
                LiveRules.start(
                        transactions, Clock.systemUTC(), List.of(folders), Optional.empty());
        server = new RuleServer(rules.endpoint(noEvents()), tls);
        canaries =
                new RunningCanaries(
                        Settings.of(
                                "yagura.detection",
                                Map.of(
                                        "yagura.detection.client.ingest.addresses", "127.0.0.1:1",
                                        "yagura.detection.tls.certificate",
                                                tls.certificate().toString(),
                                        "yagura.detection.tls.key", tls.key().toString(),
                                        "yagura.detection.tls.authorities",
                                                tls.authorities().getFirst().toString())),
                        rules.canaries(),
                        transactions);
    }

    @AfterEach
    void stopRules() throws Exception {
        canaries.close();
        server.close();
        rules.close();
    }

    @Test
    void ownRulesCountWhereTelemetryArrives() {
        assertThat(cover().getTechniquesList()).isEmpty();

        arrives(PROCESS, Instant.now());

        AttackCoverage coverage = cover();
        assertThat(coverage.getTechniquesCount()).isGreaterThan(5);
        assertThat(coverage.getTechniquesList())
                .allSatisfy(technique ->
                        assertThat(technique.getRulesList())
                                .isNotEmpty()
                                .allMatch(rule -> rule.getLogsource().startsWith("linux/"))
                                .allMatch(rule -> rule.getProof() == RuleProof.RULE_PROOF_CASES)
                                .allMatch(CoveringRule::hasLastTelemetryTime));
        assertThat(uncounted(coverage, UncountedReason.UNCOUNTED_REASON_NO_TELEMETRY))
                .isGreaterThan(10);
        assertThat(reported(coverage, UncountedReason.UNCOUNTED_REASON_UNPROVEN))
                .noneMatch(name -> name.startsWith("rules/yagura/"));
        assertThat(reported(coverage, UncountedReason.UNCOUNTED_REASON_PROOF_FAILED))
                .noneMatch(name -> name.startsWith("rules/yagura/"));
    }

    @Test
    void oldTelemetryDoesNotCount() {
        arrives(PROCESS, Instant.now().minus(Duration.ofDays(8)));

        assertThat(cover().getTechniquesList()).isEmpty();
        assertThat(coverages().cover(Duration.ofDays(9)).getTechniquesCount()).isPositive();
    }

    @Test
    void aLogSourceWhoseCanaryIsFailingDoesNotCount() {
        arrives(PROCESS, Instant.now());
        assertThat(logSources(cover())).contains("linux/process_creation/*");

        execute(
                "INSERT INTO canary VALUES ('canaries/linux.process_creation.auditd', 1,"
                        + " now() - interval '1 hour', 0, NULL, 0)");

        AttackCoverage coverage = cover();
        assertThat(logSources(coverage)).doesNotContain("linux/process_creation/*");
        assertThat(uncounted(coverage, UncountedReason.UNCOUNTED_REASON_CANARY_FAILING))
                .isPositive();
    }

    private static List<String> logSources(AttackCoverage coverage) {
        return coverage.getTechniquesList().stream()
                .flatMap(technique -> technique.getRulesList().stream())
                .map(CoveringRule::getLogsource)
                .distinct()
                .toList();
    }

    @Test
    void aRuleInShadowDoesNotCount() {
        arrives(PROCESS, Instant.now());
        CoveringRule covering = cover().getTechniques(0).getRules(0);

        deploy(covering.getName(), DeploymentState.DEPLOYMENT_STATE_SHADOW);

        AttackCoverage coverage = cover();
        assertThat(names(coverage)).doesNotContain(covering.getName());
        assertThat(uncounted(coverage, UncountedReason.UNCOUNTED_REASON_NOT_ALERTING)).isEqualTo(1);
        deploy(covering.getName(), DeploymentState.DEPLOYMENT_STATE_ALERTING);
        assertThat(names(cover())).contains(covering.getName());
    }

    @Test
    void importedRulesCountByTheirRegressionData() throws Exception {
        arrives(SYSMON, Instant.now());
        Map<String, String> files = new TreeMap<>();
        addRule(files, 1, "evil.exe");
        addData(files, 1, "evil.exe", 1);
        addRule(files, 2, "other.exe");
        addData(files, 2, "evil.exe", 1);
        addRule(files, 3, "third.exe");
        addRule(files, 4, "evil.exe");
        addData(files, 4, "evil.exe", 2);

        ImportRulePackResponse imported = importPack("proven", files);

        assertThat(imported.getPack().getInvalidCount()).isZero();
        assertThat(imported.getPack().getActiveCount()).isEqualTo(4);
        AttackCoverage coverage = cover();
        assertThat(names(coverage)).containsExactly("rules/proven/" + id(1));
        assertThat(coverage.getTechniques(0).getRules(0).getProof())
                .isEqualTo(RuleProof.RULE_PROOF_REGRESSION);
        assertThat(reported(coverage, UncountedReason.UNCOUNTED_REASON_PROOF_FAILED))
                .containsExactly("rules/proven/" + id(2), "rules/proven/" + id(4));
        assertThat(reported(coverage, UncountedReason.UNCOUNTED_REASON_UNPROVEN))
                .containsExactly("rules/proven/" + id(3));

        addData(files, 2, "other.exe", 1);
        importPack("proven", files);

        assertThat(names(cover()))
                .containsExactly("rules/proven/" + id(1), "rules/proven/" + id(2));
    }

    @Test
    void foldersHaveRegressionDataToo(@TempDir Path parent) throws Exception {
        Path pack = Files.createDirectories(parent.resolve("mine"));
        Map<String, String> files = new TreeMap<>();
        addRule(files, 7, "evil.exe");
        addData(files, 7, "evil.exe", 1);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = pack.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        arrives(SYSMON, Instant.now());
        stopRules();
        start(pack);

        assertThat(names(cover())).contains("rules/mine/" + id(7));
    }

    /** Data as they are published, where they are beside the repository. */
    @Test
    void publishedRegressionDataProveTheirRules() throws Exception {
        assumeTrue(
                Files.isDirectory(REGRESSION) && Files.isDirectory(RULES),
                () -> "no regression data at " + REGRESSION.toAbsolutePath().normalize());
        Map<String, String> files = new TreeMap<>();
        int expected = 0;
        Map<String, String> texts = rulesById();
        for (String line : Files.readAllLines(REGRESSION.resolve("expected.tsv"))) {
            String id = line.split("\t")[0];
            if (texts.containsKey(id)) {
                String count = line.split("\t")[1].replace(">=", "");
                files.put("rules/" + id + ".yml", texts.get(id));
                files.put("regression_data/" + id + "/info.yml", info(id, Integer.parseInt(count)));
                files.put(
                        "regression_data/" + id + "/" + id + ".json",
                        Files.readString(REGRESSION.resolve(id + ".json")));
                expected++;
            }
        }
        importPack("published", files);

        AttackCoverage coverage = cover();

        assertThat(expected).isGreaterThan(80);
        assertThat(reported(coverage, UncountedReason.UNCOUNTED_REASON_PROOF_FAILED))
                .noneMatch(name -> name.startsWith("rules/published/"));
        assertThat(reported(coverage, UncountedReason.UNCOUNTED_REASON_UNPROVEN))
                .noneMatch(name -> name.startsWith("rules/published/"));
    }

    private static Map<String, String> rulesById() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(RULES)) {
            for (Path path : paths.filter(file -> file.toString().endsWith(".yml")).toList()) {
                String text = Files.readString(path);
                text.lines()
                        .filter(line -> line.startsWith("id: "))
                        .findFirst()
                        .ifPresent(line -> texts.put(line.substring(4).strip(), text));
            }
        }
        return texts;
    }

    private AttackCoverages coverages() {
        var inventory = rules.inventory();
        return new AttackCoverages(
                inventory,
                new RuleProofs(inventory, Clock.systemUTC()),
                canaries.rounds(),
                transactions,
                Clock.systemUTC());
    }

    private AttackCoverage cover() {
        return coverages().cover(WEEK);
    }

    private static List<String> names(AttackCoverage coverage) {
        return coverage.getTechniquesList().stream()
                .flatMap(technique -> technique.getRulesList().stream())
                .map(CoveringRule::getName)
                .distinct()
                .sorted()
                .toList();
    }

    private static int uncounted(AttackCoverage coverage, UncountedReason reason) {
        return coverage.getUncountedList().stream()
                .filter(one -> one.getReason() == reason)
                .mapToInt(UncountedRules::getRuleCount)
                .sum();
    }

    private static List<String> reported(AttackCoverage coverage, UncountedReason reason) {
        return coverage.getUncountedList().stream()
                .filter(one -> one.getReason() == reason)
                .flatMap(one -> one.getNamesList().stream())
                .toList();
    }

    private static void arrives(EventKind kind, Instant when) {
        transactions.run(
                transaction -> SqlArrivals.saw(transaction.connection(), List.of(kind), when));
    }

    private static String id(int number) {
        return "5f0d9a4e-0000-4000-8000-%012d".formatted(number);
    }

    private static void addRule(Map<String, String> files, int number, String program) {
        files.put(
                "rules/windows/rule_" + number + ".yml",
                """
                title: Program %d runs
                id: %s
                tags: [attack.execution, attack.t1059.%03d]
                logsource: {product: windows, category: process_creation}
                detection:
                  selection:
                    Image|endswith: '\\%s'
                  condition: selection
                level: high
                """
                        .formatted(number, id(number), number, program));
    }

    private static void addData(
            Map<String, String> files, int number, String program, int expected) {
        String at = "regression_data/rules/windows/rule_" + number + "/";
        files.put(at + "info.yml", info(id(number), expected));
        files.put(
                at + id(number) + ".json",
                """
                {"Event": {
                  "System": {
                    "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}},
                    "EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational"},
                  "EventData": {"Image": "C:\\\\Temp\\\\%s", "CommandLine": "x"}}}
                """
                        .formatted(program));
    }

    private static String info(String id, int expected) {
        return """
        id: 00000000-0000-4000-8000-000000000000
        date: 2026-09-07
        rule_metadata:
            - id: %s
              title: Some rule
        regression_tests_info:
            - name: Positive Detection Test
              type: evtx
              provider: Microsoft-Windows-Sysmon
              match_count: %d
              path: regression_data/rules/windows/some_rule/%s.evtx
        """
                .formatted(id, expected, id);
    }

    private ImportRulePackResponse importPack(String pack, Map<String, String> files)
            throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        CompletableFuture<ImportRulePackResponse> answer = new CompletableFuture<>();
        StreamObserver<ImportRulePackRequest> upload =
                server.asyncStub()
                        .importRulePack(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(ImportRulePackResponse response) {
                                        answer.complete(response);
                                    }

                                    @Override
                                    public void onError(Throwable error) {
                                        answer.completeExceptionally(error);
                                    }

                                    @Override
                                    public void onCompleted() {
                                        answer.completeExceptionally(
                                                new IllegalStateException("no answer"));
                                    }
                                });
        upload.onNext(
                ImportRulePackRequest.newBuilder()
                        .setHeader(
                                ImportRulePackHeader.newBuilder()
                                        .setPack(pack)
                                        .setDefaultState(DeploymentState.DEPLOYMENT_STATE_ALERTING)
                                        .setRequestId(UUID.randomUUID().toString()))
                        .build());
        ByteString archive = ByteString.copyFrom(bytes.toByteArray());
        for (int from = 0; from < archive.size(); from += 128 << 10) {
            upload.onNext(
                    ImportRulePackRequest.newBuilder()
                            .setChunk(
                                    archive.substring(
                                            from, Math.min(archive.size(), from + (128 << 10))))
                            .build());
        }
        upload.onCompleted();
        return answer.get(60, TimeUnit.SECONDS);
    }

    private void deploy(String rule, DeploymentState state) {
        String etag =
                server.stub()
                        .getRule(
                                dev.yagura.proto.detection.v1.GetRuleRequest.newBuilder()
                                        .setName(rule)
                                        .build())
                        .getDeployment()
                        .getEtag();
        server.stub()
                .updateRuleDeployment(
                        UpdateRuleDeploymentRequest.newBuilder()
                                .setDeployment(
                                        RuleDeployment.newBuilder()
                                                .setName(rule + "/deployment")
                                                .setState(state)
                                                .setReason("test")
                                                .setEtag(etag))
                                .setRequestId(UUID.randomUUID().toString())
                                .build());
        Await.until(
                () ->
                        rules.inventory().rules().stream()
                                .filter(listed -> listed.rule().name().equals(rule))
                                .anyMatch(
                                        dev.yagura.detection.rule.RuleInventory.Listed::isAlerting),
                alerting -> alerting == (state == DeploymentState.DEPLOYMENT_STATE_ALERTING));
    }

    private static KeptEvents noEvents() {
        return (limits, visitor) -> new KeptEvents.Extent(0, 0, "");
    }
}
