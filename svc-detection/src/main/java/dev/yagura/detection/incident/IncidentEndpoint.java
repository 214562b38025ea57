package dev.yagura.detection.incident;

import dev.yagura.common.error.InvalidFieldException;
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
import dev.yagura.proto.detection.v1.GetIncidentReachRequest;
import dev.yagura.proto.detection.v1.GetIncidentRequest;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentFilter;
import dev.yagura.proto.detection.v1.IncidentReach;
import dev.yagura.proto.detection.v1.IncidentServiceGrpc;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.detection.v1.ListIncidentsRequest;
import dev.yagura.proto.detection.v1.ListIncidentsResponse;
import dev.yagura.proto.detection.v1.UpdateIncidentRequest;
import dev.yagura.proto.detection.v1.WatchIncidentsRequest;
import dev.yagura.proto.detection.v1.WatchIncidentsResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;

/** yagura.detection.v1.IncidentService. */
@ApplicationScoped
class IncidentEndpoint implements IncidentServiceGrpc.AsyncService, BindableService {
    private static final String FEED = "incidents";
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 500;
    private static final int LISTED_MEMBERS = 20;
    private static final int MAX_PRIORITY = 100;

    private final IncidentCatalog catalog;
    private final IncidentReaches reaches;
    private final IncidentStore store;
    private final ChangeFeed feed;

    @Inject
    IncidentEndpoint(
            IncidentCatalog catalog,
            IncidentReaches reaches,
            IncidentStore store,
            ChangeFeeds feeds) {
        this.catalog = catalog;
        this.reaches = reaches;
        this.store = store;
        this.feed = feeds.feed(FEED);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return IncidentServiceGrpc.bindService(this);
    }

    @Override
    public void getIncident(GetIncidentRequest request, StreamObserver<Incident> observer) {
        Replies.unary(
                observer,
                () ->
                        catalog.get(
                                ResourceName.parse("incidents", request.getName()),
                                Callers.current()));
    }

    @Override
    public void getIncidentReach(
            GetIncidentReachRequest request, StreamObserver<IncidentReach> observer) {
        UUID id = ResourceName.parse("incidents", request.getName());
        Principal caller = Callers.current();
        Replies.unary(observer, () -> reaches.of(catalog.get(id, caller), caller));
    }

    @Override
    public void updateIncident(UpdateIncidentRequest request, StreamObserver<Incident> observer) {
        Replies.unary(observer, () -> catalog.update(request, Callers.current()));
    }

    @Override
    public void listIncidents(
            ListIncidentsRequest request, StreamObserver<ListIncidentsResponse> observer) {
        Replies.unary(observer, () -> list(request, Callers.current()));
    }

    private ListIncidentsResponse list(ListIncidentsRequest request, Principal caller) {
        IncidentQuery query = query(request.getFilter(), caller);
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
        PageTokens tokens =
                PageTokens.of(
                        IncidentServiceGrpc.getListIncidentsMethod().getFullMethodName(),
                        request.getFilter().toByteArray(),
                        "create_time desc, id desc");
        String cursor = feed.cursor();
        List<IncidentStore.Row> rows =
                store.list(query, tokens.read(request.getPageToken()), size + 1);
        ListIncidentsResponse.Builder answer = ListIncidentsResponse.newBuilder().setCursor(cursor);
        rows.stream().limit(size).forEach(row -> answer.addIncidents(shortened(row.incident())));
        if (rows.size() > size) {
            IncidentStore.Row last = rows.get(size - 1);
            answer.setNextPageToken(
                    tokens.next(last.createTime().toString(), last.id().toString()));
        }
        return answer.build();
    }

    private static Incident shortened(Incident incident) {
        if (incident.getMembersCount() <= LISTED_MEMBERS) {
            return incident;
        }
        return incident.toBuilder()
                .clearMembers()
                .addAllMembers(incident.getMembersList().subList(0, LISTED_MEMBERS))
                .build();
    }

    @Override
    public void watchIncidents(
            WatchIncidentsRequest request, StreamObserver<WatchIncidentsResponse> observer) {
        IncidentQuery query = query(request.getFilter(), Callers.current());
        ServerStreams.serve(
                observer,
                client ->
                        feed.watcher()
                                .<Incident>watch(
                                        request.getCursor(),
                                        ids -> store.find(ids, query),
                                        new WatchSink<>(
                                                client,
                                                IncidentEndpoint::changed,
                                                IncidentEndpoint::idle)));
    }

    private static WatchIncidentsResponse changed(String cursor, Incident incident) {
        return WatchIncidentsResponse.newBuilder().setCursor(cursor).setIncident(incident).build();
    }

    private static WatchIncidentsResponse idle(String cursor) {
        return WatchIncidentsResponse.newBuilder().setCursor(cursor).build();
    }

    private static IncidentQuery query(IncidentFilter filter, Principal caller) {
        if (filter.getState() == IncidentState.UNRECOGNIZED) {
            throw new InvalidFieldException(
                    "filter.state", "is no state known here", "send one of the contract's states");
        }
        return new IncidentQuery(
                FilterFields.hostId(filter.getHostId()),
                FilterFields.text("filter.instance_id", filter.getInstanceId()),
                FilterFields.minSeverity(filter.getMinSeverity()),
                minPriority(filter.getMinPriority()),
                filter.getState().getNumber(),
                caller.accountIds());
    }

    private static int minPriority(int priority) {
        if (priority < 0 || priority > MAX_PRIORITY) {
            throw new InvalidFieldException(
                    "filter.min_priority", "is no priority", "send 1 to 100, or 0 for any");
        }
        return priority;
    }
}
