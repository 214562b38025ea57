package dev.yagura.response.action;

import static dev.yagura.response.action.TestEvidence.export;
import static dev.yagura.response.action.TestEvidence.name;
import static dev.yagura.response.action.TestEvidence.request;
import static dev.yagura.response.action.TestEvidence.story;
import static dev.yagura.response.action.TestEvidence.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.evidence.EvidenceLink.Head;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.Ids;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionFilter;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.EvidenceEntry;
import dev.yagura.proto.response.v1.EvidenceRecord;
import dev.yagura.proto.response.v1.ExportEvidenceRequest;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.proto.type.v1.PrincipalKind;
import dev.yagura.proto.type.v1.Role;
import dev.yagura.response.TestService;
import dev.yagura.response.evidence.Replay;
import jakarta.enterprise.inject.spi.CDI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The proof that actions leave, and who can take it away. */
class EvidenceTest {
    @RegisterExtension static final IdleService IDLE = IdleService.with(Map.of());

    private static final TestService SERVICE = IDLE.service();

    private static final TestEvidence EVIDENCE = new TestEvidence(SERVICE);
    private static final String ACCOUNT = TestService.TOKYO.getAccountId();
    private static final int ACTIONS = 12;
    private static final int RUNNERS = 4;
    private static final int WRITES = 8;

    private static final Principal APPROVER =
            new Principal(
                    PrincipalKind.PRINCIPAL_KIND_USER,
                    "token-2",
                    "Aoi",
                    Role.ROLE_RESPONDER,
                    Set.of(),
                    Optional.empty(),
                    null);

    @BeforeEach
    void noEvidence() {
        SERVICE.postgres().execute("TRUNCATE evidence");
        EVIDENCE.setHead(Head.EMPTY);
    }

    @Test
    void tellsTheWholeStoryInOrder() {
        UUID id = isolateAndRelease();

        List<EvidenceEntry> entries = Replay.entries(SERVICE.postgres().dataSource(), id);
        List<String> story = new ArrayList<>(story(entries));
        // Planned again when more than a second has passed since.
        int running = story.indexOf("RUNNING");
        if (story.get(running + 1).equals("PLANNED")) {
            story.remove(running + 1);
        }
        assertThat(story)
                .containsExactly(
                        "REQUESTED",
                        "PLANNED",
                        "PROPOSED",
                        "PLANNED",
                        "APPROVED",
                        "RUNNING",
                        "STATE_SAVED",
                        "STATE_SAVED",
                        "7 calls",
                        "VERIFYING",
                        "VERIFIED",
                        "SUCCEEDED",
                        "UNDO_REQUESTED",
                        "4 calls",
                        "VERIFIED",
                        "1 calls",
                        "UNDONE");
        assertThat(entries)
                .filteredOn(each -> name(each).equals("APPROVED"))
                .singleElement()
                .satisfies(each ->
                        assertThat(each.getChange().getTransitions(0).getActor())
                                .isEqualTo("token-2"));
        assertThat(entries)
                .filteredOn(each -> name(each).equals("CALL_ANSWERED"))
                .hasSize(12)
                .allSatisfy(each ->
                        assertThat(each.getChange().getCalls(0).getAwsRequestId()).isNotEmpty());
        assertThat(entries.getLast().getChange().getState())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertReplayed(id);
        assertThat(EVIDENCE.verify(EVIDENCE.head())).isEmpty();
    }

    @Test
    void aRejectionSaysWhoAndWhy() {
        UUID id = propose();

        IDLE.catalog().reject(id, "known test", APPROVER);

        EvidenceEntry rejected = Replay.entries(SERVICE.postgres().dataSource(), id).getLast();
        assertThat(name(rejected)).isEqualTo("REJECTED");
        assertThat(rejected.getChange().getTransitions(0).getActor()).isEqualTo("token-2");
        assertThat(rejected.getChange().getTransitions(0).getReason()).isEqualTo("known test");
        assertReplayed(id);
    }

    @Test
    void noActionWithoutItsRecord() {
        SERVICE.postgres().execute("REVOKE INSERT ON evidence FROM " + runtimeRole());
        try {
            assertThatThrownBy(EvidenceTest::propose).hasStackTraceContaining("evidence");
        } finally {
            SERVICE.postgres().execute("GRANT INSERT ON evidence TO " + runtimeRole());
        }

        assertThat(IDLE.store().list(ActionFilter.getDefaultInstance(), Set.of(), null, 10))
                .isEmpty();
        assertThat(EVIDENCE.head()).isEqualTo(Head.EMPTY);
    }

