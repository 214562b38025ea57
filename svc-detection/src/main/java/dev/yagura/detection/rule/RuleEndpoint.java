package dev.yagura.detection.rule;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.paging.PageSize;
import dev.yagura.common.paging.PageTokens;
import dev.yagura.proto.detection.v1.GetRuleRequest;
import dev.yagura.proto.detection.v1.ListRulesRequest;
import dev.yagura.proto.detection.v1.ListRulesResponse;
import dev.yagura.proto.detection.v1.RuleServiceGrpc;
import dev.yagura.proto.detection.v1.RuleState;
import dev.yagura.sigma.pack.Rule;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/**
 * RuleService. Rules are of the whole installation, so there is no scope to check; who may call is
 * decided at the gateway.
 */
@ApplicationScoped
public class RuleEndpoint extends RuleServiceGrpc.RuleServiceImplBase {
    private static final int DEFAULT_PAGE_SIZE = 100;
    private static final int MAX_PAGE_SIZE = 1000;

    private final RuleCatalog catalog;

    @Inject
    RuleEndpoint(RuleCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public void getRule(
            GetRuleRequest request, StreamObserver<dev.yagura.proto.detection.v1.Rule> observer) {
        Replies.unary(
                observer,
                () -> {
                    Rule rule = catalog.get(name(request));
                    return RuleProtos.rule(rule).toBuilder().setText(rule.text()).build();
                });
    }

    @Override
    public void listRules(ListRulesRequest request, StreamObserver<ListRulesResponse> observer) {
        Replies.unary(observer, () -> list(request));
    }

    private ListRulesResponse list(ListRulesRequest request) {
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
        PageTokens tokens = tokens(request);
        String after = tokens.read(request.getPageToken()).map(key -> key.text(0)).orElse("");
        List<Rule> rules = catalog.list(filter(request), after, size + 1);
        List<Rule> page = rules.subList(0, Math.min(size, rules.size()));
        ListRulesResponse.Builder response =
                ListRulesResponse.newBuilder().setRuleSetVersion(catalog.ruleSetVersion());
        page.forEach(rule -> response.addRules(RuleProtos.rule(rule)));
        if (rules.size() > size) {
            response.setNextPageToken(tokens.next(page.getLast().name()));
        }
        return response.build();
    }

    private static PageTokens tokens(ListRulesRequest request) {
        byte[] filter = request.toBuilder().clearPageSize().clearPageToken().build().toByteArray();
        return PageTokens.of(
                RuleServiceGrpc.getListRulesMethod().getFullMethodName(), filter, "name");
    }

    private static RuleFilter filter(ListRulesRequest request) {
        if (request.getState() == RuleState.UNRECOGNIZED) {
            throw new InvalidFieldException(
                    "state", "is unknown", "send a value of RuleState, or nothing for any");
        }
        return new RuleFilter(
                RuleProtos.state(request.getState()),
                Optional.of(request.getPack()).filter(pack -> !pack.isEmpty()));
    }

    private static String name(GetRuleRequest request) {
        if (!request.getName().startsWith("rules/")) {
            throw new InvalidFieldException(
                    "name", "is not the name of a rule", "send \"rules/{pack}/{rule id}\"");
        }
        return request.getName();
    }
}
