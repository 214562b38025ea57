package dev.yagura.cli.asset;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Moments;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetGraph;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.GetAssetGraphRequest;
import dev.yagura.proto.inventory.v1.GetAssetRequest;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura assets`. */
@Command(
        name = "assets",
        mixinStandardHelpOptions = true,
        description =
                "Assets: list, show, graph, history, software; and reading them anew: reconcile,"
                        + " reconciliations.",
        subcommands = {
            HistoryCommand.class,
            SoftwareCommand.class,
            ReconcileCommand.class,
            ReconciliationsCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  yagura assets list --type AWS::EC2::SecurityGroup",
            "  yagura assets graph i-0abc… --depth 2 --type AWS::IAM::Role --type"
                    + " AWS::EC2::Instance",
            "  yagura assets show assets/… --at 2026-11-20T09:00:00Z",
            "  yagura assets history assets/…",
            "  yagura assets software --name xz-utils --version 5.6.1",
            "  yagura assets reconcile --type AWS::EC2::SecurityGroup"
        })
public final class AssetsCommand {
    private static final List<Column<Asset>> COLUMNS =
            List.of(
                    new Column<>("CALLED", AssetsCommand::called),
                    new Column<>("TYPE", Asset::getResourceType),
                    new Column<>("ID", Asset::getNativeId),
                    new Column<>("ACCOUNT", asset -> asset.getScope().getAccountId()),
                    new Column<>("REGION", asset -> asset.getScope().getRegion()),
                    new Column<>("STATE", AssetsCommand::state),
                    new Column<>("AGENTS", asset -> Integer.toString(asset.getAgentsCount())),
                    new Column<>(
                            "INTERFACES",
                            asset -> Integer.toString(asset.getNetworkInterfacesCount())),
                    new Column<>("OBSERVED", asset -> Texts.time(asset.getObservedTime())),
                    new Column<>("NAME", Asset::getName));

    @Command(name = "list", description = "Assets by id.", mixinStandardHelpOptions = true)
    void list(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--instance", defaultValue = "", description = "EC2 instance id.")
                    String instance,
            @Option(
                            names = "--type",
                            defaultValue = "",
                            description =
                                    "Resource type as AWS Config names it, such as"
                                            + " AWS::EC2::Volume, or Yagura::Host; empty means"
                                            + " every type.")
                    String type,
            @Option(
                            names = "--state",
                            description =
                                    "active, tombstone (default active, or what the filter says).")
                    @Nullable String state,
            @Option(
                            names = "--filter",
                            defaultValue = "",
                            description =
                                    "Only these, for example 'tags.env = prod AND NOT owner:*'.")
                    String expression,
            @Option(
                            names = "--at",
                            defaultValue = "",
                            paramLabel = "TIME",
                            description = "As they were known then; empty means now.")
                    String at,
            @Option(names = "--limit", defaultValue = "50", description = "At most so many.")
                    int limit) {
        AssetFilter filter =
                AssetFilter.newBuilder()
                        .setInstanceId(instance)
                        .setResourceType(type)
                        .setExpression(expression)
                        .setState(
                                state == null
                                        ? AssetState.ASSET_STATE_UNSPECIFIED
                                        : Texts.parse(AssetState.class, "ASSET_STATE_", state))
                        .build();
        ListAssetsRequest.Builder request = ListAssetsRequest.newBuilder().setFilter(filter);
        if (!at.isEmpty()) {
            request.setReadTime(Moments.parse("--at", at));
        }
        List<Asset> assets =
                connection.call(channel -> {
                    var stub = AssetServiceGrpc.newBlockingStub(channel);
                    return Pages.collect(
                            limit,
                            (size, token) ->
                                    stub.listAssets(
                                            request.setPageSize(size).setPageToken(token).build()),
                            ListAssetsResponse::getAssetsList,
                            ListAssetsResponse::getNextPageToken);
                });
        output.print(assets, COLUMNS);
    }

    @Command(
            name = "show",
            description = "One asset as JSON, with relations and configuration.",
            mixinStandardHelpOptions = true)
    void show(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(
                            names = "--at",
                            defaultValue = "",
                            paramLabel = "TIME",
                            description = "As it was known then; empty means now.")
                    String at,
            @Parameters(paramLabel = "NAME", description = "assets/{id}") String name) {
        GetAssetRequest.Builder request = GetAssetRequest.newBuilder().setName(name);
        if (!at.isEmpty()) {
            request.setReadTime(Moments.parse("--at", at));
        }
        output.json(
                connection.<Asset>call(channel ->
                        AssetServiceGrpc.newBlockingStub(channel).getAsset(request.build())));
        output.flush();
    }

    @Command(
            name = "graph",
            description = "What is around an asset, as a tree.",
            mixinStandardHelpOptions = true)
    void graph(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(
                            paramLabel = "NAME_OR_ID",
                            description = "assets/{id}, or a resource id such as an instance id.")
                    String nameOrId,
            @Option(
                            names = "--depth",
                            defaultValue = "1",
                            description =
                                    "Steps from the asset, 1 to 3 (default" + " ${DEFAULT-VALUE}).")
                    int depth,
            @Option(
                            names = "--type",
                            description =
                                    "Only resources of this type, such as AWS::EC2::Instance; can"
                                            + " be repeated.")
                    @Nullable List<String> types,
            @Option(
                            names = "--limit",
                            defaultValue = "100",
                            description = "Resources at most, up to 500.")
                    int limit) {
        AssetGraph graph =
                connection.call(channel -> {
                    var stub = AssetServiceGrpc.newBlockingStub(channel);
                    return stub.getAssetGraph(
                            GetAssetGraphRequest.newBuilder()
                                    .setName(AssetNames.of(stub, nameOrId))
                                    .setDepth(depth)
                                    .addAllResourceTypes(types == null ? List.of() : types)
                                    .setMaxNodes(limit)
                                    .build());
                });
        output.print(graph, GraphText::of);
    }

    /** A host's name; of other resources the one in AWS Config. */
    private static String called(Asset asset) {
        return asset.getHostname().isEmpty() ? asset.getResourceName() : asset.getHostname();
    }

    private static String state(Asset asset) {
        if (asset.getState() == AssetState.ASSET_STATE_TOMBSTONE) {
            return "tombstone";
        }
        return asset.getInstanceState().isEmpty() ? "active" : asset.getInstanceState();
    }
}
