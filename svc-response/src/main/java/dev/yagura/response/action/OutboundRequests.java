package dev.yagura.response.action;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.text.Texts;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.OpenTicketTarget;
import dev.yagura.proto.response.v1.PublishTarget;
import dev.yagura.proto.response.v1.StateMachineTarget;
import dev.yagura.proto.type.v1.Scope;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/** What the target of a kind must look like that tells or asks something outside. */
final class OutboundRequests {
    private static final Set<ActionKind> KINDS =
            EnumSet.of(
                    ActionKind.ACTION_KIND_OPEN_TICKET,
                    ActionKind.ACTION_KIND_PUBLISH,
                    ActionKind.ACTION_KIND_IMPORT_FINDINGS,
                    ActionKind.ACTION_KIND_START_STATE_MACHINE);
    private static final Pattern ENDPOINT = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final int LONGEST_TITLE = 255;
    private static final int MOST_TEXT_BYTES = 4096;
    private static final int MOST_JSON_BYTES = 64 * 1024;

    /** SNS's rule of a subject. */
    private static final Pattern SUBJECT = Pattern.compile("([!-~][ -~]{0,99})?");

    private static final Pattern BUS = Pattern.compile("[A-Za-z0-9._-]{1,256}");
    private static final int LONGEST_TYPE = 128;

    private OutboundRequests() {}

    /** Whether a kind acts on nothing of an account. */
    static boolean isOutbound(ActionKind kind) {
        return KINDS.contains(kind);
    }

    static void check(ActionKind kind, ActionTarget target) {
        boolean onTicket = kind == ActionKind.ACTION_KIND_OPEN_TICKET;
        require(
                onTicket == target.hasOpenTicket(),
                "target.open_ticket",
                onTicket ? "is not set" : "is set",
                "send it for ACTION_KIND_OPEN_TICKET only");
        if (onTicket) {
            check(target.getOpenTicket());
        }
        boolean onPublish = kind == ActionKind.ACTION_KIND_PUBLISH;
        require(
                onPublish == target.hasPublish(),
                "target.publish",
                onPublish ? "is not set" : "is set",
                "send it for ACTION_KIND_PUBLISH only");
        if (onPublish) {
            check(target.getPublish(), target.getScope());
        }
        boolean onFindings = kind == ActionKind.ACTION_KIND_IMPORT_FINDINGS;
        require(
                onFindings == target.hasFindings(),
                "target.findings",
                onFindings ? "is not set" : "is set",
                "send it for ACTION_KIND_IMPORT_FINDINGS only; it may be empty");
        boolean onMachine = kind == ActionKind.ACTION_KIND_START_STATE_MACHINE;
        require(
                onMachine == target.hasStateMachine(),
                "target.state_machine",
                onMachine ? "is not set" : "is set",
                "send it for ACTION_KIND_START_STATE_MACHINE only");
        if (onMachine) {
            check(target.getStateMachine(), target.getScope());
        }
    }

    /**
     * Of a kind that is about an incident, and has nothing else to be about.
     *
     * @param incident of the request
     */
    static void checkIncident(ActionKind kind, String incident) {
        require(
                kind != ActionKind.ACTION_KIND_IMPORT_FINDINGS || !incident.isEmpty(),
                "incident",
                "is empty",
                "send the incident that becomes a finding");
    }

    private static void check(PublishTarget target, Scope scope) {
        String field = "target.publish.";
        switch (target.getToCase()) {
            case TOPIC_ARN -> {
                requireIn(target.getTopicArn(), "sns", scope, field + "topic_arn");
                require(
                        SUBJECT.matcher(target.getSubject()).matches(),
                        field + "subject",
                        "is no subject of SNS",
                        "send at most 100 characters of printable ASCII in one line, or none");
            }
            case EVENT_BUS -> {
                if (target.getEventBus().startsWith("arn:")) {
                    requireIn(target.getEventBus(), "events", scope, field + "event_bus");
                } else {
                    require(
                            BUS.matcher(target.getEventBus()).matches(),
                            field + "event_bus",
                            "is no name of an event bus",
                            "send one like default, or an ARN");
                }
                Texts.required(field + "subject", target.getSubject(), LONGEST_TYPE);
            }
            case TO_NOT_SET ->
                    throw new InvalidFieldException(
                            field + "to", "is not set", "send topic_arn or event_bus");
        }
        requireObject(target.getMessage(), field + "message");
    }

    private static void check(StateMachineTarget target, Scope scope) {
        requireIn(target.getArn(), "states", scope, "target.state_machine.arn");
        if (!target.getInput().isEmpty()) {
            requireObject(target.getInput(), "target.state_machine.input");
        }
    }

    /** The clients of a scope reach nothing else. */
    private static void requireIn(String arn, String service, Scope scope, String field) {
        String prefix =
                "arn:%s:%s:%s:%s:"
                        .formatted(
                                scope.getPartition(),
                                service,
                                scope.getRegion(),
                                scope.getAccountId());
        require(
                arn.startsWith(prefix) && arn.length() > prefix.length(),
                field,
                "is no ARN of " + service + " in the account and region of the scope",
                "send one that begins with " + prefix);
    }

    private static void requireObject(String json, String field) {
        require(
                json.getBytes(StandardCharsets.UTF_8).length <= MOST_JSON_BYTES,
                field,
                "is longer than 64 KiB",
                "put it into S3, and send where it is");
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            reader.readObject();
        } catch (JsonException e) {
            throw new InvalidFieldException(
                    field, "is no JSON object", "send one like {\"host\": \"web-1\"}");
        }
    }

    private static void check(OpenTicketTarget target) {
        require(
                ENDPOINT.matcher(target.getEndpoint()).matches(),
                "target.open_ticket.endpoint",
                "is no name of a webhook endpoint",
                "send one of yagura.response.webhook.endpoints");
        Texts.required("target.open_ticket.title", target.getTitle(), LONGEST_TITLE);
        require(
                target.getText().getBytes(StandardCharsets.UTF_8).length <= MOST_TEXT_BYTES,
                "target.open_ticket.text",
                "is longer than 4 KiB",
                "shorten it");
    }

    private static void require(boolean holds, String field, String problem, String remedy) {
        if (!holds) {
            throw new InvalidFieldException(field, problem, remedy);
        }
    }
}
