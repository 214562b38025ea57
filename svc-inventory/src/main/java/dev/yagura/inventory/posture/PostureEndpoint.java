package dev.yagura.inventory.posture;

import com.google.protobuf.Timestamp;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.paging.PageSize;
import dev.yagura.common.paging.PageTokens;
import dev.yagura.inventory.access.ReadTime;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.proto.inventory.v1.GetAccountPostureRequest;
import dev.yagura.proto.inventory.v1.GetPostureRequest;
import dev.yagura.proto.inventory.v1.ListMisconfigurationsRequest;
import dev.yagura.proto.inventory.v1.ListMisconfigurationsResponse;
import dev.yagura.proto.inventory.v1.Posture;
import dev.yagura.proto.inventory.v1.PostureServiceGrpc;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** yagura.inventory.v1.PostureService. */
@ApplicationScoped
class PostureEndpoint extends PostureServiceGrpc.PostureServiceImplBase {
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 500;
    private static final String LIST = "yagura.inventory.v1.PostureService/ListMisconfigurations";

    private final PostureCatalog catalog;
    private final PostureHistory history;
    private final AccountPostures accounts;
    private final Misconfigurations misconfigurations;

    @Inject
    PostureEndpoint(
            PostureCatalog catalog,
            AccountPostures accounts,
            PostureHistory history,
            Misconfigurations misconfigurations) {
        this.catalog = catalog;
        this.accounts = accounts;
        this.history = history;
        this.misconfigurations = misconfigurations;
    }

    @Override
    public void getPosture(GetPostureRequest request, StreamObserver<Posture> observer) {
        Visibility visibility = Visibility.of(Callers.current());
        if (request.getAsset().isEmpty() == request.getInstanceId().isEmpty()) {
            throw new InvalidFieldException(
                    "asset",
                    "must be given, or instance_id instead, and not both",
                    "send assets/… or an instance id");
        }
        Optional<UUID> asset =
                request.getAsset().isEmpty()
                        ? Optional.empty()
                        : Optional.of(ResourceName.parse("asset", "assets", request.getAsset()));
        Optional<Instant> time = readTime(request.hasReadTime(), request.getReadTime());
        Replies.unary(
                observer,
                () -> {
                    UUID id =
                            asset.orElseGet(
                                    () -> catalog.instance(request.getInstanceId(), visibility));
                    return time.map(then -> history.at(id, visibility, then))
                            .orElseGet(() -> PostureProtos.message(catalog.judge(id, visibility)));
                });
    }

    @Override
    public void getAccountPosture(
            GetAccountPostureRequest request, StreamObserver<Posture> observer) {
        Visibility visibility = Visibility.of(Callers.current());
        String accountId = Scopes.requireAccount("account_id", request.getAccountId());
        Optional<Instant> time = readTime(request.hasReadTime(), request.getReadTime());
        Replies.unary(
                observer,
                () ->
                        time.map(then -> history.at(accountId, visibility, then))
                                .orElseGet(() ->
                                        PostureProtos.message(
                                                accounts.judge(accountId, visibility))));
    }

    private static Optional<Instant> readTime(boolean given, Timestamp time) {
        return given ? Optional.of(ReadTime.of(time)) : Optional.empty();
    }

    @Override
    public void listMisconfigurations(
            ListMisconfigurationsRequest request,
            StreamObserver<ListMisconfigurationsResponse> observer) {
        List<MisconfigurationCheck> checks = checks(request.getFilter().getCheck());
        Optional<Visibility> visibility = visibility(request.getFilter().getAccountId());
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
        PageTokens tokens =
                PageTokens.of(LIST, request.getFilter().toByteArray(), "check, asset id");
        Misconfigurations.Place after =
                tokens.read(request.getPageToken())
                        .map(key ->
                                new Misconfigurations.Place(
                                        Integer.parseInt(key.text(0)),
                                        key.text(1).isEmpty()
                                                ? Optional.empty()
                                                : Optional.of(key.uuid(1))))
                        .orElse(Misconfigurations.Place.START);
        Replies.unary(
                observer,
                () -> {
                    ListMisconfigurationsResponse.Builder answer =
                            ListMisconfigurationsResponse.newBuilder();
                    visibility.ifPresent(visible -> {
                        Misconfigurations.Page page =
                                misconfigurations.list(checks, visible, after, size);
                        page.found()
                                .forEach(each ->
                                        answer.addMisconfigurations(PostureProtos.message(each)));
                        page.unknown()
                                .forEach(each -> answer.addUnknown(PostureProtos.message(each)));
                        page.next()
                                .ifPresent(place ->
                                        answer.setNextPageToken(
                                                tokens.next(
                                                        Integer.toString(place.check()),
                                                        place.asset()
                                                                .map(UUID::toString)
                                                                .orElse(""))));
                        answer.addAllUnread(misconfigurations.unread(checks, visible));
                    });
                    return answer.build();
                });
    }

    private static List<MisconfigurationCheck> checks(String id) {
        List<MisconfigurationCheck> checks =
                MisconfigurationChecks.ALL.stream()
                        .filter(check -> id.isEmpty() || check.id().equals(id))
                        .toList();
        if (checks.isEmpty()) {
            throw new InvalidFieldException(
                    "filter.check",
                    "is no check",
                    "send one of "
                            + MisconfigurationChecks.ALL.stream()
                                    .map(MisconfigurationCheck::id)
                                    .collect(Collectors.joining(", ")));
        }
        return checks;
    }

    private static Optional<Visibility> visibility(String accountId) {
        Visibility visibility = Visibility.of(Callers.current());
        return accountId.isEmpty()
                ? Optional.of(visibility)
                : visibility.within(Scopes.requireAccount("filter.account_id", accountId));
    }
}
