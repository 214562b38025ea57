package dev.yagura.response.action;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.text.Texts;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.OpenTicketTarget;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/** What the target of a kind must look like that tells or asks something outside. */
final class OutboundRequests {
    private static final Set<ActionKind> KINDS = EnumSet.of(ActionKind.ACTION_KIND_OPEN_TICKET);
    private static final Pattern ENDPOINT = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final int LONGEST_TITLE = 255;
    private static final int MOST_TEXT_BYTES = 4096;

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
