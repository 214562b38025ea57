package dev.yagura.inventory.asset;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.grpc.ServerStreams;
import dev.yagura.common.grpc.WatchSink;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.paging.PageSize;
import dev.yagura.common.paging.PageTokens;
import dev.yagura.common.text.Texts;
import dev.yagura.inventory.access.ReadTime;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.filter.Filter;
import dev.yagura.inventory.filter.FilterField;
import dev.yagura.inventory.filter.FilterParser;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.GetAssetGraphRequest;
import dev.yagura.proto.inventory.v1.GetAssetRequest;
import dev.yagura.proto.inventory.v1.GetReconciliationRequest;
import dev.yagura.proto.inventory.v1.ListAssetVersionsRequest;
import dev.yagura.proto.inventory.v1.ListAssetVersionsResponse;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.inventory.v1.ListInstalledSoftwareRequest;
import dev.yagura.proto.inventory.v1.ListInstalledSoftwareResponse;
import dev.yagura.proto.inventory.v1.ListReconciliationsRequest;
import dev.yagura.proto.inventory.v1.ListReconciliationsResponse;
import dev.yagura.proto.inventory.v1.ReconcileAssetsRequest;
import dev.yagura.proto.inventory.v1.WatchAssetsRequest;
import dev.yagura.proto.inventory.v1.WatchAssetsResponse;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
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

    private static final int DEFAULT_VERSIONS = 20;
    private static final int MAX_VERSIONS = 100;
    private static final int MAX_RECONCILIATIONS = 100;
    private static final int DEFAULT_SOFTWARE = 100;
    private static final String SERVICE = "yagura.inventory.v1.AssetService/";
    private static final String LIST = SERVICE + "ListAssets";
    private static final PageTokens RECONCILIATIONS =
            PageTokens.of(SERVICE + "ListReconciliations", new byte[0], "id desc");

    private final AssetCatalog catalog;
    private final AssetHistory history;
    private final Reconciliations reconciliations;
    private final SoftwareListing software;

    @Inject
    AssetEndpoint(
            AssetCatalog catalog,
            AssetHistory history,
            Reconciliations reconciliations,
            SoftwareListing software) {
        this.catalog = catalog;
        this.history = history;
        this.reconciliations = reconciliations;
        this.software = software;
    }

    @Override
    public void getAsset(
            GetAssetRequest request, StreamObserver<dev.yagura.proto.inventory.v1.Asset> observer) {
        Visibility visibility = Visibility.of(Callers.current());
        UUID id = ResourceName.parse("assets", request.getName());
        Replies.unary(
                observer,
                () ->
                        request.hasReadTime()
                                ? AssetProtos.past(
                                        AssetProtos.message(
                                                history.get(
                                                        id,
                                                        visibility,
                                                        ReadTime.of(request.getReadTime()))))
                                : AssetProtos.message(catalog.get(id, visibility)));
    }

    @Override
    public void listAssets(ListAssetsRequest request, StreamObserver<ListAssetsResponse> observer) {
        AssetSelection selection = listed(request.getFilter());
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
        PageTokens tokens =
                PageTokens.of(
                        LIST,
                        request.toBuilder().clearPageSize().clearPageToken().build().toByteArray(),
                        "id");
        Optional<UUID> after = tokens.read(request.getPageToken()).map(key -> key.uuid(0));
        if (request.hasReadTime()) {
            Instant time = ReadTime.of(request.getReadTime());
            Replies.unary(observer, () -> page(history.list(selection, time, after, size), tokens));
            return;
        }
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
        GraphQuery query = GraphProtos.query(Visibility.of(Callers.current()), request);
        Optional<ReferencedAsset> start = GraphProtos.start(request);
        if (start.isPresent()) {
            Replies.unary(
                    observer, () -> GraphProtos.message(catalog.graph(start.orElseThrow(), query)));
            return;
        }
        UUID id = ResourceName.parse("assets", request.getName());
        Replies.unary(observer, () -> GraphProtos.message(catalog.graph(id, query)));
    }

    @Override
    public void listAssetVersions(
            ListAssetVersionsRequest request, StreamObserver<ListAssetVersionsResponse> observer) {
        Visibility visibility = Visibility.of(Callers.current());
        UUID id = ResourceName.parse("parent", "assets", request.getParent());
        int size = PageSize.of(request.getPageSize(), DEFAULT_VERSIONS, MAX_VERSIONS);
        PageTokens tokens =
                PageTokens.of(
                        SERVICE + "ListAssetVersions",
                        request.getParentBytes().toByteArray(),
                        "start_time desc");
        Optional<Instant> before =
                tokens.read(request.getPageToken()).map(key -> Instant.parse(key.text(0)));
        Replies.unary(
                observer,
                () -> {
                    AssetHistory.Versions page = history.versions(id, visibility, before, size);
                    ListAssetVersionsResponse.Builder answer =
                            ListAssetVersionsResponse.newBuilder();
                    page.versions().forEach(each -> answer.addVersions(AssetProtos.message(each)));
                    page.next()
                            .ifPresent(
                                    next -> answer.setNextPageToken(tokens.next(next.toString())));
                    if (request.getIncludeRecorded() && page.next().isEmpty()) {
                        addRecorded(id, visibility, begin(page).or(() -> before), answer);
                    }
                    return answer.build();
                });
    }

    private static Optional<Instant> begin(AssetHistory.Versions page) {
        return page.versions().isEmpty()
                ? Optional.empty()
                : Optional.of(page.versions().getLast().asset().updateTime());
    }

    private void addRecorded(
            UUID id,
            Visibility visibility,
            Optional<Instant> begin,
            ListAssetVersionsResponse.Builder answer) {
        AssetHistory.Recorded recorded = history.recorded(id, visibility, begin.orElseThrow());
        recorded.versions()
                .forEach(each ->
                        answer.addVersions(
                                AssetProtos.message(each).toBuilder().setRecorded(true)));
        answer.setRecordedProblem(recorded.problem());
    }

    @Override
    public void listInstalledSoftware(
            ListInstalledSoftwareRequest request,
            StreamObserver<ListInstalledSoftwareResponse> observer) {
        SoftwareListing.Query query =
                SoftwareProtos.query(Visibility.of(Callers.current()), request);
        int size = PageSize.of(request.getPageSize(), DEFAULT_SOFTWARE, MAX_PAGE);
        PageTokens tokens = SoftwareProtos.tokens(request);
        Optional<SoftwareListing.Place> after =
                SoftwareProtos.place(tokens, request.getPageToken());
        Replies.unary(
                observer,
                () -> {
                    Optional<String> problem =
                            query.asset().map(id -> software.problem(id, query.visibility()));
                    ListInstalledSoftwareResponse.Builder answer =
                            SoftwareProtos.message(software.list(query, after, size), tokens);
                    problem.ifPresent(answer::setProblem);
                    if (problem.isEmpty() && after.isEmpty()) {
                        answer.setUnsure(
                                SoftwareProtos.message(software.unsure(query.visibility())));
                    }
                    return answer.build();
                });
    }

    @Override
    public void reconcileAssets(
            ReconcileAssetsRequest request,
            StreamObserver<dev.yagura.proto.inventory.v1.Reconciliation> observer) {
        Principal caller = Callers.current();
        Visibility visibility = Visibility.of(caller);
        Reconciliations.Request asked = ReconciliationProtos.request(request);
        Replies.unary(
                observer,
                () ->
                        ReconciliationProtos.message(
                                reconciliations.start(caller, visibility, asked)));
    }

    @Override
    public void getReconciliation(
            GetReconciliationRequest request,
            StreamObserver<dev.yagura.proto.inventory.v1.Reconciliation> observer) {
        Visibility visibility = Visibility.of(Callers.current());
        UUID id = ResourceName.parse("reconciliations", request.getName());
        Replies.unary(
                observer, () -> ReconciliationProtos.message(reconciliations.get(id, visibility)));
    }

    @Override
    public void listReconciliations(
            ListReconciliationsRequest request,
            StreamObserver<ListReconciliationsResponse> observer) {
        Visibility visibility = Visibility.of(Callers.current());
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_RECONCILIATIONS);
        Optional<UUID> before =
                RECONCILIATIONS.read(request.getPageToken()).map(key -> key.uuid(0));
        Replies.unary(
                observer,
                () -> {
                    List<Reconciliation> page = reconciliations.list(visibility, before, size);
                    ListReconciliationsResponse.Builder answer =
                            ListReconciliationsResponse.newBuilder();
                    page.forEach(
                            each -> answer.addReconciliations(ReconciliationProtos.summary(each)));
                    if (page.size() == size) {
                        answer.setNextPageToken(
                                RECONCILIATIONS.next(page.getLast().id().toString()));
                    }
                    return answer.build();
                });
    }

    private static ListAssetsResponse page(AssetHistory.Page from, PageTokens tokens) {
        ListAssetsResponse.Builder page = ListAssetsResponse.newBuilder();
        from.assets()
                .forEach(asset -> page.addAssets(AssetProtos.past(AssetProtos.summary(asset))));
        from.next().ifPresent(id -> page.setNextPageToken(tokens.next(id.toString())));
        return page.build();
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
