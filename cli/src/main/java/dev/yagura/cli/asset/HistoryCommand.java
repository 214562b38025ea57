package dev.yagura.cli.asset;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetVersion;
import dev.yagura.proto.inventory.v1.ListAssetVersionsRequest;
import dev.yagura.proto.inventory.v1.ListAssetVersionsResponse;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura assets history`. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        description = "What changed of an asset and when, newest first, field by field.")
final class HistoryCommand implements Runnable {
    @Mixin private Connection connection = new Connection();

    @Mixin private Output output = new Output();

    @Parameters(paramLabel = "NAME", description = "assets/{id}")
    private String name = "";

    @Option(names = "--limit", defaultValue = "20", description = "At most so many changes.")
    private int limit = 20;

    @Option(
            names = "--recorded",
            description = "Also what AWS Config has kept from before the inventory knew it.")
    private boolean recorded;

    private String problem = "";

    @Override
    public void run() {
        // One more, for what the last one changed.
        List<AssetVersion> versions =
                connection.call(channel -> {
                    var stub = AssetServiceGrpc.newBlockingStub(channel);
                    return Pages.collect(
                            limit + 1,
                            (size, token) ->
                                    noted(
                                            stub.listAssetVersions(
                                                    ListAssetVersionsRequest.newBuilder()
                                                            .setParent(name)
                                                            .setPageSize(size)
                                                            .setPageToken(token)
                                                            .setIncludeRecorded(recorded)
                                                            .build())),
                            ListAssetVersionsResponse::getVersionsList,
                            ListAssetVersionsResponse::getNextPageToken);
                });
        for (int i = 0; i < Math.min(limit, versions.size()); i++) {
            if (output.isJson()) {
                output.json(versions.get(i));
            } else {
                print(versions.get(i), versions.subList(i + 1, versions.size()));
            }
        }
        if (!problem.isEmpty() && !output.isJson()) {
            output.line("Not all of AWS Config's history: " + problem);
        }
        output.flush();
    }

    private ListAssetVersionsResponse noted(ListAssetVersionsResponse answer) {
        problem = answer.getRecordedProblem();
        return answer;
    }

    private void print(AssetVersion version, List<AssetVersion> older) {
        String time =
                Texts.time(version.getStartTime())
                        + (version.getRecorded() ? "  (AWS Config)" : "");
        if (older.isEmpty()) {
            output.line(time + "  the first that is kept");
            return;
        }
        List<String> changes =
                VersionChanges.between(older.getFirst().getAsset(), version.getAsset());
        output.line(time + (changes.isEmpty() ? "  captured again" : ""));
        changes.forEach(line -> output.line("    " + line));
    }
}
