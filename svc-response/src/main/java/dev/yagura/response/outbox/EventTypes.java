package dev.yagura.response.outbox;

import java.util.List;

/** What there is to subscribe to. */
public final class EventTypes {
    /** An action is in another state. */
    public static final String ACTION_STATE_CHANGED = "action.state_changed";

    /** A run of a playbook is in another state. */
    public static final String RUN_STATE_CHANGED = "playbook_run.state_changed";

    /** Somebody wants a ticket; goes to the one endpoint that it names. */
    public static final String TICKET_REQUESTED = "ticket.requested";

    public static final List<String> ALL =
            List.of(ACTION_STATE_CHANGED, RUN_STATE_CHANGED, TICKET_REQUESTED);

    private EventTypes() {}
}
