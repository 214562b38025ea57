package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.config.Settings;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.Ids;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.TestService;
import dev.yagura.response.radius.BlastRadii;
import jakarta.enterprise.inject.spi.CDI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import org.assertj.core.api.ThrowingConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A running service that runs no action by itself, and its own parts: the test says when something
 * happens. Before each test there are no actions, and AWS is as the sandbox's seed has it.
 */
final class IdleService implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    /** Set by the campaign of interruptions. */
    private static final String EVERY_STEP = "yagura.test.every-step";

    private final TestService service;
    private final Duration pause;
    private @Nullable Parts parts;

    /**
     * Of the service that runs.
     *
     * @param loop looks for nothing; wakes nobody
     */
    private record Parts(
            ActionStore store,
            RunStore runs,
            Procedures procedures,
            ActionConfig config,
            RunnerLoop loop,
            ActionCatalog catalog) {}

    private IdleService(TestService service, Duration pause) {
        this.service = service;
        this.pause = pause;
    }

    /**
     * Runs for a test class.
     *
     * @param more keys beside those that keep it idle
     */
    static IdleService with(Map<String, String> more) {
        return with(more, Duration.ZERO);
    }

    /**
     * Runs for a test class.
     *
     * @param more keys beside those that keep it idle
     * @param pause simulated time that passes while an action waits, for its next attempt or for a
     *     host
     */
    static IdleService with(Map<String, String> more, Duration pause) {
        Map<String, String> settings = new HashMap<>();
        // Its own runner looks once, at the start.
        settings.put("yagura.response.action.poll", "PT1H");
        settings.put("yagura.response.action.attempts", "20");
        settings.putAll(more);
        return new IdleService(TestService.withoutRole(settings), pause);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        service.beforeAll(context);
        ActionStore store = CDI.current().select(ActionStore.class).get();
        RunStore runs = CDI.current().select(RunStore.class).get();
        Procedures procedures = CDI.current().select(Procedures.class).get();
        Settings read = CDI.current().select(Settings.class).get();
        Ids ids = CDI.current().select(Ids.class).get();
        Clock clock = Clock.systemUTC();
        RunnerLoop loop = new RunnerLoop(store, runs, procedures, read, clock);
        parts =
                new Parts(
                        store,
                        runs,
                        procedures,
                        ActionConfig.from(read),
                        loop,
                        new ActionCatalog(
                                store,
                                procedures,
                                loop,
                                CDI.current().select(BlastRadii.class).get(),
                                read,
                                ids,
                                clock));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        backToTheSeed();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        service.afterAll(context);
    }

    /** Forgets every action, and what was done to AWS, whose clock stands from then on. */
    void backToTheSeed() {
        service.postgres().execute("DELETE FROM action");
        service.postgres().execute("DELETE FROM action_section");
        service.sandbox().reset();
        service.sandbox().freezeClock();
    }

    TestService service() {
        return service;
    }

    ActionStore store() {
        return parts().store();
    }

    RunStore runs() {
        return parts().runs();
    }

    Procedures procedures() {
        return parts().procedures();
    }

    ActionConfig config() {
        return parts().config();
    }

    RunnerLoop loop() {
        return parts().loop();
    }

    ActionCatalog catalog() {
        return parts().catalog();
    }

    /** Whose actions go on where the test lets them. */
    DyingRunners runners() {
        Runnable passing = pause.isZero() ? () -> {} : () -> service.sandbox().advance(pause);
        return new DyingRunners(runs(), procedures(), config(), service.postgres(), passing);
    }

    /** Looks once at an action in force, if there is one that is watched. */
    void watch() {
        runs().claimWatch(procedures().watched(), Duration.ZERO, config().lease())
                .ifPresent(lease ->
                        new ActionRunner(runs(), procedures(), config(), Clock.systemUTC())
                                .run(lease));
    }

    /** A new action on an instance. */
    UUID create(ActionKind kind, String instanceId) {
        return create(kind, TestService.target(instanceId));
    }

    /** A new action. */
    UUID create(ActionKind kind, ActionTarget target) {
        return create(kind, target, "");
    }

    /** A new action that answers an incident. */
    UUID create(ActionKind kind, ActionTarget target, String incident) {
        Action created =
                catalog()
                        .create(
                                new ActionCatalog.Order(kind, target, "beacon", incident),
                                UUID.randomUUID(),
                                Principal.service("token-1"));
        return ResourceName.parse("actions", created.getName());
    }

    void undo(UUID id) {
        catalog().undo(id, "clean", Principal.service("gateway"));
    }

    /** As it is stored. */
    Action action(UUID id) {
        return store().find(id).orElseThrow();
    }

    /** The action, which is in this state, and has begun no call that it has not ended. */
    Action ended(UUID id, ActionState state) {
        Action action = action(id);
        assertThat(action.getState()).as(action.getStateReason()).isEqualTo(state);
        assertThat(action.getCallsList()).allMatch(call -> call.hasEndTime());
        return action;
    }

    /**
     * Lets a runner die at its first write, another one at its second, and so on: for applying and
     * then for undoing, which a next runner ends each time.
     *
     * <p>They die before and after their writes in turn; with {@value #EVERY_STEP}, at each write
     * before it and after it.
     *
     * @param applied what holds when the action has been applied
     * @param undone what holds when it has been undone
     */
    void dieAtEveryStep(
            Callable<UUID> create, ThrowingConsumer<UUID> applied, ThrowingConsumer<UUID> undone)
            throws Exception {
        if (Boolean.getBoolean(EVERY_STEP)) {
            dieAtEveryStep(step -> false, create, applied, undone);
            dieAtEveryStep(step -> true, create, applied, undone);
        } else {
            dieAtEveryStep(step -> step % 2 == 0, create, applied, undone);
        }
    }

    private void dieAtEveryStep(
            IntPredicate isAfterTheWrite,
            Callable<UUID> create,
            ThrowingConsumer<UUID> applied,
            ThrowingConsumer<UUID> undone)
            throws Exception {
        DyingRunners runners = runners();
        boolean killed = true;
        for (int step = 1; killed; step++) {
            backToTheSeed();
            UUID id = create.call();

            killed = runners.killAt(step, isAfterTheWrite.test(step));
            runners.runToTheEnd();
            applied.accept(id);

            undo(id);
            killed |= runners.killAt(step, isAfterTheWrite.test(step));
            runners.runToTheEnd();
            undone.accept(id);
        }
    }

    private Parts parts() {
        if (parts == null) {
            throw new IllegalStateException("register the service with @RegisterExtension static");
        }
        return parts;
    }
}
