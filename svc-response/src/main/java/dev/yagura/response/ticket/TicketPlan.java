package dev.yagura.response.ticket;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.OpenTicketTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.outbox.EventTypes;
import dev.yagura.response.webhook.EndpointConfig;
import dev.yagura.response.webhook.WebhookEndpoints;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What would be sent where, and what must hold before. */
final class TicketPlan {
    private static final List<String> RISKS =
            List.of(
                    "the title, the text, the reason and what the incident says in short leave the"
                            + " platform, and stay where they went",
                    "the message may be delivered twice; its webhook-id tells the receiver, which"
                            + " else opens two tickets",
                    "that the endpoint took it says nothing of whether anybody reads it");

    private TicketPlan() {}

    static Plan of(WebhookEndpoints endpoints, ActionTarget target, Instant now) {
        OpenTicketTarget ticket = target.getOpenTicket();
        Optional<EndpointConfig> endpoint = endpoints.find(ticket.getEndpoint());
        Plan.Builder plan =
                Plan.newBuilder()
                        .setCreateTime(SavedTime.of(now))
                        .addAllChecks(checks(endpoints, ticket.getEndpoint(), endpoint))
                        .addAllResidualRisks(RISKS);
        endpoint.ifPresent(each -> plan.addCalls(call(each, ticket)));
        return plan.build();
    }

    private static PlannedCall call(EndpointConfig endpoint, OpenTicketTarget ticket) {
        return PlannedCall.newBuilder()
                .setOperation("webhook:" + EventTypes.TICKET_REQUESTED)
                .putParameters("endpoint", endpoint.name())
                .putParameters("origin", endpoint.origin())
                .putParameters("title", ticket.getTitle())
                .setAfter("a ticket, if the endpoint opens one")
                .setDryRun("not supported: a webhook has no DryRun")
                .build();
    }

    private static List<PreflightCheck> checks(
            WebhookEndpoints endpoints, String name, Optional<EndpointConfig> endpoint) {
        String label = "the endpoint is configured";
        if (endpoint.isEmpty()) {
            return List.of(
                    Checks.refused(
                            label,
                            name + " is not; configured: " + endpoints.names(),
                            "add it to yagura.response.webhook.endpoints"));
        }
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(Checks.passed(label, endpoint.get().origin()));
        checks.add(takesTickets(endpoint.get()));
        checks.add(enabled(endpoints, endpoint.get()));
        return checks;
    }

    /** An endpoint that was meant for events must not get what was meant for people. */
    private static PreflightCheck takesTickets(EndpointConfig endpoint) {
        String label = "it takes tickets";
        return endpoint.takes(EventTypes.TICKET_REQUESTED)
                ? Checks.passed(label, "")
                : Checks.refused(
                        label,
                        "it takes " + String.join(", ", endpoint.eventTypes()),
                        "add "
                                + EventTypes.TICKET_REQUESTED
                                + " to yagura.response.webhook.endpoint."
                                + endpoint.name()
                                + ".events");
    }

    private static PreflightCheck enabled(WebhookEndpoints endpoints, EndpointConfig endpoint) {
        String label = "it is not disabled";
        return endpoints
                .disabled(endpoint)
                .map(disabled ->
                        Checks.refused(
                                label,
                                disabled.reason() + " (" + disabled.since() + ")",
                                "ask whoever runs it, then change its configuration"))
                .orElseGet(() -> Checks.passed(label, ""));
    }
}
