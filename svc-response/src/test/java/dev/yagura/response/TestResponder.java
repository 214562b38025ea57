package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionServiceGrpc.ActionServiceBlockingStub;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.GetActionRequest;
import dev.yagura.proto.response.v1.ListActionsRequest;
import dev.yagura.proto.response.v1.UndoActionRequest;
import dev.yagura.proto.response.v1.WatchActionsRequest;
import dev.yagura.proto.response.v1.WatchActionsResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Who asks for actions through the public contract, and waits for their end.
 *
 * @param tick simulated time that passes between two looks; zero where time is left alone
 */
public record TestResponder(TestService service, Duration tick) {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Set<ActionState> ENDED =
            EnumSet.of(
                    ActionState.ACTION_STATE_SUCCEEDED,
                    ActionState.ACTION_STATE_FAILED,
                    ActionState.ACTION_STATE_UNDONE,
                    ActionState.ACTION_STATE_UNDO_FAILED);

    /** Who leaves the sandbox's time alone. */
    public static TestResponder of(TestService service) {
        return new TestResponder(service, Duration.ZERO);
    }

    /** A new request. */
    public static CreateActionRequest.Builder request(ActionKind kind, ActionTarget target) {
        return CreateActionRequest.newBuilder()
                .setKind(kind)
                .setTarget(target)
                .setReason("beacon to 203.0.113.66")
                .setRequestId(UUID.randomUUID().toString());
    }

    /** What would be done. */
    public Action plan(CreateActionRequest.Builder request) {
        return actions().createAction(request.clone().setValidateOnly(true).build());
    }

    /** Asks for it, and does not wait. */
    public Action create(CreateActionRequest.Builder request) {
        return actions().createAction(request.build());
    }

    /** The action when it has ended. */
    public Action apply(CreateActionRequest.Builder request) {
        return settled(create(request));
    }

    /** The action when undoing it has ended. */
    public Action undo(Action action) {
        return settled(
                actions()
                        .undoAction(
                                UndoActionRequest.newBuilder()
                                        .setName(action.getName())
                                        .setReason("clean")
                                        .build()));
    }

    /** The action, which has been undone. */
    Action undone(Action action) {
        Action undone = undo(action);
        ActionOutcome.assertState(undone, ActionState.ACTION_STATE_UNDONE);
        return undone;
    }

    /** Asks for what a check of this label refuses, with a detail. */
    void assertRefused(CreateActionRequest.Builder request, String label, String detail) {
        assertThatThrownBy(() -> create(request))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining(label)
                .hasMessageContaining(detail);
    }

    /** As it is now. */
    public Action read(String name) {
        return actions().getAction(GetActionRequest.newBuilder().setName(name).build());
    }

    /** The action when it has ended. */
    public Action settled(Action action) {
        return settled(action.getName());
    }

    /** The action when it has ended. */
    public Action settled(String name) {
        if (tick.isZero()) {
            return watched(name);
        }
        await(
                name,
                () -> {
                    service.sandbox().advance(tick);
                    return ENDED.contains(read(name).getState());
                });
        return read(name);
    }

    /** Asks again until it is so. */
    static void await(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plus(LIMIT);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(end);
        }
    }

    /** By the service's own watch. */
    private Action watched(String name) {
        String cursor = actions().listActions(ListActionsRequest.getDefaultInstance()).getCursor();
        Action action = read(name);
        Iterator<WatchActionsResponse> watch =
                actions()
                        .withDeadlineAfter(LIMIT.toSeconds(), TimeUnit.SECONDS)
                        .watchActions(WatchActionsRequest.newBuilder().setCursor(cursor).build());
        while (!ENDED.contains(action.getState())) {
            Action changed = watch.next().getAction();
            action = changed.getName().equals(name) ? changed : action;
        }
        return action;
    }

    private ActionServiceBlockingStub actions() {
        return service.actions();
    }
}
