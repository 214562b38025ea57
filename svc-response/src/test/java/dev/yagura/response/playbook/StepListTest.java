package dev.yagura.response.playbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.Reach;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.proto.response.v1.StepState;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.TestService;
import dev.yagura.response.action.ActionCatalog;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step over a list: an action for each element, whoever dies meanwhile. */
class StepListTest {
    private static final Instant START = Instant.parse("2026-11-01T10:00:00Z");
    private static final Scope OSAKA =
            TestService.TOKYO.toBuilder().setRegion("ap-northeast-3").build();
    private static final Scope FOREIGN =
            TestService.TOKYO.toBuilder().setAccountId("444455556666").build();

    private static final String STEPS =
            """
            id: demo
            title: For tests
            steps:
              - id: cut
                for_each: "[incident.asset] + incident.reach.assets"
                at_once: 2
                retries: 1
                action: isolate_instance
                on_failure: continue
              - id: after
                when: steps.cut == 'failed'
                action: snapshot_instance
            """;

    private final SettableClock clock = new SettableClock(START);
    private final Hosts hosts = new Hosts();
    private PlaybookRun run = started(STEPS, "1", "2", "3", "4");

    /** Actions that go as the test says for their instance; asked for by several threads. */
    private static final class Hosts implements StepActions {
        private final Map<UUID, Action> byRequest = new LinkedHashMap<>();
        private final Map<String, ActionState> states = new HashMap<>();
        private final Set<String> refused = new HashSet<>();
        private final List<String> undone = new ArrayList<>();

        @Override
        public synchronized Action create(
                PlaybookRun run, ActionCatalog.Order order, UUID requestId) {
            if (refused.contains(order.target().getInstanceId())) {
                throw new PreconditionFailedException("guard", "it is protected");
            }
            return byRequest.computeIfAbsent(
                    requestId,
                    id ->
                            Action.newBuilder()
                                    .setName("actions/" + id)
                                    .setKind(order.kind())
                                    .setTarget(order.target())
                                    .setReason(order.reason())
                                    .setState(ActionState.ACTION_STATE_APPROVED)
                                    .build());
        }

        @Override
        public synchronized Optional<Action> find(UUID requestId) {
            return Optional.ofNullable(byRequest.get(requestId));
        }

        @Override
        public synchronized Action read(String name) {
            Action action =
                    byRequest.values().stream()
                            .filter(each -> each.getName().equals(name))
                            .findFirst()
                            .orElseThrow();
            return action.toBuilder()
                    .setState(
                            undone.contains(name)
                                    ? ActionState.ACTION_STATE_UNDONE
                                    : states.getOrDefault(
                                            action.getTarget().getInstanceId(),
                                            ActionState.ACTION_STATE_RUNNING))
                    .setStateReason("as the test wants")
                    .build();
        }

        @Override
        public synchronized boolean undo(String name) {
            return undone.add(name);
        }

        @Override
        public synchronized void cancelIfNotBegun(String name, String reason) {
            states.put(read(name).getTarget().getInstanceId(), ActionState.ACTION_STATE_CANCELLED);
        }

        private List<String> asked() {
            return byRequest.values().stream()
                    .map(action -> action.getTarget().getInstanceId())
                    .toList();
        }
    }

    @Test
    void theListIsKeptBeforeAnythingIsAskedFor() {
        assertThat(go()).isTrue();
        assertThat(elements())
                .extracting(StepRun::getElement)
                .containsExactly(id("1"), id("2"), id("3"), id("4"));
        assertThat(hosts.asked()).isEmpty();

        // A host that is reached later is not in it, and one that is gone still is.
        run = run.toBuilder().setSnapshot(incident("9")).build();
        assertThat(go()).isFalse();
        assertThat(hosts.asked()).containsExactlyInAnyOrder(id("1"), id("2"));
        succeed("1", "2", "3", "4");
        end();

        assertThat(hosts.asked()).containsExactlyInAnyOrder(id("1"), id("2"), id("3"), id("4"));
        assertThat(step("cut").getState()).isEqualTo(StepState.STEP_STATE_SUCCEEDED);
        assertThat(step("cut").getDetail()).isEqualTo("every one of 4");
        assertThat(step("after").getState()).isEqualTo(StepState.STEP_STATE_SKIPPED);
        assertThat(hosts.byRequest.values())
                .allSatisfy(action ->
                        assertThat(action.getReason())
                                .endsWith("step cut, " + action.getTarget().getInstanceId() + ")"));
    }

