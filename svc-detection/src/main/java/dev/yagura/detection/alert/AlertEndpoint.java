package dev.yagura.detection.alert;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.grpc.ServerStreams;
import dev.yagura.common.grpc.WatchSink;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.paging.PageSize;
import dev.yagura.common.paging.PageTokens;
import dev.yagura.common.watch.ChangeFeed;
import dev.yagura.common.watch.ChangeFeeds;
import dev.yagura.detection.read.FilterFields;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.AlertFilter;
import dev.yagura.proto.detection.v1.AlertServiceGrpc;
import dev.yagura.proto.detection.v1.GetAlertRequest;
import dev.yagura.proto.detection.v1.ListAlertsRequest;
import dev.yagura.proto.detection.v1.ListAlertsResponse;
import dev.yagura.proto.detection.v1.WatchAlertsRequest;
import dev.yagura.proto.detection.v1.WatchAlertsResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** yagura.detection.v1.AlertService. */
@ApplicationScoped
class AlertEndpoint implements AlertServiceGrpc.AsyncService, BindableService {
    private static final String FEED = "alerts";
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 500;

    private final AlertStore store;
    private final ChangeFeed feed;

    @Inject
    AlertEndpoint(AlertStore store, ChangeFeeds feeds) {
        this.store = store;
        this.feed = feeds.feed(FEED);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return AlertServiceGrpc.bindService(this);
    }

    @Override
    public void getAlert(GetAlertRequest request, StreamObserver<Alert> observer) {
        Replies.unary(
                observer,
                () -> {
                    UUID id = ResourceName.parse("alerts", request.getName());
                    AlertQuery visible = AlertQuery.any(Callers.current().accountIds());
                    return Optional.ofNullable(store.find(List.of(id), visible).get(id))
                            .orElseThrow(() -> new NotFoundException("alert", request.getName()));
                });
    }

    @Override
    public void listAlerts(ListAlertsRequest request, StreamObserver<ListAlertsResponse> observer) {
        Replies.unary(observer, () -> list(request, Callers.current()));
    }

    private ListAlertsResponse list(ListAlertsRequest request, Principal caller) {
        AlertQuery query = query(request.getFilter(), caller);
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
        PageTokens tokens =
                PageTokens.of(
                        AlertServiceGrpc.getListAlertsMethod().getFullMethodName(),
                        request.getFilter().toByteArray(),
                        "create_time desc, id desc");
        String cursor = feed.cursor();
        List<AlertStore.Row> rows =
                store.list(query, tokens.read(request.getPageToken()), size + 1);
        ListAlertsResponse.Builder answer = ListAlertsResponse.newBuilder().setCursor(cursor);
        rows.stream().limit(size).forEach(row -> answer.addAlerts(row.alert()));
        if (rows.size() > size) {
            AlertStore.Row last = rows.get(size - 1);
            answer.setNextPageToken(
                    tokens.next(last.createTime().toString(), last.id().toString()));
        }
        return answer.build();
    }

    @Override
    public void watchAlerts(
            WatchAlertsRequest request, StreamObserver<WatchAlertsResponse> observer) {
        AlertQuery query = query(request.getFilter(), Callers.current());
        ServerStreams.serve(
                observer,
                client ->
                        feed.watcher()
                                .<Alert>watch(
                                        request.getCursor(),
                                        ids -> store.find(ids, query),
                                        new WatchSink<>(
                                                client,
                                                AlertEndpoint::changed,
                                                AlertEndpoint::idle)));
    }

    private static WatchAlertsResponse changed(String cursor, Alert alert) {
        return WatchAlertsResponse.newBuilder().setCursor(cursor).setAlert(alert).build();
    }

    private static WatchAlertsResponse idle(String cursor) {
        return WatchAlertsResponse.newBuilder().setCursor(cursor).build();
    }

    private static AlertQuery query(AlertFilter filter, Principal caller) {
        return new AlertQuery(
                FilterFields.hostId(filter.getHostId()),
                FilterFields.text("filter.instance_id", filter.getInstanceId()),
                FilterFields.text("filter.rule_id", filter.getRuleId()),
                FilterFields.minSeverity(filter.getMinSeverity()),
                FilterFields.incident(filter.getIncident()),
                FilterFields.technique(filter.getTechnique()),
                caller.accountIds());
    }
}
