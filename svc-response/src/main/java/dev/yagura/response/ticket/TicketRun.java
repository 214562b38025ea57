package dev.yagura.response.ticket;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.ids.Ids;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.OpenTicketTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.TicketRequest;
import dev.yagura.proto.response.v1.TicketState;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.action.StillPendingException;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.outbox.Delivery;
import dev.yagura.response.outbox.DeliveryStore;
import dev.yagura.response.outbox.Event;
import dev.yagura.response.outbox.EventTypes;
import dev.yagura.response.proposal.IncidentSource;
import dev.yagura.response.webhook.WebhookEndpoints;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/**
 * One message: its name is written first, then the message under that name, which is there once
 * however often it is put; then it is waited for.
 */
final class TicketRun {
    private static final String DELIVERIES = "webhookDeliveries";
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final WebhookEndpoints endpoints;
    private final DeliveryStore store;
    private final IncidentSource incidents;
    private final Ids ids;
    private final Clock clock;
    private final ActionRun run;

    TicketRun(
            WebhookEndpoints endpoints,
            DeliveryStore store,
            IncidentSource incidents,
            Ids ids,
            Clock clock,
            ActionRun run) {
        this.endpoints = endpoints;
        this.store = store;
        this.incidents = incidents;
        this.ids = ids;
        this.clock = clock;
        this.run = run;
    }

    void apply() {
        if (state().getDelivery().isEmpty()) {
            prepare();
        }
        if (!state().getQueued()) {
            put();
        }
        Delivery delivery =
                store.find(id())
                        .orElseThrow(() ->
                                new ActionFailedException(
                                        "outcome unknown: the message is not kept any more"));
        switch (delivery.state()) {
            case PENDING -> await(delivery);
            case DELIVERED -> end(delivery);
            case DEAD -> giveUp(delivery);
        }
    }

    private TicketState state() {
        return run.action().getTicketState();
    }

    private UUID id() {
        return ResourceName.parse(DELIVERIES, state().getDelivery());
    }

    private void prepare() {
        Plan plan = TicketPlan.of(endpoints, run.action().getTarget(), clock.instant());
        Checks.requireNoneRefused(plan.getChecksList());
        TicketState named =
                TicketState.newBuilder().setDelivery(ResourceName.of(DELIVERIES, ids.v7())).build();
        run.prepared(plan, action -> action.setTicketState(named));
        // Whoever goes on must find the name before the message can be there.
        run.flush();
    }

    private void put() {
        Action action = run.action();
        Event event =
                Event.of(
                        EventTypes.TICKET_REQUESTED,
                        action.getName(),
                        action.getTarget().getScope().getAccountId(),
                        action.getUpdateTime(),
                        request(action));
        store.add(id(), action.getTarget().getOpenTicket().getEndpoint(), event);
        save(state().toBuilder().setQueued(true));
    }

    private TicketRequest request(Action action) {
        OpenTicketTarget ticket = action.getTarget().getOpenTicket();
        TicketRequest.Builder request =
                TicketRequest.newBuilder()
                        .setAction(action.getName())
                        .setTitle(ticket.getTitle())
                        .setText(ticket.getText())
                        .setReason(action.getReason())
                        .setRequestedBy(action.getRequestedBy())
                        .setScope(action.getTarget().getScope());
        if (!action.getIncident().isEmpty()) {
            request.setIncident(incident(action.getIncident(), action.getTarget().getScope()));
        }
        return request.build();
    }

    /** In short; without command lines, which may hold secrets. */
    private Incident incident(String name, Scope scope) {
        try {
            Incident incident = incidents.get(name);
            if (!IncidentSource.scope(incident).getAccountId().equals(scope.getAccountId())) {
                // Whoever asked may act in this account, and perhaps not see the other.
                return Incident.newBuilder().setName(name).build();
            }
            return Incident.newBuilder()
                    .setName(name)
                    .setScope(incident.getScope())
                    .setState(incident.getState())
                    .setTitle(incident.getTitle())
                    .setSeverity(incident.getSeverity())
                    .setConfidence(incident.getConfidence())
                    .setPriority(incident.getPriority())
                    .setAsset(incident.getAsset())
                    .setMergedInto(incident.getMergedInto())
                    .setFirstOccurred(incident.getFirstOccurred())
                    .setLastOccurred(incident.getLastOccurred())
                    .build();
        } catch (NotFoundException e) {
            // Its name alone is better than no ticket.
            return Incident.newBuilder().setName(name).build();
        } catch (DependencyUnavailableException e) {
            throw new RetryLaterException("the incident could not be read: " + e.getMessage(), e);
        }
    }

    private void await(Delivery delivery) {
        if (delivery.lastStatus() != state().getStatus()) {
            save(state().toBuilder().setStatus(delivery.lastStatus()));
        }
        Duration next = Duration.between(clock.instant(), delivery.nextAttemptAt());
        Duration shortest = endpoints.config().poll();
        Duration pause = next.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : next;
        throw new StillPendingException(
                "attempt %d at %s: %s"
                        .formatted(
                                delivery.attempts(),
                                delivery.endpoint(),
                                delivery.lastError().isEmpty()
                                        ? "no answer yet"
                                        : delivery.lastError()),
                pause.compareTo(shortest) > 0 ? pause : shortest);
    }

    private void end(Delivery delivery) {
        TicketReference reference = TicketReference.in(delivery.answer());
        save(
                state().toBuilder()
                        .setStatus(delivery.lastStatus())
                        .setTicketId(reference.id())
                        .setTicketUrl(reference.url()));
        run.verifying("the endpoint has taken it");
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ,
                true,
                "%s answered %d%s"
                        .formatted(
                                delivery.endpoint(),
                                delivery.lastStatus(),
                                reference.isEmpty()
                                        ? ", and named no ticket"
                                        : ": ticket " + reference));
    }

    private void giveUp(Delivery delivery) {
        save(state().toBuilder().setStatus(delivery.lastStatus()));
        throw new ActionFailedException(
                "%s did not take it: %s; replaying %s may still open a ticket, but this action has"
                                .formatted(
                                        delivery.endpoint(),
                                        delivery.lastError(),
                                        state().getDelivery())
                        + " failed");
    }

    private void save(TicketState.Builder state) {
        run.saved(action -> action.setTicketState(state));
    }
}
