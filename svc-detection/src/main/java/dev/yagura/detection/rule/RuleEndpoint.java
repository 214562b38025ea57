package dev.yagura.detection.rule;

import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.paging.PageSize;
import dev.yagura.common.paging.PageTokens;
import dev.yagura.proto.detection.v1.CreateRuleExceptionRequest;
import dev.yagura.proto.detection.v1.CreateRuleRequest;
import dev.yagura.proto.detection.v1.DeleteRuleExceptionRequest;
import dev.yagura.proto.detection.v1.DeleteRuleExceptionResponse;
import dev.yagura.proto.detection.v1.DeleteRulePackRequest;
import dev.yagura.proto.detection.v1.DeleteRulePackResponse;
import dev.yagura.proto.detection.v1.DeleteRuleRequest;
import dev.yagura.proto.detection.v1.DeleteRuleResponse;
import dev.yagura.proto.detection.v1.GetRuleRequest;
import dev.yagura.proto.detection.v1.ImportRulePackRequest;
import dev.yagura.proto.detection.v1.ImportRulePackResponse;
import dev.yagura.proto.detection.v1.ListRuleExceptionsRequest;
import dev.yagura.proto.detection.v1.ListRuleExceptionsResponse;
import dev.yagura.proto.detection.v1.ListRulePacksRequest;
import dev.yagura.proto.detection.v1.ListRulePacksResponse;
import dev.yagura.proto.detection.v1.ListRulesRequest;
import dev.yagura.proto.detection.v1.ListRulesResponse;
import dev.yagura.proto.detection.v1.Rule;
import dev.yagura.proto.detection.v1.RuleDeployment;
import dev.yagura.proto.detection.v1.RuleException;
import dev.yagura.proto.detection.v1.RuleServiceGrpc;
import dev.yagura.proto.detection.v1.UpdateRuleDeploymentRequest;
import dev.yagura.proto.detection.v1.UpdateRuleRequest;
import dev.yagura.proto.detection.v1.VerifyRuleRequest;
import dev.yagura.proto.detection.v1.VerifyRuleResponse;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * RuleService. Rules are of the whole installation, so reads have no scope to check; who may call
 * is decided at the gateway, and that a change needs every account in the classes that decide.
 */
@ApplicationScoped
public class RuleEndpoint extends RuleServiceGrpc.RuleServiceImplBase {
    private static final int DEFAULT_PAGE_SIZE = 100;
    private static final int MAX_PAGE_SIZE = 1000;
    private static final int MAX_REPORTED = 1000;

    private final RuleCatalog catalog;
    private final RuleStore store;
    private final Decisions decisions;
    private final Semaphore imports = new Semaphore(1);

    /** Who decides. Dependent, so that no proxy stands before its fields. */
    @Dependent
    static class Decisions {
        private final RuleEditor editor;
        private final RuleExceptions exceptions;
        private final RulePackEditor packs;
        private final RuleVerifier verifier;

        @Inject
        Decisions(
                RuleEditor editor,
                RuleExceptions exceptions,
                RulePackEditor packs,
                RuleVerifier verifier) {
            this.editor = editor;
            this.exceptions = exceptions;
            this.packs = packs;
            this.verifier = verifier;
        }
    }

    @Inject
    RuleEndpoint(RuleCatalog catalog, RuleStore store, Decisions decisions) {
        this.catalog = catalog;
        this.store = store;
        this.decisions = decisions;
    }

    @Override
    public void getRule(GetRuleRequest request, StreamObserver<Rule> observer) {
        Replies.unary(
                observer, () -> whole(catalog.get(RuleNames.rule("name", request.getName()))));
    }

    @Override
    public void listRules(ListRulesRequest request, StreamObserver<ListRulesResponse> observer) {
        Replies.unary(observer, () -> list(request));
    }

    private ListRulesResponse list(ListRulesRequest request) {
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
        PageTokens tokens = tokens(request);
        String after = tokens.read(request.getPageToken()).map(key -> key.text(0)).orElse("");
        List<BookedRule> rules = catalog.list(filter(request), after, size + 1);
        List<BookedRule> page = rules.subList(0, Math.min(size, rules.size()));
        ListRulesResponse.Builder response =
                ListRulesResponse.newBuilder().setRuleSetVersion(catalog.ruleSetVersion());
        Map<String, RuleTotals> totals =
                store.statistics(
                        page.stream().map(BookedRule::name).toList(), decisions.editor.now());
        page.forEach(rule ->
                response.addRules(
                        RuleProtos.rule(rule, totals.getOrDefault(rule.name(), RuleTotals.NONE))));
        if (rules.size() > size) {
            response.setNextPageToken(tokens.next(page.getLast().name()));
        }
        return response.build();
    }

    @Override
    public void createRule(CreateRuleRequest request, StreamObserver<Rule> observer) {
        Replies.unary(observer, () -> whole(decisions.editor.create(request, Callers.current())));
    }

    @Override
    public void updateRule(UpdateRuleRequest request, StreamObserver<Rule> observer) {
        Replies.unary(observer, () -> whole(decisions.editor.update(request, Callers.current())));
    }

    @Override
    public void deleteRule(DeleteRuleRequest request, StreamObserver<DeleteRuleResponse> observer) {
        Replies.unary(
                observer,
                () -> {
                    decisions.editor.delete(request, Callers.current());
                    return DeleteRuleResponse.getDefaultInstance();
                });
    }

