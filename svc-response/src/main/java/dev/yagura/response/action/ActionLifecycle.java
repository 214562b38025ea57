package dev.yagura.response.action;

import com.google.protobuf.Timestamp;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.StateTransition;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The states of an action and the ways between them; drawn in the description of this package. */
final class ActionLifecycle {
    /** Actor of what the platform does by itself. */
    static final String PLATFORM = "yagura";

    private static final Map<ActionState, Set<ActionState>> NEXT = new EnumMap<>(ActionState.class);

    static {
        allow(
                ActionState.ACTION_STATE_UNSPECIFIED,
                ActionState.ACTION_STATE_PROPOSED,
                ActionState.ACTION_STATE_AWAITING_APPROVAL,
                ActionState.ACTION_STATE_APPROVED);
        allow(
                ActionState.ACTION_STATE_PROPOSED,
                ActionState.ACTION_STATE_AWAITING_APPROVAL,
                ActionState.ACTION_STATE_APPROVED,
                ActionState.ACTION_STATE_CANCELLED,
                ActionState.ACTION_STATE_EXPIRED);
        allow(
                ActionState.ACTION_STATE_AWAITING_APPROVAL,
                ActionState.ACTION_STATE_APPROVED,
                ActionState.ACTION_STATE_CANCELLED,
                ActionState.ACTION_STATE_EXPIRED);
        allow(
                ActionState.ACTION_STATE_APPROVED,
                ActionState.ACTION_STATE_RUNNING,
                ActionState.ACTION_STATE_CANCELLED,
                ActionState.ACTION_STATE_FAILED);
        allow(
                ActionState.ACTION_STATE_RUNNING,
                ActionState.ACTION_STATE_VERIFYING,
                ActionState.ACTION_STATE_FAILED);
        allow(
                ActionState.ACTION_STATE_VERIFYING,
                ActionState.ACTION_STATE_SUCCEEDED,
                ActionState.ACTION_STATE_FAILED);
        allow(ActionState.ACTION_STATE_SUCCEEDED, ActionState.ACTION_STATE_UNDOING);
        allow(ActionState.ACTION_STATE_FAILED, ActionState.ACTION_STATE_UNDOING);
        allow(
                ActionState.ACTION_STATE_UNDOING,
                ActionState.ACTION_STATE_UNDONE,
                ActionState.ACTION_STATE_UNDO_FAILED);
        allow(ActionState.ACTION_STATE_UNDO_FAILED, ActionState.ACTION_STATE_UNDOING);
    }

    private static final Set<ActionState> RUNNABLE =
            EnumSet.of(
                    ActionState.ACTION_STATE_APPROVED,
                    ActionState.ACTION_STATE_RUNNING,
                    ActionState.ACTION_STATE_VERIFYING,
                    ActionState.ACTION_STATE_UNDOING);

    private static final Set<ActionState> WAITING =
            EnumSet.of(
                    ActionState.ACTION_STATE_PROPOSED, ActionState.ACTION_STATE_AWAITING_APPROVAL);

    private ActionLifecycle() {}

    private static void allow(ActionState from, ActionState... to) {
        NEXT.put(from, Set.of(to));
    }

    static boolean mayMove(ActionState from, ActionState to) {
        return NEXT.getOrDefault(from, Set.of()).contains(to);
    }

    /** There is work for a runner. */
    static boolean isRunnable(ActionState state) {
        return RUNNABLE.contains(state);
    }

    /** Somebody must approve it before anything is done. */
    static boolean isWaiting(ActionState state) {
        return WAITING.contains(state);
    }

    /** True once somebody started it. */
    static boolean wasApproved(Action action) {
        return action.getTransitionsList().stream()
                .anyMatch(each -> each.getTo() == ActionState.ACTION_STATE_APPROVED);
    }

    /** The action in another state; the change is appended to its story. */
    static Action move(Action action, ActionState to, String reason, String actor, Instant now) {
        if (!mayMove(action.getState(), to)) {
            throw new IllegalStateException(
                    "no way from " + action.getState() + " to " + to + " for " + action.getName());
        }
        return action.toBuilder()
                .setState(to)
                .setStateReason(reason)
                .addTransitions(
                        StateTransition.newBuilder()
                                .setFrom(action.getState())
                                .setTo(to)
                                .setReason(reason)
                                .setActor(actor)
                                .setTime(timestamp(now)))
                .build();
    }

    /** The message as it is stored: with its etag and update time. */
    static Action stamped(Action action, long revision, Instant now) {
        return action.toBuilder()
                .setEtag(Long.toString(revision))
                .setUpdateTime(timestamp(now))
                .build();
    }

    static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
