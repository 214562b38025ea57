package dev.yagura.response.playbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.proto.response.v1.StateTransition;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.proto.response.v1.StepState;
import dev.yagura.response.TestService;
import dev.yagura.response.action.ActionCatalog;
import dev.yagura.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a run goes on; actions are decided by the test. */
class RunAdvanceTest {
    private static final Instant START = Instant.parse("2026-11-01T10:00:00Z");
    private static final String STEPS =
            """
            id: demo
            title: For tests
            timeout: PT2H
            steps:
              - id: first
                action: isolate_instance
                retries: 1
              - id: both
                parallel:
                  - steps:
                      - id: left
                        action: snapshot_instance
                      - id: left_after
                        when: steps.left == 'succeeded'
                        action: contain_role_session
                  - steps:
                      - id: right
                        action: isolate_host
                        on_failure: continue
              - id: last
                when: steps.right == 'failed'
                action: contain_role_session
                with:
                  instance_id: "'i-' + incident.asset.hostname"
            """;

    private final SettableClock clock = new SettableClock(START);
    private final DecidedActions actions = new DecidedActions();
    private PlaybookRun run = started(STEPS);

    /** Actions that are in the state that the test gives them, by kind; each request has one. */
    private static final class DecidedActions implements StepActions {
        private final Map<UUID, Action> byRequest = new LinkedHashMap<>();
        private final Map<ActionKind, ActionState> decided = new HashMap<>();
        private final Map<ActionKind, RuntimeException> refused = new HashMap<>();
        private final Map<String, String> undoneBy = new HashMap<>();
        private boolean isReversible = true;
        private String undoer = StepActions.ACTOR;
        private ActionState undone = ActionState.ACTION_STATE_UNDONE;

        @Override
        public Action create(PlaybookRun run, ActionCatalog.Order order, UUID requestId) {
            if (refused.containsKey(order.kind())) {
                throw Objects.requireNonNull(refused.get(order.kind()));
            }
            return byRequest.computeIfAbsent(
                    requestId,
                    id ->
                            Action.newBuilder()
                                    .setName("actions/" + id)
                                    .setKind(order.kind())
                                    .setTarget(order.target())
                                    .setPlaybookRun(order.playbookRun())
                                    .setState(ActionState.ACTION_STATE_APPROVED)
                                    .build());
        }

        @Override
        public Optional<Action> find(UUID requestId) {
            return Optional.ofNullable(byRequest.get(requestId));
        }

        @Override
        public Action read(String name) {
            Action.Builder action = find(name).toBuilder().setStateReason("as the test wants");
            if (undoneBy.containsKey(name)) {
                return action.setState(undone)
                        .addTransitions(
                                StateTransition.newBuilder()
                                        .setTo(ActionState.ACTION_STATE_UNDOING)
                                        .setActor(undoneBy.get(name)))
                        .build();
            }
            return action.setState(
                            decided.getOrDefault(
                                    action.getKind(), ActionState.ACTION_STATE_RUNNING))
                    .build();
        }

        @Override
        public boolean undo(String name) {
            if (!isReversible) {
                return false;
            }
            undoneBy.put(name, undoer);
            return true;
        }

        @Override
        public void cancelIfNotBegun(String name, String reason) {
            decided.put(find(name).getKind(), ActionState.ACTION_STATE_CANCELLED);
        }

