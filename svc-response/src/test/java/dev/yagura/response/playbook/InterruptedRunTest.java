package dev.yagura.response.playbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.Reach;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ListActionsRequest;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.response.TestService;
import dev.yagura.response.action.ActionCatalog;
import dev.yagura.response.aws.SavedTime;
import jakarta.enterprise.inject.spi.CDI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
