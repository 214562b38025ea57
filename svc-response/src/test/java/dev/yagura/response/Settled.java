package dev.yagura.response;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionServiceGrpc.ActionServiceBlockingStub;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.GetActionRequest;
import dev.yagura.proto.response.v1.ListActionsRequest;
import dev.yagura.proto.response.v1.WatchActionsRequest;
import dev.yagura.proto.response.v1.WatchActionsResponse;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Waits, by the service's own watch, until an action has ended. */
final class Settled {
    private static final Set<ActionState> ENDED =
            EnumSet.of(
                    ActionState.ACTION_STATE_SUCCEEDED,
                    ActionState.ACTION_STATE_FAILED,
                    ActionState.ACTION_STATE_UNDONE,
                    ActionState.ACTION_STATE_UNDO_FAILED);

    private Settled() {}

    static Action of(ActionServiceBlockingStub actions, String name) {
        String cursor = actions.listActions(ListActionsRequest.getDefaultInstance()).getCursor();
        Action action = actions.getAction(GetActionRequest.newBuilder().setName(name).build());
        Iterator<WatchActionsResponse> watch =
                actions.withDeadlineAfter(60, TimeUnit.SECONDS)
                        .watchActions(WatchActionsRequest.newBuilder().setCursor(cursor).build());
        while (!ENDED.contains(action.getState())) {
            Action changed = watch.next().getAction();
            action = changed.getName().equals(name) ? changed : action;
        }
        return action;
    }
}
