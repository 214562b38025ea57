package dev.yagura.response.playbook;

import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.response.outbox.Event;
import dev.yagura.response.outbox.EventTypes;
import java.util.List;

/** What is told outside of a run: neither its playbook nor what that made of the incident. */
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
                                told(after)));
    }

    private static PlaybookRun told(PlaybookRun run) {
        PlaybookRun.Builder told = run.toBuilder().clearSpec().clearSnapshot();
        told.getStepsBuilderList()
                .forEach(step ->
                        step.getElementsBuilderList().forEach(StepRun.Builder::clearTarget));
        return told.build();
    }
}