    @Test
    void noRecordWithoutItsAction() {
        UUID id = propose();
        Head before = EVIDENCE.head();
        SERVICE.postgres().execute("REVOKE UPDATE ON feed_head FROM " + runtimeRole());
        try {
            assertThatThrownBy(() -> IDLE.catalog().reject(id, "known test", APPROVER))
                    .hasStackTraceContaining("feed_head");
        } finally {
            SERVICE.postgres().execute("GRANT UPDATE ON feed_head TO " + runtimeRole());
        }

        assertThat(EVIDENCE.head()).isEqualTo(before);
        assertThat(EVIDENCE.records("")).hasSize((int) before.number());
        IDLE.catalog().reject(id, "known test", APPROVER);
        assertReplayed(id);
        assertThat(EVIDENCE.verify(EVIDENCE.head())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE evidence SET account_id = ''",
                "DELETE FROM evidence",
                "TRUNCATE evidence",
                "DELETE FROM evidence_head",
                "INSERT INTO evidence_head (only_row, number, hash) VALUES (true, 0, '')"
            })
    void theRunningServiceTakesNothingBack(String statement) throws SQLException {
        try (Connection connection = SERVICE.postgres().dataSource().getConnection();
                Statement sql = connection.createStatement()) {
            assertThatThrownBy(() -> sql.execute(statement))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getSQLState()).isEqualTo("42501"));
        }
    }

    @Test
    void runnersAtTheSameTimeKeepTheChainDense() throws Exception {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < ACTIONS; i++) {
            ids.add(insertInAVpcOfItsOwn(i));
        }
        try (ExecutorService runners = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < RUNNERS; i++) {
                running.add(runners.submit(EvidenceTest::writeWhileThereIsWork));
            }
            for (Future<?> each : running) {
                each.get(60, TimeUnit.SECONDS);
            }
        }

        assertThat(EVIDENCE.verify(EVIDENCE.head())).isEmpty();
        assertThat(EVIDENCE.head().number()).isEqualTo(ACTIONS * (2 + 1 + WRITES + 1));
        assertThat(ids).allSatisfy(EvidenceTest::assertReplayed);
    }

    @Test
    void namesARecordThatTheOwnerOfTheTablesAltered() {
        isolateAndRelease();
        String altered =
                "convert_to(replace(convert_from(record, 'UTF8'), 'beacon', 'test'), 'UTF8')";
        assertThatThrownBy(() ->
                        SERVICE.postgres()
                                .execute(
                                        "UPDATE evidence SET record = %s WHERE number = 1"
                                                .formatted(altered)))
                .hasStackTraceContaining("evidence_hash_fits");

        SERVICE.postgres()
                .execute(
                        """
                        UPDATE evidence SET record = %1$s, hash = sha256('yagura.evidence.v1\\000'::bytea
                            || int8send(number) || previous_hash || sha256(%1$s)) WHERE number = 1
                        """
                                .formatted(altered));

        assertThat(EVIDENCE.verify(EVIDENCE.head()))
                .hasValueSatisfying(problem ->
                        assertThat(problem.toString())
                                .startsWith("record 1 ")
                                .contains("replaced"));
    }

    @Test
    void namesARecordThatTheOwnerOfTheTablesDeleted() {
        isolateAndRelease();
        SERVICE.postgres().execute("DELETE FROM evidence WHERE number = 5");

        assertThat(EVIDENCE.verify(EVIDENCE.head()))
                .hasValueSatisfying(problem ->
                        assertThat(problem.toString()).startsWith("record 5 is missing"));
    }

    @Test
    void aTailThatTheOwnerCutIsSeenByTheHeadThatWasWrittenDown() {
        isolateAndRelease();
        Head noted = EVIDENCE.head();
        SERVICE.postgres().execute("DELETE FROM evidence WHERE number > 10");
        assertThat(EVIDENCE.verify(EVIDENCE.head()))
                .as("the service's own head is further on")
                .isPresent();
        EvidenceRecord last = EVIDENCE.records("").getLast();
        EVIDENCE.setHead(new Head(last.getNumber(), last.getHash()));

        assertThat(EVIDENCE.verify(EVIDENCE.head())).isEmpty();
        assertThat(EVIDENCE.verify(noted))
                .hasValueSatisfying(problem -> assertThat(problem.number()).isEqualTo(11));
    }

    @Test
    void whoSeesSomeAccountsGetsTheContentOfTheirActionsOnly() {
        UUID other = insertInAVpcOfItsOwn(1);
        UUID own = propose();
        String name = ResourceName.of("actions", own);
        var evidence = SERVICE.evidenceOf(Set.of(ACCOUNT));

        assertThatThrownBy(() -> export(evidence.exportEvidence(request(""))))
                .hasMessageContaining("PERMISSION_DENIED")
                .hasMessageContaining("name an action of yours");
        assertThatThrownBy(() ->
                        export(
                                SERVICE.evidenceOf(Set.of("999900001111"))
                                        .exportEvidence(request(name))))
                .hasMessageContaining("NOT_FOUND");
        assertThatThrownBy(() ->
                        export(evidence.exportEvidence(request(ResourceName.of("actions", other)))))
                .hasMessageContaining("NOT_FOUND");

        List<EvidenceRecord> records = export(evidence.exportEvidence(request(name)));
        assertThat(verify(records, EVIDENCE.head())).isEmpty();
        assertThat(records)
                .filteredOn(each -> !each.getRecord().isEmpty())
                .hasSize(Replay.entries(SERVICE.postgres().dataSource(), own).size())
                .allMatch(each -> each.getAction().equals(name));
        assertThat(records)
                .filteredOn(each -> each.getRecord().isEmpty())
                .isNotEmpty()
                .allMatch(each -> each.getAction().isEmpty() && each.getAccountId().isEmpty());
    }

    @Test
    void anExportGoesOnAfterAnEarlierOne() {
        propose();
        List<EvidenceRecord> all = EVIDENCE.records("");

        List<EvidenceRecord> rest =
                export(
                        SERVICE.evidenceOf(Set.of())
                                .exportEvidence(
                                        ExportEvidenceRequest.newBuilder().setAfter(2).build()));

        assertThat(rest).isEqualTo(all.subList(2, all.size()));
        assertThatThrownBy(() ->
                        export(
                                SERVICE.evidenceOf(Set.of())
                                        .exportEvidence(
                                                ExportEvidenceRequest.newBuilder()
                                                        .setAfter(-1)
                                                        .build())))
                .hasMessageContaining("after");
    }

    private static UUID isolateAndRelease() {
        UUID id = propose();
        IDLE.catalog().approve(id, Set.of(), APPROVER);
        runToTheEnd();
        IDLE.catalog().undo(id, "clean", APPROVER);
        runToTheEnd();
        assertThat(IDLE.store().find(id).orElseThrow().getState())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        return id;
    }

    private static UUID propose() {
        IDLE.catalog()
                .propose(
                        new ActionCatalog.Order(
                                ActionKind.ACTION_KIND_ISOLATE_INSTANCE,
                                TestService.target(TestService.APP),
                                "beacon",
                                ""),
                        UUID.randomUUID(),
                        Set.of());
        String name =
                IDLE.store()
                        .list(ActionFilter.getDefaultInstance(), Set.of(), null, 1)
                        .getFirst()
                        .getName();
        return ResourceName.parse("actions", name);
    }

    private static void runToTheEnd() {
        ActionRunner runner =
                new ActionRunner(IDLE.runs(), IDLE.procedures(), IDLE.config(), Clock.systemUTC());
        Optional<RunStore.Lease> lease = runner.take();
        while (lease.isPresent()) {
            runner.run(lease.get());
            lease = runner.take();
        }
    }

    /** In another account. */
    private static UUID insertInAVpcOfItsOwn(int number) {
        UUID id = CDI.current().select(Ids.class).get().v7();
        Action requested =
                Action.newBuilder()
                        .setName(ResourceName.of("actions", id))
                        .setTarget(
                                TestService.target("i-%017x".formatted(number)).toBuilder()
                                        .setScope(
                                                TestService.TOKYO.toBuilder()
                                                        .setAccountId("444455556666")))
                        .setReason("many at once")
                        .build();
        Action approved =
                ActionLifecycle.move(
                        requested,
                        ActionState.ACTION_STATE_APPROVED,
                        "asked for",
                        "token-1",
                        Clock.systemUTC().instant());
        ActionStore.Insertion inserted =
                IDLE.store()
                        .insert(
                                new ActionStore.NewAction(
                                        id,
                                        approved,
                                        "vpc-" + number,
                                        null,
                                        "digest",
                                        null,
                                        0,
                                        Duration.ofHours(1)));
        assertThat(inserted.claim()).isEqualTo(ActionStore.Claim.TAKEN);
        return id;
    }

    private static void writeWhileThereIsWork() {
        Optional<RunStore.Lease> lease = IDLE.runs().claim(Duration.ofMinutes(5));
        while (lease.isPresent()) {
            RunStore.Lease taken = lease.get();
            ActionRun run =
                    new ActionRun(
                            IDLE.runs(),
                            new Sections(IDLE.runs(), Clock.systemUTC()),
                            taken,
                            IDLE.runs().read(taken),
                            Duration.ofMinutes(5),
                            Clock.systemUTC());
            run.start();
            for (int i = 0; i < WRITES; i++) {
                run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, false, "look " + i);
            }
            run.finish(ActionState.ACTION_STATE_FAILED, "enough", false);
            lease = IDLE.runs().claim(Duration.ofMinutes(5));
        }
    }

    private static void assertReplayed(UUID id) {
        assertThat(Replay.of(Replay.entries(SERVICE.postgres().dataSource(), id)))
                .isEqualTo(Replay.comparable(IDLE.store().find(id).orElseThrow()));
    }

    private static String runtimeRole() {
        return '"' + SERVICE.postgres().config().runtime().user() + '"';
    }
}
