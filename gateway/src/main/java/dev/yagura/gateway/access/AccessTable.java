package dev.yagura.gateway.access;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.yagura.proto.type.v1.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The rule of every method; what has none is not served. */
public final class AccessTable {
    private static final AccessRule AGENTS = new AccessRule.Agents();
    private static final AccessRule PLATFORM = new AccessRule.Platform();
    private static final AccessRule READ = new AccessRule.Users(Role.ROLE_VIEWER, false);

    /** The comment of each RPC says the same in words. */
    private static final Map<String, AccessRule> RULES =
            Map.ofEntries(
                    Map.entry("yagura.ingest.v1.TelemetryService/StreamTelemetry", AGENTS),
                    Map.entry("yagura.ingest.v1.EventFeedService/GetLog", PLATFORM),
                    Map.entry("yagura.ingest.v1.EventFeedService/ReadEvents", PLATFORM),
                    Map.entry("yagura.ingest.v1.EventFeedService/CommitPosition", PLATFORM),
                    Map.entry("yagura.ingest.v1.EventFeedService/AppendCanary", PLATFORM),
                    Map.entry("yagura.ingest.v1.LedgerService/GetLedger", READ),
                    Map.entry("yagura.ingest.v1.LedgerService/ListLedgers", READ),
                    Map.entry("yagura.detection.v1.RuleService/GetRule", READ),
                    Map.entry("yagura.detection.v1.RuleService/ListRules", READ),
                    Map.entry("yagura.detection.v1.RuleService/ListRuleExceptions", READ),
                    Map.entry("yagura.detection.v1.RuleService/ListRulePacks", READ),
                    // Changes nothing, but takes processor time and shows events.
                    Map.entry(
                            "yagura.detection.v1.RuleService/VerifyRule",
                            new AccessRule.Users(Role.ROLE_ANALYST, false)),
                    Map.entry(
                            "yagura.detection.v1.RuleService/CreateRule", change(Role.ROLE_ADMIN)),
                    Map.entry(
                            "yagura.detection.v1.RuleService/UpdateRule", change(Role.ROLE_ADMIN)),
                    Map.entry(
                            "yagura.detection.v1.RuleService/DeleteRule", change(Role.ROLE_ADMIN)),
                    Map.entry(
                            "yagura.detection.v1.RuleService/UpdateRuleDeployment",
                            change(Role.ROLE_ADMIN)),
                    Map.entry(
                            "yagura.detection.v1.RuleService/CreateRuleException",
                            change(Role.ROLE_ADMIN)),
                    Map.entry(
                            "yagura.detection.v1.RuleService/DeleteRuleException",
                            change(Role.ROLE_ADMIN)),
                    Map.entry(
                            "yagura.detection.v1.RuleService/ImportRulePack",
                            change(Role.ROLE_ADMIN)),
                    Map.entry(
                            "yagura.detection.v1.RuleService/DeleteRulePack",
                            change(Role.ROLE_ADMIN)),
                    Map.entry("yagura.detection.v1.CoverageService/ListCanaries", READ),
                    Map.entry("yagura.detection.v1.CoverageService/GetAttackCoverage", READ),
                    Map.entry("yagura.detection.v1.AlertService/GetAlert", READ),
                    Map.entry("yagura.detection.v1.AlertService/ListAlerts", READ),
                    Map.entry("yagura.detection.v1.AlertService/WatchAlerts", READ),
                    Map.entry("yagura.detection.v1.IncidentService/GetIncident", READ),
                    Map.entry("yagura.detection.v1.IncidentService/GetIncidentReach", READ),
                    Map.entry("yagura.detection.v1.IncidentService/ListIncidents", READ),
                    Map.entry("yagura.detection.v1.IncidentService/WatchIncidents", READ),
                    Map.entry(
                            "yagura.detection.v1.IncidentService/UpdateIncident",
                            change(Role.ROLE_ANALYST)),
                    Map.entry(
                            "yagura.detection.v1.IndicatorService/ImportIndicators",
                            change(Role.ROLE_RESPONDER)),
                    Map.entry("yagura.detection.v1.IndicatorService/ListIndicatorLists", READ),
                    Map.entry("yagura.detection.v1.IndicatorService/GetIndicatorList", READ),
                    Map.entry(
                            "yagura.detection.v1.IndicatorService/DeleteIndicatorList",
                            change(Role.ROLE_RESPONDER)),
                    Map.entry("yagura.detection.v1.IndicatorService/ListIndicators", READ),
                    Map.entry(
                            "yagura.detection.v1.IndicatorService/RevokeIndicator",
                            change(Role.ROLE_ANALYST)),
                    Map.entry(
                            "yagura.detection.v1.IndicatorService/ReinstateIndicator",
                            change(Role.ROLE_ANALYST)),
                    Map.entry("yagura.detection.v1.IndicatorService/LookupIndicator", READ),
                    Map.entry(
                            "yagura.detection.v1.IndicatorService/RetroMatch",
                            change(Role.ROLE_ANALYST)),
                    Map.entry(
                            "yagura.response.v1.ActionService/CreateAction",
                            change(Role.ROLE_RESPONDER)),
                    Map.entry("yagura.response.v1.ActionService/GetAction", READ),
                    Map.entry("yagura.response.v1.ActionService/ListActions", READ),
                    Map.entry(
                            "yagura.response.v1.ActionService/ApproveAction",
                            change(Role.ROLE_RESPONDER)),
                    Map.entry(
                            "yagura.response.v1.ActionService/RejectAction",
                            change(Role.ROLE_RESPONDER)),
                    Map.entry(
                            "yagura.response.v1.ActionService/CancelAction",
                            change(Role.ROLE_RESPONDER)),
                    Map.entry(
                            "yagura.response.v1.ActionService/UndoAction",
                            change(Role.ROLE_RESPONDER)),
                    Map.entry("yagura.response.v1.ActionService/WatchActions", READ),
                    Map.entry(
                            "yagura.response.v1.PlaybookService/CreatePlaybook",
                            change(Role.ROLE_ADMIN)),
                    Map.entry("yagura.response.v1.PlaybookService/GetPlaybook", READ),
                    Map.entry("yagura.response.v1.PlaybookService/ListPlaybooks", READ),
                    Map.entry("yagura.response.v1.PlaybookService/ExportPlaybook", READ),
                    Map.entry(
                            "yagura.response.v1.PlaybookService/UpdatePlaybook",
                            change(Role.ROLE_ADMIN)),
                    Map.entry(
                            "yagura.response.v1.PlaybookService/DeletePlaybook",
                            change(Role.ROLE_ADMIN)),
                    Map.entry(
                            "yagura.response.v1.PlaybookService/RunPlaybook",
                            change(Role.ROLE_RESPONDER)),
                    Map.entry("yagura.response.v1.PlaybookService/GetPlaybookRun", READ),
                    Map.entry("yagura.response.v1.PlaybookService/ListPlaybookRuns", READ),
                    Map.entry("yagura.response.v1.PlaybookService/WatchPlaybookRuns", READ),
                    Map.entry(
                            "yagura.response.v1.PlaybookService/CancelPlaybookRun",
                            change(Role.ROLE_RESPONDER)),
                    Map.entry("yagura.response.v1.ResponsePlanService/GetResponsePlan", READ),
                    Map.entry(
                            "yagura.response.v1.ResponsePlanService/UpdateResponsePlan",
                            change(Role.ROLE_ADMIN)),
                    Map.entry(
                            "yagura.response.v1.ResponsePlanService/RecordDrill",
                            change(Role.ROLE_RESPONDER)),
                    Map.entry("yagura.response.v1.ResponsePlanService/ListDrills", READ),
                    Map.entry("yagura.response.v1.WebhookService/ListWebhookEndpoints", READ),
                    Map.entry("yagura.response.v1.WebhookService/ListWebhookDeliveries", READ),
                    Map.entry(
                            "yagura.response.v1.WebhookService/ReplayWebhookDeliveries",
                            change(Role.ROLE_RESPONDER)),
                    Map.entry("yagura.response.v1.AgentCommandService/ReceiveCommands", AGENTS),
                    Map.entry("yagura.response.v1.EvidenceService/ExportEvidence", READ),
                    Map.entry("yagura.response.v1.EvidenceService/GetEvidenceHead", READ),
                    Map.entry(
                            "yagura.inventory.v1.AgentService/CreateEnrollmentToken",
                            change(Role.ROLE_ADMIN)),
                    // The enrolment token in the request is the proof; the inventory checks it.
                    Map.entry(
                            "yagura.inventory.v1.AgentService/EnrollAgent",
                            new AccessRule.Anyone(true)),
                    Map.entry("yagura.inventory.v1.AgentService/ReportStatus", AGENTS),
                    Map.entry("yagura.inventory.v1.AgentService/GetAgent", READ),
                    Map.entry("yagura.inventory.v1.AgentService/ListAgents", READ),
                    Map.entry(
                            "yagura.inventory.v1.AgentService/RevokeAgent",
                            change(Role.ROLE_ADMIN)),
                    Map.entry(
                            "yagura.inventory.v1.AgentService/RetireAgent",
                            change(Role.ROLE_ADMIN)),
                    Map.entry(
                            "yagura.inventory.v1.AgentAdmissionService/WatchAdmissions", PLATFORM),
                    Map.entry("yagura.inventory.v1.AssetService/GetAsset", READ),
                    Map.entry("yagura.inventory.v1.AssetService/ListAssets", READ),
                    Map.entry("yagura.inventory.v1.AssetService/WatchAssets", READ),
                    Map.entry("yagura.inventory.v1.AssetService/GetAssetGraph", READ),
                    Map.entry("yagura.inventory.v1.AssetService/ListAssetVersions", READ),
                    Map.entry("yagura.inventory.v1.AssetService/ListInstalledSoftware", READ),
                    // Changes nothing in AWS, but spends its calls.
                    Map.entry(
                            "yagura.inventory.v1.AssetService/ReconcileAssets",
                            change(Role.ROLE_RESPONDER)),
                    Map.entry("yagura.inventory.v1.AssetService/GetReconciliation", READ),
                    Map.entry("yagura.inventory.v1.AssetService/ListReconciliations", READ),
                    Map.entry("yagura.inventory.v1.CoverageService/ListCoverage", READ),
                    Map.entry("yagura.inventory.v1.CoverageService/GetCoverageSummary", READ),
                    Map.entry("yagura.inventory.v1.PostureService/GetPosture", READ),
                    Map.entry("yagura.inventory.v1.PostureService/GetAccountPosture", READ),
                    Map.entry("yagura.inventory.v1.PostureService/ListMisconfigurations", READ),
                    Map.entry(
                            "yagura.gateway.v1.TokenService/CreateToken", change(Role.ROLE_ADMIN)),
                    Map.entry(
                            "yagura.gateway.v1.TokenService/ListTokens",
                            new AccessRule.Users(Role.ROLE_ADMIN, false)),
                    Map.entry(
                            "yagura.gateway.v1.TokenService/RevokeToken", change(Role.ROLE_ADMIN)),
                    // Load balancers ask without any proof; they learn one word.
                    Map.entry("grpc.health.v1.Health/Check", new AccessRule.Anyone(false)),
                    Map.entry("grpc.health.v1.Health/Watch", READ),
                    Map.entry("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", READ),
                    Map.entry(
                            "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", READ));

