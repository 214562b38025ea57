package dev.yagura.response.playbook;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.grpc.ServerStreams;
import dev.yagura.common.grpc.WatchSink;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.paging.PageSize;
import dev.yagura.common.paging.PageTokens;
import dev.yagura.proto.response.v1.CancelPlaybookRunRequest;
import dev.yagura.proto.response.v1.CreatePlaybookRequest;
import dev.yagura.proto.response.v1.DeletePlaybookRequest;
import dev.yagura.proto.response.v1.DeletePlaybookResponse;
import dev.yagura.proto.response.v1.ExportPlaybookRequest;
import dev.yagura.proto.response.v1.ExportPlaybookResponse;
import dev.yagura.proto.response.v1.GetPlaybookRequest;
import dev.yagura.proto.response.v1.GetPlaybookRunRequest;
import dev.yagura.proto.response.v1.ListPlaybookRunsRequest;
import dev.yagura.proto.response.v1.ListPlaybookRunsResponse;
import dev.yagura.proto.response.v1.ListPlaybooksRequest;
import dev.yagura.proto.response.v1.ListPlaybooksResponse;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.proto.response.v1.PlaybookFormat;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunFilter;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.proto.response.v1.PlaybookServiceGrpc;
import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.proto.response.v1.PlaybookStep;
import dev.yagura.proto.response.v1.RunPlaybookRequest;
import dev.yagura.proto.response.v1.UpdatePlaybookRequest;
import dev.yagura.proto.response.v1.WatchPlaybookRunsRequest;
import dev.yagura.proto.response.v1.WatchPlaybookRunsResponse;
import dev.yagura.response.action.ActionRequests;
import dev.yagura.response.exchange.CacaoReader;
import dev.yagura.response.exchange.CacaoWriter;
import dev.yagura.response.exchange.StateMachineWriter;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** yagura.response.v1.PlaybookService: identity, scope, paging; the catalog decides. */
@ApplicationScoped
public class PlaybookEndpoint extends PlaybookServiceGrpc.PlaybookServiceImplBase {
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 500;

    static final StateMachineWriter.Durations DURATIONS =
            new StateMachineWriter.Durations() {
                @Override
                public Duration of(PlaybookSpec spec) {
                    return Timeouts.of(spec);
                }

                @Override
                public Duration of(PlaybookStep step) {
                    return Timeouts.of(step);
                }

                @Override
                public int atOnce(PlaybookStep step) {
                    return StepElements.atOnce(step);
                }
            };

    private final PlaybookCatalog catalog;
    private final PlaybookStore store;

    @Inject
    PlaybookEndpoint(PlaybookCatalog catalog, PlaybookStore store) {
        this.catalog = catalog;
        this.store = store;
    }

    @Override
    public void createPlaybook(CreatePlaybookRequest request, StreamObserver<Playbook> observer) {
        Replies.unary(
                observer,
                () -> {
                    String yaml = yaml(request.getSource(), request.getFormat());
                    return request.getValidateOnly()
                            ? catalog.check(yaml, Callers.current())
                            : catalog.create(yaml, Callers.current());
                });
    }

    @Override
    public void exportPlaybook(
            ExportPlaybookRequest request, StreamObserver<ExportPlaybookResponse> observer) {
        Replies.unary(
                observer,
                () ->
                        ExportPlaybookResponse.newBuilder()
                                .setContent(
                                        exported(
                                                catalog.get(request.getName()),
                                                request.getFormat()))
                                .build());
    }

    private static String exported(Playbook playbook, PlaybookFormat format) {
        return switch (format) {
            case PLAYBOOK_FORMAT_CACAO -> CacaoWriter.write(playbook);
            case PLAYBOOK_FORMAT_ASL -> StateMachineWriter.write(playbook, DURATIONS);
            default -> playbook.getSource();
        };
    }

    private static String yaml(String source, PlaybookFormat format) {
        return switch (format) {
            case PLAYBOOK_FORMAT_CACAO -> CacaoReader.read(source);
            case PLAYBOOK_FORMAT_ASL ->
                    throw new InvalidFieldException(
                            "format",
                            "is only written",
                            "send PLAYBOOK_FORMAT_YAML or PLAYBOOK_FORMAT_CACAO");
            default -> source;
        };
    }

    @Override
    public void getPlaybook(GetPlaybookRequest request, StreamObserver<Playbook> observer) {
        Replies.unary(observer, () -> catalog.get(request.getName()));
    }

    @Override
    public void listPlaybooks(
            ListPlaybooksRequest request, StreamObserver<ListPlaybooksResponse> observer) {
        Replies.unary(observer, () -> list(request));
    }

    @Override
    public void updatePlaybook(UpdatePlaybookRequest request, StreamObserver<Playbook> observer) {
        Replies.unary(
                observer,
                () ->
                        catalog.update(
                                request.getName(),
                                yaml(request.getSource(), request.getFormat()),
                                request.getEtag(),
                                Callers.current()));
    }

    @Override
    public void deletePlaybook(
            DeletePlaybookRequest request, StreamObserver<DeletePlaybookResponse> observer) {
        Replies.unary(
                observer,
                () -> {
                    catalog.delete(request.getName());
                    return DeletePlaybookResponse.getDefaultInstance();
                });
    }

    @Override
    public void runPlaybook(RunPlaybookRequest request, StreamObserver<PlaybookRun> observer) {
        Replies.unary(observer, () -> answer(run(request, Callers.current())));
    }

