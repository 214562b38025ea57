package dev.yagura.gateway.rest;

import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.yagura.gateway.access.AccessRule;
import dev.yagura.gateway.access.AccessTable;
import dev.yagura.gateway.access.GrpcContracts;
import io.helidon.http.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where each method that users call is found over HTTP. Names follow Google's API improvement
 * proposals 127 and 131 to 136: resources are paths, what is neither reading nor writing one is a
 * verb after a colon.
 */
public final class HttpTable {
    private static final String ALERTS = "yagura.detection.v1.AlertService/";
    private static final String INCIDENTS = "yagura.detection.v1.IncidentService/";
    private static final String RULES = "yagura.detection.v1.RuleService/";
    private static final String INDICATORS = "yagura.detection.v1.IndicatorService/";
    private static final String COVERAGE = "yagura.detection.v1.CoverageService/";
    private static final String ACTIONS = "yagura.response.v1.ActionService/";
    private static final String PLAYBOOKS = "yagura.response.v1.PlaybookService/";
    private static final String RESPONSE_PLAN = "yagura.response.v1.ResponsePlanService/";
    private static final String WEBHOOKS = "yagura.response.v1.WebhookService/";
    private static final String EVIDENCE = "yagura.response.v1.EvidenceService/";
    private static final String AGENTS = "yagura.inventory.v1.AgentService/";
    private static final String ASSETS = "yagura.inventory.v1.AssetService/";
    private static final String ASSET_COVERAGE = "yagura.inventory.v1.CoverageService/";
    private static final String POSTURE = "yagura.inventory.v1.PostureService/";
    private static final String LEDGERS = "yagura.ingest.v1.LedgerService/";
    private static final String TOKENS = "yagura.gateway.v1.TokenService/";

