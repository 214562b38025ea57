package dev.yagura.cli.action;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.OpenTicketTarget;
import picocli.CommandLine.Option;

/** What a ticket says, and where it is opened. */
final class TicketOptions {
    @Option(
            names = "--endpoint",
            required = true,
            description = "Webhook endpoint that takes tickets; needs --account.")
    private String endpoint = "";

    @Option(names = "--title", required = true, description = "One line.")
    private String title = "";

    @Option(names = "--text", defaultValue = "", description = "More, up to 4 KiB.")
    private String text = "";

    ActionTarget.Builder target(ScopeOptions scope) {
        return ActionTarget.newBuilder()
                .setScope(scope.global("--endpoint"))
                .setOpenTicket(
                        OpenTicketTarget.newBuilder()
                                .setEndpoint(endpoint)
                                .setTitle(title)
                                .setText(text));
    }
}
