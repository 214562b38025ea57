package dev.yagura.response.playbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.evidence.EvidenceChain;
import dev.yagura.common.evidence.EvidenceLink;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.Reach;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.EvidenceEntry;
import dev.yagura.proto.response.v1.EvidenceRecord;
import dev.yagura.proto.response.v1.ExportEvidenceRequest;
import dev.yagura.proto.response.v1.ListActionsRequest;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.response.TestService;
import dev.yagura.response.action.ActionCatalog;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.evidence.Replay;
import jakarta.enterprise.inject.spi.CDI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes that die with a run, on the real store; this test stands for each of them. */
class InterruptedRunTest {
    @RegisterExtension
    static final TestService SERVICE =
            // Its own processes look once, at the start.
            TestService.withoutRole(
                    Map.of(
                            "yagura.response.playbook.poll", "PT1H",
                            "yagura.response.action.poll", "PT1H"));

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final PlaybookSpec SPEC =
            PlaybookSource.read(
                    """
                    id: demo
                    title: For tests
                    steps:
                      - id: both
                        parallel:
                          - steps:
                              - id: left
                                action: isolate_instance
                                approval: true
                          - steps:
                              - id: right
                                action: snapshot_instance
                                approval: true
                    """);

    private static final PlaybookSpec LIST =
            PlaybookSource.read(
                    """
                    id: demo
                    title: For tests
                    steps:
                      - id: each
                        for_each: "[incident.asset] + incident.reach.assets"
                        action: isolate_instance
                        approval: true
                    """);

    @BeforeEach
    void nothingHasHappened() {
        SERVICE.postgres().execute("DELETE FROM playbook_run");
        SERVICE.postgres().execute("DELETE FROM action");
    }

    @Test
    void whatAProcessThatDiedAskedForIsAskedForOnce() {
        UUID id = start();
        PlaybookStore.Lease dead = store().claim(LEASE).orElseThrow();
        PlaybookRun forgotten = advanced(id);
        assertThat(actions()).hasSize(2);
        assertThat(store().claim(LEASE)).as("it is leased").isEmpty();

        endLeases();
        PlaybookStore.Lease next = store().claim(LEASE).orElseThrow();
        assertThat(next.id()).isEqualTo(id);
        assertThat(store().put(dead, forgotten, Duration.ZERO)).as("too late").isFalse();
        assertThat(store().put(next, advanced(id), Duration.ofHours(1))).isTrue();

        assertThat(actions())
                .hasSize(2)
                .allMatch(action -> action.getPlaybookRun().equals(run(id).getName()));
        assertThat(run(id).getStepsList())
                .flatExtracting(step -> step.getActionsList())
                .containsExactlyInAnyOrderElementsOf(
                        actions().stream().map(Action::getName).toList());
        assertThat(store().claim(LEASE)).as("not due").isEmpty();
    }

    @Test
    void whatIsAskedForWhileItIsCancelledIsCancelledToo() {
        UUID id = start();
        PlaybookStore.Lease lease = store().claim(LEASE).orElseThrow();
        PlaybookRun after = advanced(id);
        cancel(id);
        assertThat(store().claim(LEASE)).as("whoever has it knows more").isEmpty();

        assertThat(store().put(lease, after, Duration.ofHours(1))).isTrue();
        end(id);

        assertThat(run(id).getStateReason()).isEqualTo("cancelled by token-1: a drill");
    }

    @Test
    void whatADeadProcessAskedForIsFoundWhenTheRunIsCancelled() {
        UUID id = start();
        assertThat(store().claim(LEASE)).isPresent();
        advanced(id);
        cancel(id);
        endLeases();

        end(id);
    }

    /**
     * Of a list whatever is forgotten is the same: before it is kept, and before its actions are.
     */
    @Test
    void anElementIsAskedForOnceWhoeverDies() {
        UUID id = start(LIST);
        PlaybookStore.Lease dead = store().claim(LEASE).orElseThrow();
        PlaybookRun list = advanced(id);
        assertThat(actions()).isEmpty();
        endLeases();
        PlaybookStore.Lease next = store().claim(LEASE).orElseThrow();
        assertThat(store().put(dead, list, Duration.ZERO)).as("too late").isFalse();
        assertThat(store().put(next, advanced(id), Duration.ZERO)).isTrue();

        assertThat(store().claim(LEASE)).isPresent();
        advanced(id);
        assertThat(actions()).hasSize(2);
        endLeases();
        next = store().claim(LEASE).orElseThrow();
        assertThat(store().put(next, advanced(id), Duration.ZERO)).isTrue();

        assertThat(actions()).hasSize(2);
        assertThat(run(id).getSteps(0).getElementsList())
                .extracting(StepRun::getElement)
                .containsExactly(TestService.WEB, TestService.DB);
        assertThat(run(id).getSteps(0).getElementsList())
                .flatExtracting(element -> element.getActionsList())
                .containsExactlyInAnyOrderElementsOf(
                        actions().stream().map(Action::getName).toList());
        cancel(id);
        end(id);
    }

