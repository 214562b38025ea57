package dev.yagura.detection.indicator;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.LimitExceededException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.grpc.ServerStreams;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.paging.PageSize;
import dev.yagura.common.paging.PageTokens;
import dev.yagura.common.text.Texts;
import dev.yagura.indicator.IndicatorKey;
import dev.yagura.indicator.IndicatorKind;
import dev.yagura.indicator.MalformedIndicatorException;
import dev.yagura.proto.detection.v1.DeleteIndicatorListRequest;
import dev.yagura.proto.detection.v1.DeleteIndicatorListResponse;
import dev.yagura.proto.detection.v1.GetIndicatorListRequest;
import dev.yagura.proto.detection.v1.ImportIndicatorsRequest;
import dev.yagura.proto.detection.v1.ImportIndicatorsResponse;
import dev.yagura.proto.detection.v1.Indicator;
import dev.yagura.proto.detection.v1.IndicatorServiceGrpc;
import dev.yagura.proto.detection.v1.KnownIndicator;
import dev.yagura.proto.detection.v1.ListIndicatorListsRequest;
import dev.yagura.proto.detection.v1.ListIndicatorListsResponse;
import dev.yagura.proto.detection.v1.ListIndicatorsRequest;
import dev.yagura.proto.detection.v1.ListIndicatorsResponse;
import dev.yagura.proto.detection.v1.LookupIndicatorRequest;
import dev.yagura.proto.detection.v1.LookupIndicatorResponse;
import dev.yagura.proto.detection.v1.ReinstateIndicatorRequest;
import dev.yagura.proto.detection.v1.RetroMatchRequest;
import dev.yagura.proto.detection.v1.RetroMatchResponse;
import dev.yagura.proto.detection.v1.RevokeIndicatorRequest;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** yagura.detection.v1.IndicatorService. */
@ApplicationScoped
class IndicatorEndpoint implements IndicatorServiceGrpc.AsyncService, BindableService {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1_000;
    private static final int MAX_VALUE = 4_096;
    private static final Duration BUSY = Duration.ofSeconds(10);

    /** Imports and retro-matches of one replica at once. */
    private final Semaphore imports = new Semaphore(2);

    private final Semaphore retroMatches = new Semaphore(1);

    private final IndicatorCatalog catalog;
    private final IndicatorStore store;
    private final RetroMatching retroMatching;
    private final Clock clock;

    @Inject
    IndicatorEndpoint(
            IndicatorCatalog catalog,
            IndicatorStore store,
            RetroMatching retroMatching,
            Clock clock) {
        this.catalog = catalog;
        this.store = store;
        this.retroMatching = retroMatching;
        this.clock = clock;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return IndicatorServiceGrpc.bindService(this);
    }

    @Override
    public StreamObserver<ImportIndicatorsRequest> importIndicators(
            StreamObserver<ImportIndicatorsResponse> observer) {
        if (!imports.tryAcquire()) {
            throw new LimitExceededException("two imports run already; try again", BUSY);
        }
        return new GrpcImportUpload(catalog, Callers.current(), observer, imports::release);
    }

    @Override
    public void listIndicatorLists(
            ListIndicatorListsRequest request,
            StreamObserver<ListIndicatorListsResponse> observer) {
        Replies.unary(observer, () -> lists(request));
    }

    private ListIndicatorListsResponse lists(ListIndicatorListsRequest request) {
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
        PageTokens tokens =
                PageTokens.of(
                        IndicatorServiceGrpc.getListIndicatorListsMethod().getFullMethodName(),
                        new byte[0],
                        "id");
        String after = tokens.read(request.getPageToken()).map(key -> key.text(0)).orElse("");
        List<IndicatorList> lists = store.lists(after, size + 1);
        ListIndicatorListsResponse.Builder answer = ListIndicatorListsResponse.newBuilder();
        lists.stream().limit(size).forEach(list -> answer.addLists(IndicatorProtos.list(list)));
        if (lists.size() > size) {
            answer.setNextPageToken(tokens.next(lists.get(size - 1).id()));
        }
        return answer.build();
    }

    @Override
    public void getIndicatorList(
            GetIndicatorListRequest request,
            StreamObserver<dev.yagura.proto.detection.v1.IndicatorList> observer) {
        Replies.unary(
                observer,
                () ->
                        store.list(ListName.list("name", request.getName()))
                                .map(IndicatorProtos::list)
                                .orElseThrow(() -> missing(request.getName())));
    }

    @Override
    public void deleteIndicatorList(
            DeleteIndicatorListRequest request,
            StreamObserver<DeleteIndicatorListResponse> observer) {
        Replies.unary(
                observer,
                () -> catalog.delete(request.getName(), request.getRequestId(), Callers.current()));
    }

    @Override
    public void listIndicators(
            ListIndicatorsRequest request, StreamObserver<ListIndicatorsResponse> observer) {
        Replies.unary(observer, () -> indicators(request));
    }