    private final Map<String, AccessRule> rules;

    private AccessTable(Map<String, AccessRule> rules) {
        this.rules = Map.copyOf(rules);
    }

    /** The platform's table, checked against its contracts. */
    public static AccessTable complete() {
        return of(RULES, GrpcContracts.services());
    }

    /**
     * A table for exactly the methods of these services.
     *
     * @throws IllegalStateException a method has no rule, or a rule no method; names all of them
     */
    static AccessTable of(Map<String, AccessRule> rules, List<ServiceDescriptor> services) {
        Set<String> missing =
                GrpcContracts.methods(services).collect(Collectors.toCollection(TreeSet::new));
        Set<String> needless = new TreeSet<>(rules.keySet());
        needless.removeAll(missing);
        missing.removeAll(rules.keySet());
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "no access rule for " + missing + "; add one to AccessTable");
        }
        if (!needless.isEmpty()) {
            throw new IllegalStateException(
                    "access rules for methods that do not exist: " + needless);
        }
        return new AccessTable(rules);
    }

    /** Rule of a method; empty when there is no such method. */
    public Optional<AccessRule> rule(String fullMethod) {
        return Optional.ofNullable(rules.get(fullMethod));
    }

    /** True when outside callers of some kind may be let in. */
    public boolean isPublic(String fullMethod) {
        return rule(fullMethod).filter(rule -> !(rule instanceof AccessRule.Platform)).isPresent();
    }

    /** Every rule by method, in alphabetical order. */
    Map<String, AccessRule> rules() {
        return new TreeMap<>(rules);
    }

    private static AccessRule change(Role minimum) {
        return new AccessRule.Users(minimum, true);
    }
}
