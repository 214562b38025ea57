package dev.yagura.inventory.asset;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.grpc.ServerStreams;
import dev.yagura.common.grpc.WatchSink;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.paging.PageSize;
import dev.yagura.common.paging.PageTokens;
import dev.yagura.common.text.Texts;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.filter.Filter;
import dev.yagura.inventory.filter.FilterField;
import dev.yagura.inventory.filter.FilterParser;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.GetAssetGraphRequest;
import dev.yagura.proto.inventory.v1.GetAssetRequest;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.inventory.v1.WatchAssetsRequest;
import dev.yagura.proto.inventory.v1.WatchAssetsResponse;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** yagura.inventory.v1.AssetService. */
@ApplicationScoped
class AssetEndpoint extends AssetServiceGrpc.AssetServiceImplBase {
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 500;
    private static final int MAX_TEXT = 255;

    /** AWS Config's own bound. */
    private static final int MAX_NATIVE_ID = 768;

    private static final String LIST = "yagura.inventory.v1.AssetService/ListAssets";

    private final AssetCatalog catalog;

    @Inject
    AssetEndpoint(AssetCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public void getAsset(
            GetAssetRequest request, StreamObserver<dev.yagura.proto.inventory.v1.Asset> observer) {
        Visibility visibility = Visibility.of(Callers.current());
        UUID id = ResourceName.parse("assets", request.getName());
        Replies.unary(observer, () -> AssetProtos.message(catalog.get(id, visibility)));
    }

    @Override
    public void listAssets(ListAssetsRequest request, StreamObserver<ListAssetsResponse> observer) {
        AssetSelection selection = listed(request.getFilter());
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
        PageTokens tokens = PageTokens.of(LIST, request.getFilter().toByteArray(), "id");
        Optional<UUID> after = tokens.read(request.getPageToken()).map(key -> key.uuid(0));
        Replies.unary(
                observer,
                () -> {
                    // Before the query: what is committed in between is in both.
                    String cursor = catalog.feed().cursor();
                    AssetStore.Page found = catalog.list(selection, after, size);
                    ListAssetsResponse.Builder page =
                            ListAssetsResponse.newBuilder().setCursor(cursor);
                    found.assets().forEach(asset -> page.addAssets(AssetProtos.summary(asset)));
                    found.next().ifPresent(id -> page.setNextPageToken(tokens.next(id.toString())));
                    return page.build();
                });
    }

    @Override
    public void watchAssets(
            WatchAssetsRequest request, StreamObserver<WatchAssetsResponse> observer) {
        AssetSelection selection = watched(request.getFilter());
        ServerStreams.<WatchAssetsResponse>serve(
                observer,
                sink ->
                        catalog.feed()
                                .watcher()
                                .watch(
                                        request.getCursor(),
                                        ids -> catalog.load(selection, ids),
                                        new WatchSink<>(
                                                sink,
                                                AssetEndpoint::message,
                                                next -> message(next, null))));
    }

    @Override
    public void getAssetGraph(
            GetAssetGraphRequest request,
            StreamObserver<dev.yagura.proto.inventory.v1.AssetGraph> observer) {
        UUID id = ResourceName.parse("assets", request.getName());
        GraphQuery query = GraphProtos.query(Visibility.of(Callers.current()), request);
        Replies.unary(observer, () -> GraphProtos.message(catalog.graph(id, query)));
    }

    private static WatchAssetsResponse message(String cursor, @Nullable Asset asset) {
        WatchAssetsResponse.Builder message = WatchAssetsResponse.newBuilder().setCursor(cursor);
        if (asset != null) {
            message.setAsset(AssetProtos.summary(asset));
        }
        return message.build();
    }

    private static AssetSelection listed(AssetFilter filter) {
        return selection(filter, Optional.of(false));
    }

    /** A watcher who does not say otherwise must hear that an asset is gone. */
    private static AssetSelection watched(AssetFilter filter) {
        return selection(filter, Optional.empty());
    }

    private static AssetSelection selection(AssetFilter filter, Optional<Boolean> standard) {
        Filter expression = FilterParser.parse("filter.expression", filter.getExpression());
        return new AssetSelection(
                Visibility.of(Callers.current()),
                Texts.optional("filter.instance_id", filter.getInstanceId(), MAX_TEXT),
                Texts.optional("filter.native_id", filter.getNativeId(), MAX_NATIVE_ID),
                Texts.optional("filter.resource_type", filter.getResourceType(), MAX_TEXT),
                tombstone(
                        filter.getState(),
                        expression.mentions(FilterField.STATE) ? Optional.empty() : standard),
                expression);
    }

    private static Optional<Boolean> tombstone(AssetState state, Optional<Boolean> standard) {
        return switch (state) {
            case ASSET_STATE_UNSPECIFIED -> standard;
            case ASSET_STATE_ACTIVE -> Optional.of(false);
            case ASSET_STATE_TOMBSTONE -> Optional.of(true);
            case UNRECOGNIZED ->
                    throw new InvalidFieldException(
                            "filter.state",
                            "is unknown",
                            "send ASSET_STATE_ACTIVE or ASSET_STATE_TOMBSTONE");
        };
    }
}