    @Test
    void oneThatFailsIsTriedAgainAndLeavesTheOthersAlone() {
        hosts.states.put(id("2"), ActionState.ACTION_STATE_FAILED);
        succeed("1", "3");
        hosts.refused.add(id("4"));
        end();

        assertThat(step("cut").getState()).isEqualTo(StepState.STEP_STATE_FAILED);
        assertThat(step("cut").getDetail())
                .isEqualTo(
                        "2 of 4 failed: "
                                + id("2")
                                + ": as the test wants; "
                                + id("4")
                                + ": refused: guard: it is protected");
        assertThat(elements()).extracting(StepRun::getActionsCount).containsExactly(1, 2, 1, 0);
        assertThat(hosts.undone).containsExactly(elements().get(1).getActions(0));
        assertThat(hosts.asked()).contains(id("1"), id("3"));
        assertThat(step("after").getActionsCount()).isOne();
    }

    @Test
    void eachHasTheTimeOfTheStep() {
        run = started(STEPS.replace("at_once: 2", "at_once: 1\n    timeout: PT10M"), "1", "2");
        go();
        go();
        clock.set(START.plus(Duration.ofMinutes(10)));
        go();
        assertThat(elements().getFirst().getDetail()).contains("not done within PT10M");
        go();
        clock.set(START.plus(Duration.ofMinutes(15)));
        go();
        assertThat(elements().getLast().getState()).isEqualTo(StepState.STEP_STATE_RUNNING);
    }

    @Test
    void theEndOfARunCancelsWhatHasNotBegun() {
        go();
        go();
        PlaybookRun forgotten = run;
        succeed("1");
        go();
        assertThat(hosts.asked()).hasSize(3);
        // What was asked for after this was stored is found by its request.
        run =
                forgotten.toBuilder()
                        .setState(PlaybookRunState.PLAYBOOK_RUN_STATE_CANCELLING)
                        .build();
        go();

        assertThat(run.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_CANCELLED);
        assertThat(elements()).extracting(StepRun::getActionsCount).containsExactly(1, 1, 1, 0);
        assertThat(elements().getLast().getState()).isEqualTo(StepState.STEP_STATE_SKIPPED);
        assertThat(hosts.states.get(id("3"))).isEqualTo(ActionState.ACTION_STATE_CANCELLED);
    }

