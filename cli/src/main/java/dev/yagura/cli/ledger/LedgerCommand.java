package dev.yagura.cli.ledger;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.ingest.v1.LedgerHour;
import dev.yagura.proto.ingest.v1.LedgerServiceGrpc;
import dev.yagura.proto.ingest.v1.ListLedgersRequest;
import dev.yagura.proto.ingest.v1.ListLedgersResponse;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** `yagura ledger`. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        description = "The loss ledger: produced = stored + declared lost.",
        footer = {"", "Example:", "  yagura ledger list --only-losses"})
public final class LedgerCommand {
    private static final List<Column<LedgerHour>> COLUMNS =
            List.of(
                    new Column<>("HOUR", hour -> Texts.time(hour.getHour())),
                    new Column<>("AGENT", LedgerHour::getAgentId),
                    new Column<>("PRODUCED", hour -> Long.toString(hour.getProduced())),
                    new Column<>("STORED", hour -> Long.toString(hour.getStored())),
                    new Column<>("LOST", hour -> Long.toString(hour.getDeclaredLost())),
                    new Column<>(
                            "WHY",
                            hour ->
                                    hour.getLossesList().stream()
                                            .map(loss -> loss.getReason() + ": " + loss.getEvents())
                                            .collect(Collectors.joining("; "))));

    @Command(name = "list", description = "Hours, newest first.", mixinStandardHelpOptions = true)
    void list(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--agent", defaultValue = "", description = "Agent id.") String agent,
            @Option(names = "--only-losses", description = "Only hours with loss.") boolean losses,
            @Option(names = "--limit", defaultValue = "50", description = "At most so many.")
                    int limit) {
        List<LedgerHour> hours =
                connection.call(channel -> {
                    var stub = LedgerServiceGrpc.newBlockingStub(channel);
                    return Pages.collect(
                            limit,
                            (size, token) ->
                                    stub.listLedgers(
                                            ListLedgersRequest.newBuilder()
                                                    .setPageSize(size)
                                                    .setPageToken(token)
                                                    .setAgentId(agent)
                                                    .setOnlyLosses(losses)
                                                    .build()),
                            ListLedgersResponse::getLedgersList,
                            ListLedgersResponse::getNextPageToken);
                });
        output.print(hours, COLUMNS);
    }
}