    private ListIndicatorsResponse indicators(ListIndicatorsRequest request) {
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
        IndicatorStore.Filter filter = filter(request);
        PageTokens tokens =
                PageTokens.of(
                        IndicatorServiceGrpc.getListIndicatorsMethod().getFullMethodName(),
                        request.toBuilder().clearPageSize().clearPageToken().build().toByteArray(),
                        "list, id");
        Optional<IndicatorStore.After> after =
                tokens.read(request.getPageToken())
                        .map(key -> new IndicatorStore.After(key.text(0), key.uuid(1)));
        List<StoredIndicator> found = store.page(filter, after, size + 1);
        ListIndicatorsResponse.Builder answer = ListIndicatorsResponse.newBuilder();
        found.stream()
                .limit(size)
                .forEach(one -> answer.addIndicators(IndicatorProtos.indicator(one)));
        if (found.size() > size) {
            StoredIndicator last = found.get(size - 1);
            answer.setNextPageToken(tokens.next(last.list().id(), last.id().toString()));
        }
        return answer.build();
    }

    private IndicatorStore.Filter filter(ListIndicatorsRequest request) {
        Optional<String> list =
                Optional.of(request.getList())
                        .filter(name -> !name.isEmpty())
                        .map(name -> ListName.list("list", name));
        list.ifPresent(id -> {
            if (store.list(id).isEmpty()) {
                throw missing(request.getList());
            }
        });
        Optional<IndicatorKind> kind = kind(request);
        String value = Texts.optional("value", request.getValue(), MAX_VALUE);
        return new IndicatorStore.Filter(
                list, kind, value.isEmpty() ? List.of() : keys(value, kind));
    }

    private static Optional<IndicatorKind> kind(ListIndicatorsRequest request) {
        return switch (request.getKind()) {
            case INDICATOR_KIND_UNSPECIFIED -> Optional.empty();
            case UNRECOGNIZED ->
                    throw new InvalidFieldException(
                            "kind", "is unknown", "send a kind, or nothing for any");
            default -> Optional.of(IndicatorKind.ofCode(request.getKindValue()));
        };
    }

    /** The value as each kind would write it. */
    private static List<IndicatorKey> keys(String value, Optional<IndicatorKind> kind) {
        List<IndicatorKey> keys = new ArrayList<>();
        String problem = "";
        for (IndicatorKind one : kind.map(List::of).orElse(List.of(IndicatorKind.values()))) {
            try {
                keys.add(IndicatorKey.parse(one, value));
            } catch (MalformedIndicatorException e) {
                problem = String.valueOf(e.getMessage());
            }
        }
        if (keys.isEmpty()) {
            throw new InvalidFieldException(
                    "value", "is no indicator", problem.isEmpty() ? "send another" : problem);
        }
        return keys;
    }

    @Override
    public void revokeIndicator(
            RevokeIndicatorRequest request, StreamObserver<Indicator> observer) {
        Replies.unary(
                observer,
                () ->
                        IndicatorProtos.indicator(
                                catalog.revoke(
                                        request.getName(),
                                        request.getReason(),
                                        request.getRequestId(),
                                        Callers.current())));
    }

    @Override
    public void reinstateIndicator(
            ReinstateIndicatorRequest request, StreamObserver<Indicator> observer) {
        Replies.unary(
                observer,
                () ->
                        IndicatorProtos.indicator(
                                catalog.reinstate(
                                        request.getName(),
                                        request.getRequestId(),
                                        Callers.current())));
    }

    @Override
    public void lookupIndicator(
            LookupIndicatorRequest request, StreamObserver<LookupIndicatorResponse> observer) {
        Replies.unary(
                observer,
                () -> {
                    Instant time =
                            request.hasTime()
                                    ? Instant.ofEpochSecond(
                                            request.getTime().getSeconds(),
                                            request.getTime().getNanos())
                                    : clock.instant();
                    LookupIndicatorResponse.Builder answer = LookupIndicatorResponse.newBuilder();
                    catalog.lookup(request.getValue(), time)
                            .forEach(known ->
                                    answer.addIndicators(
                                            KnownIndicator.newBuilder()
                                                    .setIndicator(
                                                            IndicatorProtos.indicator(
                                                                    known.indicator()))
                                                    .setValid(known.valid())
                                                    .setReason(known.reason())));
                    return answer.build();
                });
    }

    @Override
    public void retroMatch(RetroMatchRequest request, StreamObserver<RetroMatchResponse> observer) {
        IndicatorMatcher matcher = catalog.retroMatcher(request.getTarget());
        Principal caller = Callers.current();
        if (!retroMatches.tryAcquire()) {
            throw new LimitExceededException(
                    "another retro-match runs; try again when it is done", BUSY);
        }
        ServerStreams.serve(
                observer,
                client -> {
                    try {
                        retroMatching.run(matcher, caller.accountIds(), client::send);
                    } finally {
                        retroMatches.release();
                    }
                });
    }

    private static NotFoundException missing(String name) {
        return new NotFoundException("list of indicators", name);
    }
}