    private static final List<Line> LINES =
            List.of(
                    get("/v1/alerts", ALERTS + "ListAlerts"),
                    get("/v1/{name=alerts/*}", ALERTS + "GetAlert"),
                    get("/v1/alerts:watch", ALERTS + "WatchAlerts"),
                    get("/v1/incidents", INCIDENTS + "ListIncidents"),
                    get("/v1/{name=incidents/*}", INCIDENTS + "GetIncident"),
                    get("/v1/{name=incidents/*}:reach", INCIDENTS + "GetIncidentReach"),
                    get("/v1/incidents:watch", INCIDENTS + "WatchIncidents"),
                    patch("/v1/{name=incidents/*}", INCIDENTS + "UpdateIncident"),
                    get("/v1/rules", RULES + "ListRules"),
                    get("/v1/{name=rules/*/*}", RULES + "GetRule"),
                    post("/v1/rules", RULES + "CreateRule"),
                    patch("/v1/{rule.name=rules/*/*}", RULES + "UpdateRule"),
                    delete("/v1/{name=rules/*/*}", RULES + "DeleteRule"),
                    post("/v1/rules:verify", RULES + "VerifyRule"),
                    patch(
                            "/v1/{deployment.name=rules/*/*/deployment}",
                            RULES + "UpdateRuleDeployment"),
                    get("/v1/{parent=rules/*/*}/exceptions", RULES + "ListRuleExceptions"),
                    post("/v1/{parent=rules/*/*}/exceptions", RULES + "CreateRuleException"),
                    delete("/v1/{name=rules/*/*/exceptions/*}", RULES + "DeleteRuleException"),
                    get("/v1/rulePacks", RULES + "ListRulePacks"),
                    delete("/v1/{name=rulePacks/*}", RULES + "DeleteRulePack"),
                    get("/v1/indicatorLists", INDICATORS + "ListIndicatorLists"),
                    get("/v1/{name=indicatorLists/*}", INDICATORS + "GetIndicatorList"),
                    delete("/v1/{name=indicatorLists/*}", INDICATORS + "DeleteIndicatorList"),
                    get("/v1/indicators", INDICATORS + "ListIndicators"),
                    get("/v1/indicators:lookup", INDICATORS + "LookupIndicator"),
                    post(
                            "/v1/{name=indicatorLists/*/indicators/*}:revoke",
                            INDICATORS + "RevokeIndicator"),
                    post(
                            "/v1/{name=indicatorLists/*/indicators/*}:reinstate",
                            INDICATORS + "ReinstateIndicator"),
                    post("/v1/indicators:retroMatch", INDICATORS + "RetroMatch"),
                    get("/v1/canaries", COVERAGE + "ListCanaries"),
                    get("/v1/attackCoverage", COVERAGE + "GetAttackCoverage"),
                    get("/v1/actions", ACTIONS + "ListActions"),
                    get("/v1/{name=actions/*}", ACTIONS + "GetAction"),
                    get("/v1/actions:watch", ACTIONS + "WatchActions"),
                    post("/v1/actions", ACTIONS + "CreateAction"),
                    post("/v1/{name=actions/*}:approve", ACTIONS + "ApproveAction"),
                    post("/v1/{name=actions/*}:reject", ACTIONS + "RejectAction"),
                    post("/v1/{name=actions/*}:cancel", ACTIONS + "CancelAction"),
                    post("/v1/{name=actions/*}:undo", ACTIONS + "UndoAction"),
                    get("/v1/playbooks", PLAYBOOKS + "ListPlaybooks"),
                    get("/v1/{name=playbooks/*}", PLAYBOOKS + "GetPlaybook"),
                    get("/v1/{name=playbooks/*}:export", PLAYBOOKS + "ExportPlaybook"),
                    post("/v1/playbooks", PLAYBOOKS + "CreatePlaybook"),
                    patch("/v1/{name=playbooks/*}", PLAYBOOKS + "UpdatePlaybook"),
                    delete("/v1/{name=playbooks/*}", PLAYBOOKS + "DeletePlaybook"),
                    post("/v1/{playbook=playbooks/*}:run", PLAYBOOKS + "RunPlaybook"),
                    get("/v1/playbookRuns", PLAYBOOKS + "ListPlaybookRuns"),
                    get("/v1/playbookRuns:watch", PLAYBOOKS + "WatchPlaybookRuns"),
                    get("/v1/{name=playbookRuns/*}", PLAYBOOKS + "GetPlaybookRun"),
                    post("/v1/{name=playbookRuns/*}:cancel", PLAYBOOKS + "CancelPlaybookRun"),
                    get("/v1/responsePlan", RESPONSE_PLAN + "GetResponsePlan"),
                    patch("/v1/responsePlan", RESPONSE_PLAN + "UpdateResponsePlan"),
                    get("/v1/responsePlan/drills", RESPONSE_PLAN + "ListDrills"),
                    post("/v1/responsePlan/drills", RESPONSE_PLAN + "RecordDrill"),
                    get("/v1/webhookEndpoints", WEBHOOKS + "ListWebhookEndpoints"),
                    get("/v1/webhookDeliveries", WEBHOOKS + "ListWebhookDeliveries"),
                    post("/v1/webhookDeliveries:replay", WEBHOOKS + "ReplayWebhookDeliveries"),
                    get("/v1/evidence:export", EVIDENCE + "ExportEvidence"),
                    get("/v1/evidence:head", EVIDENCE + "GetEvidenceHead"),
                    get("/v1/agents", AGENTS + "ListAgents"),
                    get("/v1/{name=agents/*}", AGENTS + "GetAgent"),
                    post("/v1/{name=agents/*}:revoke", AGENTS + "RevokeAgent"),
                    post("/v1/{name=agents/*}:retire", AGENTS + "RetireAgent"),
                    post("/v1/enrollmentTokens", AGENTS + "CreateEnrollmentToken"),
                    get("/v1/assets", ASSETS + "ListAssets"),
                    get("/v1/{name=assets/*}", ASSETS + "GetAsset"),
                    get("/v1/{name=assets/*}:graph", ASSETS + "GetAssetGraph"),
                    get("/v1/assets:watch", ASSETS + "WatchAssets"),
                    get("/v1/{parent=assets/*}/versions", ASSETS + "ListAssetVersions"),
                    get("/v1/software", ASSETS + "ListInstalledSoftware"),
                    post("/v1/assets:reconcile", ASSETS + "ReconcileAssets"),
                    get("/v1/reconciliations", ASSETS + "ListReconciliations"),
                    get("/v1/{name=reconciliations/*}", ASSETS + "GetReconciliation"),
                    get("/v1/coverage", ASSET_COVERAGE + "ListCoverage"),
                    get("/v1/coverage:summary", ASSET_COVERAGE + "GetCoverageSummary"),
                    get("/v1/posture", POSTURE + "GetPosture"),
                    get("/v1/posture:account", POSTURE + "GetAccountPosture"),
                    get("/v1/misconfigurations", POSTURE + "ListMisconfigurations"),
                    get("/v1/ledgers", LEDGERS + "ListLedgers"),
                    get("/v1/ledgers:hour", LEDGERS + "GetLedger"),
                    get("/v1/tokens", TOKENS + "ListTokens"),
                    post("/v1/tokens", TOKENS + "CreateToken"),
                    post("/v1/{name=tokens/*}:revoke", TOKENS + "RevokeToken"));