    /** A process that dies before it stores what it did is one whose result is forgotten. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverIsForgottenEachIsAskedForOnce(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            PlaybookRun after = new RunAdvance(run, hosts, clock).go();
            if (random.nextInt(4) > 0) {
                run = after;
            }
            succeed(Integer.toString(1 + random.nextInt(4)));
        }

        assertThat(run.getState()).isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED);
        assertThat(hosts.asked()).containsExactlyInAnyOrder(id("1"), id("2"), id("3"), id("4"));
    }

    @Test
    void aListIsOfTargetsAndBounded() throws Exception {
        Incident incident =
                incident("1", "2", "2").toBuilder()
                        .setReach(
                                incident("1", "2", "2").getReach().toBuilder()
                                        .addAssets(host("3").toBuilder().setScope(OSAKA))
                                        .addAssets(host("4").toBuilder().setScope(FOREIGN)))
                        .build();
        run = started(STEPS, "1").toBuilder().setSnapshot(incident).build();
        go();
        assertThat(elements())
                .extracting(StepRun::getElement)
                .containsExactly(id("1"), id("2"), id("3"), id("4"));
        assertThat(elements().get(2).getTarget())
                .isEqualTo(
                        ActionTarget.newBuilder().setScope(OSAKA).setInstanceId(id("3")).build());
        assertThat(elements().get(3).getState()).isEqualTo(StepState.STEP_STATE_FAILED);
        assertThat(elements().get(3).getDetail())
                .isEqualTo(
                        "it is in account 444455556666, and a playbook acts in that of its"
                                + " incident, 111122223333");

        run = started(STEPS.replace("at_once: 2", "limit: 3"), "1", "2", "3", "4");
        go();
        assertThat(step("cut").getDetail())
                .isEqualTo(
                        "its list has 4 elements, and its limit is 3: narrow for_each, or raise"
                                + " limit");
        run =
                started(
                        STEPS.replace(
                                "[incident.asset] + incident.reach.assets",
                                "incident.reach.assets.filter(a, false)"),
                        "1");
        go();
        assertThat(step("cut").getState()).isEqualTo(StepState.STEP_STATE_SKIPPED);
        assertThat(step("cut").getDetail()).isEqualTo("its list is empty");
    }

    @Test
    void aDryRunHasThePlanOfEach() {
        PlaybookRun dry =
                new DryRun(
                                started(STEPS, "1", "2", "3"),
                                order -> {
                                    if (order.target().getInstanceId().equals(id("2"))) {
                                        throw new PreconditionFailedException(
                                                "guard", "it is protected");
                                    }
                                    return Plan.newBuilder()
                                            .addResidualRisks(order.target().getInstanceId())
                                            .build();
                                })
                        .go();

        StepRun cut = dry.getSteps(0);
        assertThat(cut.getWouldFail()).isTrue();
        assertThat(cut.getDetail())
                .isEqualTo("3 elements, at most 2 at a time; 1 of them would fail or be refused");
        assertThat(cut.getElementsList())
                .extracting(each -> List.copyOf(each.getPlan().getResidualRisksList()))
                .containsExactly(List.of(id("1")), List.of(), List.of(id("3")));
        assertThat(cut.getElements(1).getDetail())
                .isEqualTo("would be refused: guard: it is protected");
    }

    /** True when it goes on at once. */
    private boolean go() {
        RunAdvance advance = new RunAdvance(run, hosts, clock);
        run = advance.go();
        return advance.isHurried();
    }

    private void end() {
        for (int i = 0; i < 12; i++) {
            go();
        }
    }

    private void succeed(String... names) {
        for (String name : names) {
            hosts.states.put(id(name), ActionState.ACTION_STATE_SUCCEEDED);
        }
    }

    private List<StepRun> elements() {
        return step("cut").getElementsList();
    }

    private StepRun step(String id) {
        return run.getStepsList().stream()
                .filter(step -> step.getStep().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static String id(String name) {
        return "i-0123456789abcdef" + name;
    }

    private static AssetSnapshot host(String name) {
        return AssetSnapshot.newBuilder()
                .setScope(TestService.TOKYO)
                .setInstanceId(id(name))
                .build();
    }

    /** The first is the one on which it began. */
    private static Incident incident(String... names) {
        Reach.Builder reach = Reach.newBuilder();
        for (String name : names) {
            reach.addAssets(host(name).toBuilder().setHostname("seen later").build());
        }
        return Incident.newBuilder().setAsset(host(names[0])).setReach(reach).build();
    }

    private static PlaybookRun started(String source, String... names) {
        PlaybookSpec spec = PlaybookSource.read(source);
        return PlaybookRun.newBuilder()
                .setName("playbookRuns/0198c0de-0000-7000-8000-000000000001")
                .setSpec(spec)
                .setState(PlaybookRunState.PLAYBOOK_RUN_STATE_RUNNING)
                .setSnapshot(incident(names))
                .addAllSteps(RunAdvance.pending(spec.getStepsList()))
                .setDueTime(SavedTime.of(START.plus(Timeouts.of(spec))))
                .build();
    }
}
