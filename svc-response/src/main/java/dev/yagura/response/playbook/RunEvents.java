package dev.yagura.response.playbook;

import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.response.outbox.Event;
import dev.yagura.response.outbox.EventTypes;
import java.util.List;

/** What is told outside of a run: neither its playbook nor the incident that it saw. */
final class RunEvents {
    private RunEvents() {}

    /**
     * The event of a write; none when the state is the same.
     *
     * @param before the default instance for a new run
     * @param after as it is stored
     */
    static List<Event> of(PlaybookRun before, PlaybookRun after) {
        return after.getState() == before.getState()
                ? List.of()
                : List.of(
                        Event.of(
                                EventTypes.RUN_STATE_CHANGED,
                                after.getName(),
                                StepOrders.scope(after.getSnapshot()).getAccountId(),
                                after.getUpdateTime(),
                                after.toBuilder().clearSpec().clearSnapshot().build()));
    }
}