    @Test
    void everyDecisionIsInTheChainOrDidNotHappen() {
        UUID id = start(LIST);
        PlaybookStore.Lease lease = store().claim(LEASE).orElseThrow();
        assertThat(store().put(lease, advanced(id), Duration.ZERO)).isTrue();
        PlaybookStore.Lease next = store().claim(LEASE).orElseThrow();
        PlaybookRun asked = advanced(id);
        PlaybookRun before = run(id);
        String role = SERVICE.postgres().config().runtime().user();
        SERVICE.postgres().execute("REVOKE INSERT ON evidence FROM \"" + role + "\"");
        try {
            assertThatThrownBy(() -> store().put(next, asked, Duration.ZERO))
                    .hasStackTraceContaining("evidence");
        } finally {
            SERVICE.postgres().execute("GRANT INSERT ON evidence TO \"" + role + "\"");
        }
        assertThat(run(id)).isEqualTo(before);
        assertThat(store().put(next, asked, Duration.ZERO)).isTrue();
        cancel(id);
        end(id);

        String name = run(id).getName();
        List<EvidenceEntry> entries =
                evidence(ExportEvidenceRequest.newBuilder().setPlaybookRun(name));
        assertThat(entries)
                .allMatch(entry -> entry.getPlaybookRun().equals(name))
                .allMatch(entry -> entry.getAccountId().equals(TestService.TOKYO.getAccountId()))
                .extracting(entry -> entry.getEvent().name().replace("EVIDENCE_EVENT_RUN_", ""))
                .containsExactly(
                        "STARTED",
                        "STEP_BEGUN",
                        "LIST_FIXED",
                        "ACTION_ORDERED",
                        "ACTION_ORDERED",
                        "CANCEL_REQUESTED",
                        "STEP_ENDED",
                        "STEP_ENDED",
                        "STEP_ENDED",
                        "ENDED");
        assertThat(entries.stream().map(entry -> entry.getRun().getAction()))
                .containsAll(actions().stream().map(Action::getName).toList());
        assertThat(evidence(ExportEvidenceRequest.newBuilder())).hasSizeGreaterThan(entries.size());
        assertThatThrownBy(() ->
                        SERVICE.evidenceOf(Set.of("999988887777"))
                                .exportEvidence(
                                        ExportEvidenceRequest.newBuilder()
                                                .setPlaybookRun(name)
                                                .build())
                                .next())
                .hasMessageContaining("NOT_FOUND");
    }

    /** What is shown of a chain that holds. */
    private static List<EvidenceEntry> evidence(ExportEvidenceRequest.Builder request) {
        EvidenceChain chain = new EvidenceChain(List.of());
        List<EvidenceEntry> entries = new ArrayList<>();
        SERVICE.evidenceOf(Set.of())
                .exportEvidence(request.build())
                .forEachRemaining(response -> {
                    EvidenceRecord record = response.getRecord();
                    if (record.getRecord().isEmpty()) {
                        chain.add(
                                EvidenceLink.withheld(
                                        record.getNumber(),
                                        record.getPreviousHash(),
                                        record.getRecordHash(),
                                        record.getHash()));
                    } else {
                        chain.add(
                                EvidenceLink.whole(
                                        record.getNumber(),
                                        record.getPreviousHash(),
                                        record.getRecord(),
                                        record.getHash(),
                                        record.getPlaybookRun()));
                        entries.add(Replay.entry(record.getRecord()));
                    }
                });
        assertThat(chain.end().problem()).isEmpty();
        return entries;
    }

    private static void cancel(UUID id) {
        store().change(
                        id,
                        run ->
                                run.toBuilder()
                                        .setState(PlaybookRunState.PLAYBOOK_RUN_STATE_CANCELLING)
                                        .setStateReason("cancelled by token-1: a drill")
                                        .build());
    }

    private static void end(UUID id) {
        PlaybookStore.Lease lease = store().claim(LEASE).orElseThrow();
        assertThat(store().put(lease, advanced(id), Duration.ZERO)).isTrue();

        assertThat(run(id).getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_CANCELLED);
        assertThat(store().claim(LEASE)).isEmpty();
        assertThat(actions())
                .hasSize(2)
                .allMatch(action -> action.getState() == ActionState.ACTION_STATE_CANCELLED);
    }

    private static UUID start() {
        return start(SPEC);
    }

    private static UUID start(PlaybookSpec spec) {
        UUID id = UUID.randomUUID();
        Incident incident =
                Incident.newBuilder()
                        .setName(ResourceName.of("incidents", UUID.randomUUID()))
                        .setAsset(host(TestService.WEB))
                        .setReach(
                                Reach.newBuilder()
                                        .addAssets(host(TestService.WEB))
                                        .addAssets(host(TestService.DB)))
                        .build();
        PlaybookRun run =
                PlaybookRun.newBuilder()
                        .setName(ResourceName.of(PlaybookCatalog.RUNS, id))
                        .setPlaybook("playbooks/demo")
                        .setVersion(1)
                        .setSpec(spec)
                        .setIncident(incident.getName())
                        .setSnapshot(incident)
                        .setState(PlaybookRunState.PLAYBOOK_RUN_STATE_RUNNING)
                        .setReason("seen")
                        .setStartedBy("token-1")
                        .addAllSteps(RunAdvance.pending(spec.getStepsList()))
                        .setDueTime(SavedTime.of(Instant.now().plus(LEASE)))
                        .build();
        assertThat(store().start(run, id, UUID.randomUUID(), "content"))
                .isEqualTo(PlaybookStore.Start.STARTED);
        return id;
    }

    private static AssetSnapshot host(String instance) {
        return AssetSnapshot.newBuilder()
                .setScope(TestService.TOKYO)
                .setInstanceId(instance)
                .build();
    }

    private static PlaybookRun advanced(UUID id) {
        ActionCatalog catalog = CDI.current().select(ActionCatalog.class).get();
        return new RunAdvance(run(id), new CatalogActions(catalog), Clock.systemUTC()).go();
    }

    private static PlaybookStore store() {
        return CDI.current().select(PlaybookStore.class).get();
    }

    private static PlaybookRun run(UUID id) {
        return store().run(id).orElseThrow();
    }

    private static void endLeases() {
        SERVICE.postgres()
                .execute("UPDATE playbook_run SET lease_until = now() - interval '1 second'");
    }

    private static List<Action> actions() {
        return SERVICE.actions()
                .listActions(ListActionsRequest.getDefaultInstance())
                .getActionsList();
    }
}