        private Action find(String name) {
            return byRequest.values().stream()
                    .filter(action -> action.getName().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        private List<ActionKind> kinds() {
            return byRequest.values().stream().map(Action::getKind).toList();
        }
    }

    @Test
    void goesFromStepToStepAndSkipsWhatIsNotFor() {
        go();
        assertThat(actions.kinds()).containsExactly(ActionKind.ACTION_KIND_ISOLATE_INSTANCE);
        assertThat(go()).isEqualTo(go());
        assertThat(step("first").getDetail()).isEqualTo("its action is running: as the test wants");

        decide(ActionKind.ACTION_KIND_ISOLATE_INSTANCE, ActionState.ACTION_STATE_SUCCEEDED);
        go();
        assertThat(actions.kinds())
                .containsExactly(
                        ActionKind.ACTION_KIND_ISOLATE_INSTANCE,
                        ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE,
                        ActionKind.ACTION_KIND_ISOLATE_HOST);

        decide(ActionKind.ACTION_KIND_ISOLATE_HOST, ActionState.ACTION_STATE_SUCCEEDED);
        decide(ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE, ActionState.ACTION_STATE_SUCCEEDED);
        decide(ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION, ActionState.ACTION_STATE_SUCCEEDED);
        go();
        go();

        assertThat(run.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED);
        assertThat(run.getStateReason()).isEqualTo("every step ended");
        assertThat(run.getStepsList())
                .extracting(StepRun::getStep)
                .containsExactly("first", "both", "left", "left_after", "right", "last");
        assertThat(step("last").getState()).isEqualTo(StepState.STEP_STATE_SKIPPED);
        assertThat(actions.byRequest.values())
                .allMatch(action -> action.getPlaybookRun().equals(run.getName()))
                .allMatch(
                        action -> action.getTarget().getInstanceId().equals("i-0123456789abcdef0"));
    }

    @Test
    void aFailureIsUndoneAndTriedAgainAndThenStopsTheRun() {
        decide(ActionKind.ACTION_KIND_ISOLATE_INSTANCE, ActionState.ACTION_STATE_FAILED);
        go();
        go();
        assertThat(actions.undoneBy).containsOnlyKeys(step("first").getActionsList());
        actions.undone = ActionState.ACTION_STATE_UNDOING;
        go();
        assertThat(step("first").getActionsList()).hasSize(1);
        actions.undone = ActionState.ACTION_STATE_UNDONE;
        go();
        assertThat(step("first").getActionsList()).hasSize(2).doesNotHaveDuplicates();
        go();

        assertThat(run.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_FAILED);
        assertThat(run.getStateReason()).isEqualTo("first failed: as the test wants");
        assertThat(step("left").getState()).isEqualTo(StepState.STEP_STATE_SKIPPED);
        assertThat(step("left").getDetail()).isEqualTo("the run ended first");
        assertThat(run.hasEndTime()).isTrue();
    }

    @Test
    void whatCannotBeUndoneIsTriedAgainAtOnce() {
        actions.isReversible = false;
        decide(ActionKind.ACTION_KIND_ISOLATE_INSTANCE, ActionState.ACTION_STATE_FAILED);
        go();
        go();

        assertThat(step("first").getActionsList()).hasSize(2);
    }

    @Test
    void whatAPersonUndoesOrCannotBeUndoneIsNotTriedAgain() {
        decide(ActionKind.ACTION_KIND_ISOLATE_INSTANCE, ActionState.ACTION_STATE_FAILED);
        actions.undoer = "token-1";
        go();
        go();
        go();
        assertThat(step("first").getDetail())
                .isEqualTo("its action was undone by a person before the step had ended");

        run = started(STEPS);
        actions.undoneBy.clear();
        actions.undoer = StepActions.ACTOR;
        actions.undone = ActionState.ACTION_STATE_UNDO_FAILED;
        go();
        go();
        go();
        assertThat(step("first").getDetail())
                .isEqualTo("its action is undo failed: as the test wants");
    }

    @Test
    void aFailureThatMayBeLeavesItsMark() {
        decide(ActionKind.ACTION_KIND_ISOLATE_INSTANCE, ActionState.ACTION_STATE_SUCCEEDED);
        decide(ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE, ActionState.ACTION_STATE_SUCCEEDED);
        decide(ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION, ActionState.ACTION_STATE_SUCCEEDED);
        actions.refused.put(
                ActionKind.ACTION_KIND_ISOLATE_HOST,
                new PreconditionFailedException("Systems Manager reaches it", "no agent"));
        for (int i = 0; i < 6; i++) {
            go();
        }

        assertThat(run.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED);
        assertThat(run.getStateReason())
                .isEqualTo(
                        "went on although right failed: refused: Systems Manager reaches it: no"
                                + " agent");
        assertThat(step("last").getState()).isEqualTo(StepState.STEP_STATE_SUCCEEDED);
        assertThat(actions.byRequest.values().stream().toList().getLast().getTarget())
                .satisfies(target ->
                        assertThat(target.getInstanceId()).isEqualTo("i-0123456789abcdef1"));
    }

    @Test
    void aBranchThatFailsLetsTheOthersEnd() {
        decide(ActionKind.ACTION_KIND_ISOLATE_INSTANCE, ActionState.ACTION_STATE_SUCCEEDED);
        decide(ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE, ActionState.ACTION_STATE_CANCELLED);
        go();
        go();
        go();
        assertThat(step("left").getState()).isEqualTo(StepState.STEP_STATE_FAILED);
        assertThat(run.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_RUNNING);

        decide(ActionKind.ACTION_KIND_ISOLATE_HOST, ActionState.ACTION_STATE_SUCCEEDED);
        go();

        assertThat(run.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_FAILED);
        assertThat(run.getStateReason())
                .isEqualTo("left failed: its action is cancelled: as the test wants");
        assertThat(step("left_after").getState()).isEqualTo(StepState.STEP_STATE_SKIPPED);
        assertThat(step("right").getState()).isEqualTo(StepState.STEP_STATE_SUCCEEDED);
    }

    @Test
    void whatIsLateFailsAndIsCancelledIfItHasNotBegun() {
        go();
        clock.set(START.plus(Duration.ofMinutes(31)));
        go();

        assertThat(step("first").getDetail()).contains("not done within PT30M");
        assertThat(run.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_FAILED);
        assertThat(actions.decided).containsValue(ActionState.ACTION_STATE_CANCELLED);
    }

    @Test
    void aRunThatIsLateEndsWithEverythingInIt() {
        clock.set(START.plus(Duration.ofMinutes(110)));
        go();
        clock.set(START.plus(Duration.ofMinutes(121)));
        go();

        assertThat(run.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_FAILED);
        assertThat(run.getStateReason()).isEqualTo("not done within PT2H");
        assertThat(step("first").getDetail()).isEqualTo("the run ended first");
        assertThat(actions.decided).containsValue(ActionState.ACTION_STATE_CANCELLED);
    }

    @Test
    void whatIsAwayIsAskedAgainUntilTheStepIsLate() {
        actions.refused.put(
                ActionKind.ACTION_KIND_ISOLATE_INSTANCE,
                new DependencyUnavailableException(
                        "AWS", Duration.ofSeconds(1), new IllegalStateException("away")));
        go();
        assertThat(step("first").getState()).isEqualTo(StepState.STEP_STATE_RUNNING);
        assertThat(step("first").getDetail()).startsWith("tried again: ");

        clock.set(START.plus(Duration.ofMinutes(30)));
        go();
        assertThat(step("first").getState()).isEqualTo(StepState.STEP_STATE_FAILED);
    }

    @Test
    void aConditionThatCannotBeToldFailsItsStep() {
        run =
                started(
                        """
                        id: demo
                        title: For tests
                        steps:
                          - id: only
                            when: incident.processes[3].pid == 1u
                            action: isolate_instance
                        """);
        go();

        assertThat(run.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_FAILED);
        assertThat(step("only").getDetail()).contains("3");
        assertThat(actions.byRequest).isEmpty();
    }

    @Test
    void aTargetThatIsNoneFailsItsStep() {
        run =
                started(
                        """
                        id: demo
                        title: For tests
                        steps:
                          - id: only
                            action: isolate_instance
                            with:
                              instance_id: incident.asset.hostname
                        """);
        go();

        assertThat(step("only").getDetail())
                .startsWith("refused: target.instance_id: is no EC2 instance id");
    }

    /** A process that dies before it stores what it did is one whose result is forgotten. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void whateverIsForgottenEveryStepIsDoneOnce(long seed) {
        Random random = new Random(seed);
        List<ActionKind> kinds =
                List.of(
                        ActionKind.ACTION_KIND_ISOLATE_INSTANCE,
                        ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE,
                        ActionKind.ACTION_KIND_ISOLATE_HOST,
                        ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION);
        for (int i = 0; i < 200; i++) {
            PlaybookRun after = new RunAdvance(run, actions, clock).go();
            if (random.nextInt(4) > 0) {
                run = after;
            }
            decide(kinds.get(random.nextInt(kinds.size())), ActionState.ACTION_STATE_SUCCEEDED);
        }

        assertThat(run.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED);
        assertThat(actions.kinds()).containsExactlyInAnyOrderElementsOf(kinds);
    }

    private PlaybookRun go() {
        run = new RunAdvance(run, actions, clock).go();
        return run;
    }

    private void decide(ActionKind kind, ActionState state) {
        actions.decided.put(kind, state);
    }

    private StepRun step(String id) {
        return run.getStepsList().stream()
                .filter(step -> step.getStep().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static PlaybookRun started(String source) {
        PlaybookSpec spec = PlaybookSource.read(source);
        return PlaybookRun.newBuilder()
                .setName("playbookRuns/0198c0de-0000-7000-8000-000000000001")
                .setSpec(spec)
                .setState(PlaybookRunState.PLAYBOOK_RUN_STATE_RUNNING)
                .setSnapshot(
                        Incident.newBuilder()
                                .setSeverity(Severity.SEVERITY_HIGH)
                                .setAsset(
                                        AssetSnapshot.newBuilder()
                                                .setHostname("0123456789abcdef1")
                                                .setScope(TestService.TOKYO)
                                                .setInstanceId("i-0123456789abcdef0")))
                .addAllSteps(RunAdvance.pending(spec.getStepsList()))
                .setDueTime(
                        Timestamp.newBuilder()
                                .setSeconds(START.plus(Timeouts.of(spec)).getEpochSecond()))
                .build();
    }
}
