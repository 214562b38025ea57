package dev.yagura.cli.webhook;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.connection.UsageException;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Printable;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.response.v1.ListWebhookDeliveriesRequest;
import dev.yagura.proto.response.v1.ListWebhookDeliveriesResponse;
import dev.yagura.proto.response.v1.ListWebhookEndpointsRequest;
import dev.yagura.proto.response.v1.ReplayWebhookDeliveriesRequest;
import dev.yagura.proto.response.v1.ReplayWebhookDeliveriesResponse;
import dev.yagura.proto.response.v1.WebhookDelivery;
import dev.yagura.proto.response.v1.WebhookDeliveryFilter;
import dev.yagura.proto.response.v1.WebhookDeliveryState;
import dev.yagura.proto.response.v1.WebhookEndpoint;
import dev.yagura.proto.response.v1.WebhookServiceGrpc;
import dev.yagura.proto.response.v1.WebhookServiceGrpc.WebhookServiceBlockingStub;
import io.grpc.Channel;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura webhooks`. */
@Command(
        name = "webhooks",
        mixinStandardHelpOptions = true,
        description = {
            "Events for systems outside: list, deliveries, replay.",
            "Needs a token for every account."
        },
        footer = {
            "",
            "Examples:",
            "  yagura webhooks list",
            "  yagura webhooks deliveries --state dead --endpoint soar",
            "  yagura webhooks replay webhookDeliveries/0198c0de-…",
            "  yagura webhooks replay --endpoint soar"
        })
public final class WebhooksCommand {
    private static final String ENDPOINTS = "webhookEndpoints/";

    private static final List<Column<WebhookEndpoint>> ENDPOINT_COLUMNS =
            List.of(
                    new Column<>("AT", WebhookEndpoint::getOrigin),
                    new Column<>("TAKES", each -> String.join(",", each.getEventTypesList())),
                    new Column<>("PENDING", each -> Long.toString(each.getPendingCount())),
                    new Column<>("DEAD", each -> Long.toString(each.getDeadCount())),
                    new Column<>(
                            "STATE",
                            each -> Texts.constant(each.getState(), "WEBHOOK_ENDPOINT_STATE_")),
                    new Column<>("WHY", WebhookEndpoint::getStateReason),
                    new Column<>("NAME", WebhookEndpoint::getName));

    private static final List<Column<WebhookDelivery>> DELIVERY_COLUMNS =
            List.of(
                    new Column<>("MADE", each -> Texts.time(each.getCreateTime())),
                    new Column<>("TYPE", WebhookDelivery::getType),
                    new Column<>("OF", WebhookDelivery::getResource),
                    new Column<>("TO", WebhookDelivery::getEndpoint),
                    new Column<>(
                            "STATE",
                            each -> Texts.constant(each.getState(), "WEBHOOK_DELIVERY_STATE_")),
                    new Column<>("ATTEMPTS", each -> Integer.toString(each.getAttempts())),
                    new Column<>("NEXT", each -> Texts.time(each.getNextAttemptTime())),
                    new Column<>("LAST ERROR", each -> Printable.of(each.getLastError())),
                    new Column<>("NAME", WebhookDelivery::getName));

    @Command(name = "list", description = "Endpoints by name.", mixinStandardHelpOptions = true)
    void list(@Mixin Connection connection, @Mixin Output output) {
        output.print(
                connection.<List<WebhookEndpoint>>call(channel ->
                        stub(channel)
                                .listWebhookEndpoints(
                                        ListWebhookEndpointsRequest.getDefaultInstance())
                                .getEndpointsList()),
                ENDPOINT_COLUMNS);
    }

    @Command(
            name = "deliveries",
            description = "What was sent, and what waits, newest first.",
            mixinStandardHelpOptions = true)
    void deliveries(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(
                            names = "--state",
                            defaultValue = "unspecified",
                            description = "pending, delivered, dead.")
                    String state,
            @Option(names = "--endpoint", defaultValue = "", description = "Only to this one.")
                    String endpoint,
            @Option(names = "--limit", defaultValue = "50", description = "At most so many.")
                    int limit) {
        WebhookDeliveryFilter filter =
                WebhookDeliveryFilter.newBuilder()
                        .setState(
                                Texts.parse(
                                        WebhookDeliveryState.class,
                                        "WEBHOOK_DELIVERY_STATE_",
                                        state))
                        .setEndpoint(named(endpoint))
                        .build();
        output.print(
                connection.call(channel ->
                        Pages.collect(
                                limit,
                                (size, token) ->
                                        stub(channel)
                                                .listWebhookDeliveries(
                                                        ListWebhookDeliveriesRequest.newBuilder()
                                                                .setPageSize(size)
                                                                .setPageToken(token)
                                                                .setFilter(filter)
                                                                .build()),
                                ListWebhookDeliveriesResponse::getDeliveriesList,
                                ListWebhookDeliveriesResponse::getNextPageToken)),
                DELIVERY_COLUMNS);
    }

    @Command(
            name = "replay",
            description = "Sends dead letters again, with the same webhook-id.",
            mixinStandardHelpOptions = true)
    void replay(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(arity = "0..*", paramLabel = "NAME", description = "webhookDeliveries/{id}")
                    List<String> names,
            @Option(
                            names = "--endpoint",
                            defaultValue = "",
                            description = "All of this endpoint, instead of names.")
                    String endpoint) {
        List<String> named = names == null ? List.of() : names;
        if (named.isEmpty() == endpoint.isEmpty()) {
            throw new UsageException("NAME: give names, or --endpoint and none");
        }
        ReplayWebhookDeliveriesRequest request =
                ReplayWebhookDeliveriesRequest.newBuilder()
                        .addAllNames(named)
                        .setEndpoint(named(endpoint))
                        .build();
        ReplayWebhookDeliveriesResponse response =
                connection.call(channel -> stub(channel).replayWebhookDeliveries(request));
        output.print(response, each -> List.of(each.getReplayedCount() + " are sent again"));
    }

    /** "soar" is enough. */
    private static String named(String endpoint) {
        return endpoint.isEmpty() || endpoint.startsWith(ENDPOINTS)
                ? endpoint
                : ENDPOINTS + endpoint;
    }

    private static WebhookServiceBlockingStub stub(Channel channel) {
        return WebhookServiceGrpc.newBlockingStub(channel);
    }
}
