package dev.yagura.cli.asset;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.ListReconciliationsRequest;
import dev.yagura.proto.inventory.v1.ListReconciliationsResponse;
import dev.yagura.proto.inventory.v1.Reconciliation;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura assets reconciliations`. */
@Command(
        name = "reconciliations",
        mixinStandardHelpOptions = true,
        description = "Reconciliations, newest first; or one with how each of its parts stands.")
final class ReconciliationsCommand implements Runnable {
    private static final List<Column<Reconciliation>> COLUMNS =
            List.of(
                    new Column<>("STARTED", each -> Texts.time(each.getStartTime())),
                    new Column<>("ENDED", each -> Texts.time(each.getEndTime())),
                    new Column<>("BY", Reconciliation::getRequestedBy),
                    new Column<>("NAME", Reconciliation::getName),
                    new Column<>("STATE", ReconcileCommand::counts));

    @Mixin private Connection connection = new Connection();

    @Mixin private Output output = new Output();

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            defaultValue = "",
            description = "reconciliations/{id}; none for a list.")
    private String name = "";

    @Option(names = "--limit", defaultValue = "20", description = "At most so many.")
    private int limit = 20;

    @Override
    public void run() {
        if (!name.isEmpty()) {
            ReconcileCommand.show(
                    output,
                    connection.call(channel ->
                            ReconcileCommand.get(AssetServiceGrpc.newBlockingStub(channel), name)));
            return;
        }
        List<Reconciliation> found =
                connection.call(channel -> {
                    var stub = AssetServiceGrpc.newBlockingStub(channel);
                    return Pages.collect(
                            limit,
                            (size, token) ->
                                    stub.listReconciliations(
                                            ListReconciliationsRequest.newBuilder()
                                                    .setPageSize(size)
                                                    .setPageToken(token)
                                                    .build()),
                            ListReconciliationsResponse::getReconciliationsList,
                            ListReconciliationsResponse::getNextPageToken);
                });
        output.print(found, COLUMNS);
        output.flush();
    }
}
