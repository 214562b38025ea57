package dev.yagura.response.action;

import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.grpc.ServerStreams;
import dev.yagura.common.grpc.WatchSink;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.paging.PageKey;
import dev.yagura.common.paging.PageSize;
import dev.yagura.common.paging.PageTokens;
import dev.yagura.common.text.Texts;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionFilter;
import dev.yagura.proto.response.v1.ActionServiceGrpc;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ApproveActionRequest;
import dev.yagura.proto.response.v1.CancelActionRequest;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.GetActionRequest;
import dev.yagura.proto.response.v1.ListActionsRequest;
import dev.yagura.proto.response.v1.ListActionsResponse;
import dev.yagura.proto.response.v1.RejectActionRequest;
import dev.yagura.proto.response.v1.UndoActionRequest;
import dev.yagura.proto.response.v1.WatchActionsRequest;
import dev.yagura.proto.response.v1.WatchActionsResponse;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** yagura.response.v1.ActionService: identity, scope, paging; the catalog decides. */
@ApplicationScoped
public class ActionEndpoint extends ActionServiceGrpc.ActionServiceImplBase {
    private static final String COLLECTION = "actions";
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 500;
    private static final int MAX_TEXT = 255;

    private final ActionCatalog catalog;
    private final ActionStore store;

    @Inject
    ActionEndpoint(ActionCatalog catalog, ActionStore store) {
        this.catalog = catalog;
        this.store = store;
    }

    @Override
    public void createAction(CreateActionRequest request, StreamObserver<Action> observer) {
        Replies.unary(
                observer,
                () -> {
                    Principal caller = Callers.current();
                    ActionCatalog.Order order = ActionRequests.order(request, caller);
                    caller.requireAccount(order.target().getScope().getAccountId());
                    return request.getValidateOnly()
                            ? catalog.plan(order, caller)
                            : catalog.create(
                                    order,
                                    ActionRequests.requestId(request.getRequestId()),
                                    caller);
                });
    }

    @Override
    public void getAction(GetActionRequest request, StreamObserver<Action> observer) {
        Replies.unary(observer, () -> catalog.visible(id(request.getName()), Callers.current()));
    }

    @Override
    public void listActions(
            ListActionsRequest request, StreamObserver<ListActionsResponse> observer) {
        Replies.unary(observer, () -> list(request, Callers.current()));
    }

    @Override
    public void approveAction(ApproveActionRequest request, StreamObserver<Action> observer) {
        Replies.unary(
                observer,
                () -> {
                    Principal caller = Callers.current();
                    return catalog.approve(
                            id(request.getName()),
                            Guards.overridden(request.getOverrideGuardsList(), caller),
                            caller);
                });
    }

    @Override
    public void rejectAction(RejectActionRequest request, StreamObserver<Action> observer) {
        Replies.unary(
                observer,
                () ->
                        catalog.reject(
                                id(request.getName()),
                                ActionRequests.reason(request.getReason()),
                                Callers.current()));
    }

    @Override
    public void cancelAction(CancelActionRequest request, StreamObserver<Action> observer) {
        Replies.unary(
                observer,
                () ->
                        catalog.cancel(
                                id(request.getName()),
                                ActionRequests.reason(request.getReason()),
                                Callers.current()));
    }

    @Override
    public void undoAction(UndoActionRequest request, StreamObserver<Action> observer) {
        Replies.unary(
                observer,
                () ->
                        catalog.undo(
                                id(request.getName()),
                                ActionRequests.reason(request.getReason()),
                                Callers.current()));
    }

    @Override
    public void watchActions(
            WatchActionsRequest request, StreamObserver<WatchActionsResponse> observer) {
        Principal caller = Callers.current();
        checkFilter(request.getFilter());
        ServerStreams.serve(
                observer,
                sink ->
                        store.watcher()
                                .<Action>watch(
                                        request.getCursor(),
                                        keys -> visible(keys, request.getFilter(), caller),
                                        new WatchSink<>(
                                                sink,
                                                ActionEndpoint::changed,
                                                ActionEndpoint::idle)));
    }

    private ListActionsResponse list(ListActionsRequest request, Principal caller) {
        ActionFilter filter = request.getFilter();
        checkFilter(filter);
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
        PageTokens tokens =
                PageTokens.of(
                        "yagura.response.v1.ActionService/ListActions",
                        filter.toByteArray(),
                        "id desc");
        UUID after =
                tokens.read(request.getPageToken()).map((PageKey key) -> key.uuid(0)).orElse(null);
        String cursor = store.cursor();
        List<Action> actions = store.list(filter, caller.accountIds(), after, size + 1);
        ListActionsResponse.Builder response =
                ListActionsResponse.newBuilder()
                        .setCursor(cursor)
                        .addAllActions(actions.stream().limit(size).toList());
        if (actions.size() > size) {
            response.setNextPageToken(tokens.next(id(actions.get(size - 1).getName()).toString()));
        }
        return response.build();
    }

    private Map<UUID, Action> visible(List<UUID> keys, ActionFilter filter, Principal caller) {
        return store.load(keys).entrySet().stream()
                .filter(each -> caller.maySee(account(each.getValue())))
                .filter(each -> matches(each.getValue(), filter))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static String account(Action action) {
        return action.getTarget().getScope().getAccountId();
    }

    private static boolean matches(Action action, ActionFilter filter) {
        boolean instance =
                filter.getInstanceId().isEmpty()
                        || filter.getInstanceId()
                                .equals(TargetDetail.instanceId(action.getTarget()));
        boolean state =
                filter.getState() == ActionState.ACTION_STATE_UNSPECIFIED
                        || filter.getState() == action.getState();
        boolean incident =
                filter.getIncident().isEmpty() || filter.getIncident().equals(action.getIncident());
        return instance && state && incident;
    }

    private static void checkFilter(ActionFilter filter) {
        if (!filter.getIncident().isEmpty()) {
            ResourceName.parse("filter.incident", "incidents", filter.getIncident());
        }
        Texts.optional("filter.instance_id", filter.getInstanceId(), MAX_TEXT);
    }

    private static UUID id(String name) {
        return ResourceName.parse(COLLECTION, name);
    }

    private static WatchActionsResponse changed(String cursor, Action action) {
        return WatchActionsResponse.newBuilder().setCursor(cursor).setAction(action).build();
    }

    private static WatchActionsResponse idle(String cursor) {
        return WatchActionsResponse.newBuilder().setCursor(cursor).build();
    }
}
