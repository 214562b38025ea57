package dev.yagura.response.ticket;

import dev.yagura.common.ids.Ids;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Procedure;
import dev.yagura.response.outbox.DeliveryStore;
import dev.yagura.response.proposal.IncidentSource;
import dev.yagura.response.webhook.WebhookEndpoints;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;

/** open_ticket. */
@ApplicationScoped
public class TicketProcedure implements Procedure {
    private final WebhookEndpoints endpoints;
    private final DeliveryStore store;
    private final IncidentSource incidents;
    private final Ids ids;
    private final Clock clock;

    @Inject
    TicketProcedure(
            WebhookEndpoints endpoints,
            DeliveryStore store,
            IncidentSource incidents,
            Ids ids,
            Clock clock) {
        this.endpoints = endpoints;
        this.store = store;
        this.incidents = incidents;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_OPEN_TICKET;
    }

    @Override
    public boolean isReversible() {
        return false;
    }

    /** Until the endpoint has had every attempt. */
    @Override
    public Duration deadline(Duration usual) {
        return endpoints.config().patience();
    }

    @Override
    public Prospect plan(ActionTarget target) {
        return new Prospect(TicketPlan.of(endpoints, target, clock.instant()), "");
    }

    @Override
    public void apply(ActionRun run) {
        new TicketRun(endpoints, store, incidents, ids, clock, run).apply();
    }

    @Override
    public void undo(ActionRun run) {
        throw new ActionFailedException("a ticket is closed where it was opened");
    }

    @Override
    public boolean mayHaveChanged(Action action) {
        return !action.getTicketState().getDelivery().isEmpty();
    }

    @Override
    public String remains(ActionRun run) {
        return "an answer may have been lost: look for the ticket at "
                + run.action().getTarget().getOpenTicket().getEndpoint();
    }
}