    @Override
    public void verifyRule(VerifyRuleRequest request, StreamObserver<VerifyRuleResponse> observer) {
        Replies.unary(observer, () -> verified(request, Callers.current()));
    }

    private VerifyRuleResponse verified(VerifyRuleRequest request, Principal caller) {
        RuleVerifier.Verdict verdict = decisions.verifier.verify(request, caller);
        Rule rule = RuleProtos.rule(verdict.rule(), RuleTotals.NONE);
        VerifyRuleResponse.Builder response =
                VerifyRuleResponse.newBuilder()
                        .setState(rule.getState())
                        .addAllDiagnostics(rule.getDiagnosticsList());
        if (verdict.rule().rule().state() != dev.yagura.sigma.pack.Rule.State.INVALID) {
            response.setRule(rule);
        }
        verdict.backtest().ifPresent(response::setBacktest);
        return response.build();
    }

    @Override
    public void updateRuleDeployment(
            UpdateRuleDeploymentRequest request, StreamObserver<RuleDeployment> observer) {
        Replies.unary(
                observer,
                () -> RuleProtos.deployment(decisions.editor.deploy(request, Callers.current())));
    }

    @Override
    public void createRuleException(
            CreateRuleExceptionRequest request, StreamObserver<RuleException> observer) {
        Replies.unary(
                observer,
                () ->
                        RuleProtos.exception(
                                decisions.exceptions.create(request, Callers.current()),
                                decisions.editor.now()));
    }

    @Override
    public void deleteRuleException(
            DeleteRuleExceptionRequest request,
            StreamObserver<DeleteRuleExceptionResponse> observer) {
        Replies.unary(
                observer,
                () -> {
                    decisions.exceptions.delete(request, Callers.current());
                    return DeleteRuleExceptionResponse.getDefaultInstance();
                });
    }

    @Override
    public void listRuleExceptions(
            ListRuleExceptionsRequest request,
            StreamObserver<ListRuleExceptionsResponse> observer) {
        Replies.unary(
                observer,
                () -> {
                    Instant now = decisions.editor.now();
                    ListRuleExceptionsResponse.Builder response =
                            ListRuleExceptionsResponse.newBuilder();
                    decisions
                            .exceptions
                            .list(RuleNames.rule("parent", request.getParent()))
                            .forEach(exception ->
                                    response.addExceptions(RuleProtos.exception(exception, now)));
                    return response.build();
                });
    }

    @Override
    public StreamObserver<ImportRulePackRequest> importRulePack(
            StreamObserver<ImportRulePackResponse> observer) {
        Principal caller = Callers.current();
        RuleEditor.requireWholeInstallation(caller);
        return new UploadEndpoint(
                observer,
                imports,
                (header, archive) -> report(decisions.packs.importPack(header, archive, caller)));
    }

    private static ImportRulePackResponse report(RulePackEditor.Import made) {
        ImportRulePackResponse.Builder response =
                ImportRulePackResponse.newBuilder()
                        .setPack(
                                RuleProtos.pack(
                                        made.content(), made.rules(), Optional.of(made.pack())))
                        .setSkippedFiles(made.archive().skippedFiles());
        made.archive()
                .refused()
                .forEach(refused -> response.addRefusedEntries(RuleProtos.refused(refused)));
        made.rules().stream()
                .filter(rule -> rule.state() != dev.yagura.sigma.pack.Rule.State.ACTIVE)
                .limit(MAX_REPORTED)
                .forEach(rule -> response.addRules(RuleProtos.plain(rule)));
        return response.build();
    }

    @Override
    public void deleteRulePack(
            DeleteRulePackRequest request, StreamObserver<DeleteRulePackResponse> observer) {
        Replies.unary(
                observer,
                () -> {
                    decisions.packs.delete(request, Callers.current());
                    return DeleteRulePackResponse.getDefaultInstance();
                });
    }

    @Override
    public void listRulePacks(
            ListRulePacksRequest request, StreamObserver<ListRulePacksResponse> observer) {
        Replies.unary(
                observer,
                () -> {
                    RuleBook book = catalog.book();
                    ListRulePacksResponse.Builder response = ListRulePacksResponse.newBuilder();
                    book.packs()
                            .values()
                            .forEach(pack ->
                                    response.addPacks(
                                            RuleProtos.pack(
                                                    pack,
                                                    book.rules(pack.name()),
                                                    book.imported(pack.name()))));
                    return response.build();
                });
    }

    /** With text and counts. */
    private Rule whole(BookedRule rule) {
        RuleTotals totals =
                store.statistics(List.of(rule.name()), decisions.editor.now())
                        .getOrDefault(rule.name(), RuleTotals.NONE);
        return RuleProtos.rule(rule, totals).toBuilder().setText(rule.rule().text()).build();
    }

    private static PageTokens tokens(ListRulesRequest request) {
        byte[] filter = request.toBuilder().clearPageSize().clearPageToken().build().toByteArray();
        return PageTokens.of(
                RuleServiceGrpc.getListRulesMethod().getFullMethodName(), filter, "name");
    }

    private static RuleFilter filter(ListRulesRequest request) {
        return new RuleFilter(
                RuleProtos.state(request.getState()),
                Optional.of(request.getPack()).filter(pack -> !pack.isEmpty()),
                RuleProtos.deploymentState("deployment_state", request.getDeploymentState()));
    }
}
