package dev.yagura.inventory.coverage;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.paging.PageSize;
import dev.yagura.common.paging.PageTokens;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.filter.FilterParser;
import dev.yagura.proto.inventory.v1.CoverageFilter;
import dev.yagura.proto.inventory.v1.CoverageReason;
import dev.yagura.proto.inventory.v1.CoverageServiceGrpc;
import dev.yagura.proto.inventory.v1.CoverageStanding;
import dev.yagura.proto.inventory.v1.CoverageSummary;
import dev.yagura.proto.inventory.v1.GetCoverageSummaryRequest;
import dev.yagura.proto.inventory.v1.ListCoverageRequest;
import dev.yagura.proto.inventory.v1.ListCoverageResponse;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** yagura.inventory.v1.CoverageService. */
@ApplicationScoped
class CoverageEndpoint extends CoverageServiceGrpc.CoverageServiceImplBase {
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 500;
    private static final String LIST = "yagura.inventory.v1.CoverageService/ListCoverage";

    /** Longer than any host has been known. */
    private static final long MAX_AGE_SECONDS = Duration.ofDays(36_500).toSeconds();

    private final CoverageLedger ledger;

    @Inject
    CoverageEndpoint(CoverageLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void listCoverage(
            ListCoverageRequest request, StreamObserver<ListCoverageResponse> observer) {
        CoverageSelection selection = selection(request.getFilter());
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
        PageTokens tokens = PageTokens.of(LIST, request.getFilter().toByteArray(), "asset id");
        Optional<UUID> after = tokens.read(request.getPageToken()).map(key -> key.uuid(0));
        Replies.unary(
                observer,
                () -> {
                    CoverageLedger.Page page = ledger.list(selection, after, size);
                    ListCoverageResponse.Builder answer = ListCoverageResponse.newBuilder();
                    page.coverage()
                            .forEach(each -> answer.addCoverage(CoverageProtos.message(each)));
                    page.next()
                            .ifPresent(id -> answer.setNextPageToken(tokens.next(id.toString())));
                    return answer.build();
                });
    }

    @Override
    public void getCoverageSummary(
            GetCoverageSummaryRequest request, StreamObserver<CoverageSummary> observer) {
        Optional<Visibility> visibility = visibility("account_id", request.getAccountId());
        Replies.unary(
                observer,
                () ->
                        visibility
                                .map(visible ->
                                        CoverageProtos.message(
                                                ledger.count(visible),
                                                ledger.live(visible),
                                                ledger.nodes(),
                                                ledger.detectors()))
                                .orElse(CoverageSummary.getDefaultInstance()));
    }

    private static CoverageSelection selection(CoverageFilter filter) {
        return new CoverageSelection(
                visibility("filter.account_id", filter.getAccountId()),
                standing(filter.getStanding()),
                reason(filter.getReason()),
                filter.hasMinAge() ? Optional.of(age(filter.getMinAge())) : Optional.empty(),
                FilterParser.parse("filter.expression", filter.getExpression()));
    }

    private static Optional<Visibility> visibility(String field, String accountId) {
        Visibility visibility = Visibility.of(Callers.current());
        return accountId.isEmpty()
                ? Optional.of(visibility)
                : visibility.within(Scopes.requireAccount(field, accountId));
    }

    private static Optional<CoverageStanding> standing(CoverageStanding standing) {
        return switch (standing) {
            case COVERAGE_STANDING_UNSPECIFIED -> Optional.empty();
            case UNRECOGNIZED ->
                    throw new InvalidFieldException(
                            "filter.standing", "is unknown", "send one of CoverageStanding");
            default -> Optional.of(standing);
        };
    }

    private static Optional<CoverageReason> reason(CoverageReason reason) {
        return switch (reason) {
            case COVERAGE_REASON_UNSPECIFIED -> Optional.empty();
            case UNRECOGNIZED ->
                    throw new InvalidFieldException(
                            "filter.reason", "is unknown", "send one of CoverageReason");
            default -> Optional.of(reason);
        };
    }

    private static Duration age(com.google.protobuf.Duration age) {
        if (age.getSeconds() < 0 || age.getNanos() < 0 || age.getSeconds() > MAX_AGE_SECONDS) {
            throw new InvalidFieldException(
                    "filter.min_age", "is negative or above 100 years", "send for example 3600s");
        }
        return Duration.ofSeconds(age.getSeconds(), age.getNanos());
    }
}
