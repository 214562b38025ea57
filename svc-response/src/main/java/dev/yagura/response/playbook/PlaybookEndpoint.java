package dev.yagura.response.playbook;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.Replies;
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
import dev.yagura.proto.response.v1.PlaybookServiceGrpc;
import dev.yagura.proto.response.v1.RunPlaybookRequest;
import dev.yagura.proto.response.v1.UpdatePlaybookRequest;
import dev.yagura.response.action.ActionRequests;
import dev.yagura.response.exchange.CacaoReader;
import dev.yagura.response.exchange.CacaoWriter;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** yagura.response.v1.PlaybookService: identity, scope, paging; the catalog decides. */
@ApplicationScoped
public class PlaybookEndpoint extends PlaybookServiceGrpc.PlaybookServiceImplBase {
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 500;

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
                () -> {
                    Playbook playbook = catalog.get(request.getName());
                    return ExportPlaybookResponse.newBuilder()
                            .setContent(
                                    request.getFormat() == PlaybookFormat.PLAYBOOK_FORMAT_CACAO
                                            ? CacaoWriter.write(playbook)
                                            : playbook.getSource())
                            .build();
                });
    }

    private static String yaml(String source, PlaybookFormat format) {
        return format == PlaybookFormat.PLAYBOOK_FORMAT_CACAO ? CacaoReader.read(source) : source;
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
        if (!filter.getIncident().isEmpty()) {
            ResourceName.parse("filter.incident", "incidents", filter.getIncident());
        }
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
        PageTokens tokens =
                PageTokens.of(
                        "yagura.response.v1.PlaybookService/ListPlaybookRuns",
                        filter.toByteArray(),
                        "id desc");
        @Nullable UUID after =
                tokens.read(request.getPageToken()).map(key -> key.uuid(0)).orElse(null);
        List<PlaybookRun> runs = store.runs(filter, caller.accountIds(), after, size + 1);
        ListPlaybookRunsResponse.Builder response = ListPlaybookRunsResponse.newBuilder();
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