    @Override
    public void getPlaybookRun(
            GetPlaybookRunRequest request, StreamObserver<PlaybookRun> observer) {
        Replies.unary(
                observer, () -> answer(catalog.visible(id(request.getName()), Callers.current())));
    }

    @Override
    public void listPlaybookRuns(
            ListPlaybookRunsRequest request, StreamObserver<ListPlaybookRunsResponse> observer) {
        Replies.unary(observer, () -> list(request, Callers.current()));
    }

    @Override
    public void watchPlaybookRuns(
            WatchPlaybookRunsRequest request, StreamObserver<WatchPlaybookRunsResponse> observer) {
        Principal caller = Callers.current();
        checkFilter(request.getFilter());
        ServerStreams.serve(
                observer,
                sink ->
                        store.watcher()
                                .<PlaybookRun>watch(
                                        request.getCursor(),
                                        keys -> visible(keys, request.getFilter(), caller),
                                        new WatchSink<>(
                                                sink,
                                                PlaybookEndpoint::changed,
                                                PlaybookEndpoint::idle)));
    }

    private Map<UUID, PlaybookRun> visible(
            List<UUID> keys, PlaybookRunFilter filter, Principal caller) {
        return store.load(keys).entrySet().stream()
                .filter(each -> PlaybookCatalog.maySee(each.getValue(), caller))
                .filter(each -> matches(each.getValue(), filter))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static boolean matches(PlaybookRun run, PlaybookRunFilter filter) {
        return (filter.getPlaybook().isEmpty() || filter.getPlaybook().equals(run.getPlaybook()))
                && (filter.getIncident().isEmpty()
                        || filter.getIncident().equals(run.getIncident()))
                && (filter.getState() == PlaybookRunState.PLAYBOOK_RUN_STATE_UNSPECIFIED
                        || filter.getState() == run.getState());
    }

    private static void checkFilter(PlaybookRunFilter filter) {
        if (!filter.getIncident().isEmpty()) {
            ResourceName.parse("filter.incident", "incidents", filter.getIncident());
        }
    }

    private static WatchPlaybookRunsResponse changed(String cursor, PlaybookRun run) {
        return WatchPlaybookRunsResponse.newBuilder().setCursor(cursor).setRun(answer(run)).build();
    }

    private static WatchPlaybookRunsResponse idle(String cursor) {
        return WatchPlaybookRunsResponse.newBuilder().setCursor(cursor).build();
    }

    @Override
    public void cancelPlaybookRun(
            CancelPlaybookRunRequest request, StreamObserver<PlaybookRun> observer) {
        Replies.unary(
                observer,
                () ->
                        answer(
                                catalog.cancel(
                                        id(request.getName()),
                                        ActionRequests.reason(request.getReason()),
                                        Callers.current())));
    }

    private PlaybookRun run(RunPlaybookRequest request, Principal caller) {
        String reason =
                request.getValidateOnly() && request.getReason().isEmpty()
                        ? "a dry run"
                        : ActionRequests.reason(request.getReason());
        PlaybookCatalog.Start start =
                new PlaybookCatalog.Start(request.getPlaybook(), request.getIncident(), reason);
        return request.getValidateOnly()
                ? catalog.dryRun(start, caller)
                : catalog.start(start, ActionRequests.requestId(request.getRequestId()), caller);
    }

    private ListPlaybooksResponse list(ListPlaybooksRequest request) {
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
        PageTokens tokens =
                PageTokens.of(
                        "yagura.response.v1.PlaybookService/ListPlaybooks", new byte[0], "id");
        @Nullable String after =
                tokens.read(request.getPageToken()).map(key -> key.text(0)).orElse(null);
        List<Playbook> playbooks = store.list(after, size + 1);
        ListPlaybooksResponse.Builder response =
                ListPlaybooksResponse.newBuilder()
                        .addAllPlaybooks(playbooks.stream().limit(size).toList());
        if (playbooks.size() > size) {
            response.setNextPageToken(tokens.next(playbooks.get(size - 1).getSpec().getId()));
        }
        return response.build();
    }

    private ListPlaybookRunsResponse list(ListPlaybookRunsRequest request, Principal caller) {
        PlaybookRunFilter filter = request.getFilter();
        checkFilter(filter);
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
        PageTokens tokens =
                PageTokens.of(
                        "yagura.response.v1.PlaybookService/ListPlaybookRuns",
                        filter.toByteArray(),
                        "id desc");
        @Nullable UUID after =
                tokens.read(request.getPageToken()).map(key -> key.uuid(0)).orElse(null);
        String cursor = store.cursor();
        List<PlaybookRun> runs = store.runs(filter, caller.accountIds(), after, size + 1);
        ListPlaybookRunsResponse.Builder response =
                ListPlaybookRunsResponse.newBuilder().setCursor(cursor);
        runs.stream().limit(size).map(PlaybookEndpoint::answer).forEach(response::addRuns);
        if (runs.size() > size) {
            response.setNextPageToken(tokens.next(id(runs.get(size - 1).getName()).toString()));
        }
        return response.build();
    }

    /** Without the incident, which detection has. */
    private static PlaybookRun answer(PlaybookRun run) {
        return run.toBuilder().clearSnapshot().build();
    }

    /**
     * @throws InvalidFieldException it is no name of a run
     */
    private static UUID id(String name) {
        return ResourceName.parse(PlaybookCatalog.RUNS, name);
    }
}