    private final List<HttpRule> rules;

    private record Line(Method verb, String path, boolean hasBody, String method) {}

    /**
     * What a path leads to.
     *
     * @param variables fields of the request that the path has, by their paths
     */
    record Match(HttpRule rule, Map<String, String> variables) {}

    private HttpTable(List<HttpRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /**
     * The platform's table, checked against its contracts.
     *
     * @throws IllegalStateException a method has no line, or a line no method that users may call
     *     so; names all of them
     */
    public static HttpTable complete(AccessTable access) {
        Map<String, MethodDescriptor> callable = callable(access);
        List<HttpRule> rules = new ArrayList<>();
        Set<String> missing = new TreeSet<>(callable.keySet());
        Set<String> needless = new TreeSet<>();
        for (Line line : LINES) {
            MethodDescriptor method = callable.get(line.method());
            if (method == null || !missing.remove(line.method())) {
                needless.add(line.method());
            } else {
                rules.add(
                        new HttpRule(
                                line.verb(), PathTemplate.of(line.path()), line.hasBody(), method));
            }
        }
        if (!missing.isEmpty() || !needless.isEmpty()) {
            throw new IllegalStateException(
                    "HttpTable: methods without a path: "
                            + missing
                            + "; lines without a method, or twice: "
                            + needless);
        }
        return new HttpTable(rules);
    }

    /** Streams of requests have no form in HTTP that clients of JSON have. */
    private static Map<String, MethodDescriptor> callable(AccessTable access) {
        Map<String, MethodDescriptor> methods = new HashMap<>();
        GrpcContracts.services().stream()
                .filter(service -> service.getFullName().startsWith("yagura."))
                .flatMap(service -> service.getMethods().stream())
                .filter(method -> !method.isClientStreaming())
                .filter(method ->
                        access.rule(GrpcContracts.fullName(method))
                                .filter(AccessRule.Users.class::isInstance)
                                .isPresent())
                .forEach(method -> methods.put(GrpcContracts.fullName(method), method));
        return methods;
    }

    Optional<Match> match(Method verb, String rawPath) {
        for (HttpRule rule : rules) {
            if (rule.verb().equals(verb)) {
                Optional<Map<String, String>> variables = rule.path().match(rawPath);
                if (variables.isPresent()) {
                    return Optional.of(new Match(rule, variables.get()));
                }
            }
        }
        return Optional.empty();
    }

    /** What else may be done with a path, in alphabetical order; empty when nothing is there. */
    List<String> verbs(String rawPath) {
        return rules.stream()
                .filter(rule -> rule.path().match(rawPath).isPresent())
                .map(rule -> rule.verb().text())
                .distinct()
                .sorted()
                .toList();
    }

    /** The rules of each path, paths in alphabetical order. */
    Map<String, List<HttpRule>> byPath() {
        Map<String, List<HttpRule>> paths = new TreeMap<>();
        rules.forEach(rule ->
                paths.computeIfAbsent(rule.path().expanded(), path -> new ArrayList<>()).add(rule));
        return paths;
    }

    private static Line get(String path, String method) {
        return new Line(Method.GET, path, false, method);
    }

    private static Line delete(String path, String method) {
        return new Line(Method.DELETE, path, false, method);
    }

    private static Line post(String path, String method) {
        return new Line(Method.POST, path, true, method);
    }

    private static Line patch(String path, String method) {
        return new Line(Method.PATCH, path, true, method);
    }
}
