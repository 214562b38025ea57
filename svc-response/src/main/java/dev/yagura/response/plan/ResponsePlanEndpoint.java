package dev.yagura.response.plan;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.paging.PageSize;
import dev.yagura.common.paging.PageTokens;
import dev.yagura.proto.response.v1.Drill;
import dev.yagura.proto.response.v1.GetResponsePlanRequest;
import dev.yagura.proto.response.v1.ListDrillsRequest;
import dev.yagura.proto.response.v1.ListDrillsResponse;
import dev.yagura.proto.response.v1.RecordDrillRequest;
import dev.yagura.proto.response.v1.ResponsePlan;
import dev.yagura.proto.response.v1.ResponsePlanServiceGrpc;
import dev.yagura.proto.response.v1.UpdateResponsePlanRequest;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** yagura.response.v1.ResponsePlanService: identity and paging; the catalog decides. */
@ApplicationScoped
public class ResponsePlanEndpoint extends ResponsePlanServiceGrpc.ResponsePlanServiceImplBase {
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 500;

    private final PlanCatalog catalog;
    private final PlanStore store;

    @Inject
    ResponsePlanEndpoint(PlanCatalog catalog, PlanStore store) {
        this.catalog = catalog;
        this.store = store;
    }

    @Override
    public void getResponsePlan(
            GetResponsePlanRequest request, StreamObserver<ResponsePlan> observer) {
        Replies.unary(
                observer,
                () ->
                        catalog.find()
                                .orElseThrow(() ->
                                        new NotFoundException("response plan", PlanCatalog.NAME)));
    }

    @Override
    public void updateResponsePlan(
            UpdateResponsePlanRequest request, StreamObserver<ResponsePlan> observer) {
        Replies.unary(
                observer,
                () ->
                        request.getValidateOnly()
                                ? catalog.check(request.getSource(), Callers.current())
                                : catalog.update(
                                        request.getSource(), request.getEtag(), Callers.current()));
    }

    @Override
    public void recordDrill(RecordDrillRequest request, StreamObserver<Drill> observer) {
        Replies.unary(observer, () -> catalog.record(request, Callers.current()));
    }

    @Override
    public void listDrills(ListDrillsRequest request, StreamObserver<ListDrillsResponse> observer) {
        Replies.unary(observer, () -> list(request));
    }

    private ListDrillsResponse list(ListDrillsRequest request) {
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
        PageTokens tokens =
                PageTokens.of(
                        "yagura.response.v1.ResponsePlanService/ListDrills",
                        new byte[0],
                        "id desc");
        @Nullable UUID after =
                tokens.read(request.getPageToken()).map(key -> key.uuid(0)).orElse(null);
        List<Drill> drills = store.drills(after, size + 1);
        ListDrillsResponse.Builder response =
                ListDrillsResponse.newBuilder().addAllDrills(drills.stream().limit(size).toList());
        if (drills.size() > size) {
            response.setNextPageToken(
                    tokens.next(
                            ResourceName.parse(PlanCatalog.DRILLS, drills.get(size - 1).getName())
                                    .toString()));
        }
        return response.build();
    }
}
