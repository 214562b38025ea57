package dev.yagura.sandbox.securityhub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.JsonText;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Security Hub: findings are imported and read. Workflow and Note are nobody's to import. */
public final class SecurityHubApi {
    public static final String NAME = "securityhub";

    private static final String FINDINGS = "Findings";
    private static final int MOST_FINDINGS = 100;
    private static final String SUBSCRIBED = "2026-01-05T09:00:00Z";

    private final SecurityHub hub;

    private SecurityHubApi(SecurityHub hub) {
        this.hub = hub;
    }

    public static Api of(SecurityHub hub) {
        SecurityHubApi api = new SecurityHubApi(hub);
        return Api.of(
                NAME,
                Protocol.REST_JSON,
                "",
                "",
                false,
                List.of(
                        Operation.named("DescribeHub", api::describe),
                        Operation.named("GetFindings", api::get)
                                .knows(
                                        "Filters.Id.N.Value",
                                        "Filters.Id.N.Comparison",
                                        "Filters.ProductArn.N.Value",
                                        "Filters.ProductArn.N.Comparison"),
                        Operation.named("BatchImportFindings", api::put)
                                .needs(FINDINGS)
                                .knows(
                                        "Findings.N.SchemaVersion",
                                        "Findings.N.Id",
                                        "Findings.N.ProductArn",
                                        "Findings.N.ProductName",
                                        "Findings.N.CompanyName",
                                        "Findings.N.AwsAccountId",
                                        "Findings.N.GeneratorId",
                                        "Findings.N.FindingProviderFields.Severity.Label",
                                        "Findings.N.FindingProviderFields.Types.N",
                                        "Findings.N.Title",
                                        "Findings.N.Description",
                                        "Findings.N.CreatedAt",
                                        "Findings.N.UpdatedAt",
                                        "Findings.N.FirstObservedAt",
                                        "Findings.N.LastObservedAt",
                                        "Findings.N.RecordState",
                                        "Findings.N.Resources.N.Type",
                                        "Findings.N.Resources.N.Id",
                                        "Findings.N.ProductFields.*")
                                .on(SecurityHubApi::products)));
    }

    private static List<String> products(Parameters parameters) {
        return List.copyOf(
                new TreeSet<>(
                        parameters.structures(FINDINGS).stream()
                                .map(each -> each.text("ProductArn").orElse("*"))
                                .toList()));
    }

    private Body describe(Call call) {
        hub.requireEnabled();
        return new Body.Members(
                object().put("HubArn", hub.account().arn(NAME, "hub/default"))
                        .put("SubscribedAt", SUBSCRIBED)
                        .put("AutoEnableControls", true));
    }

    private Body get(Call call) {
        hub.requireEnabled();
        Parameters filters = call.parameters().structure("Filters");
        ObjectNode answer = object();
        ArrayNode list = answer.putArray(FINDINGS);
        hub.all().stream()
                .filter(finding -> passes(finding, filters, "Id"))
                .filter(finding -> passes(finding, filters, "ProductArn"))
                .forEach(finding -> list.add(finding.deepCopy()));
        return new Body.Members(answer);
    }

    private static boolean passes(JsonNode finding, Parameters filters, String name) {
        List<Parameters> wanted = filters.structures(name);
        for (Parameters each : wanted) {
            if (!each.text("Comparison").orElse("").equals("EQUALS")) {
                throw ApiFault.of("InvalidInputException", "The sandbox compares by EQUALS only.");
            }
        }
        return wanted.isEmpty()
                || wanted.stream()
                        .anyMatch(each ->
                                each.text("Value").orElse("").equals(finding.path(name).asText()));
    }

    private Body put(Call call) {
        hub.requireEnabled();
        List<JsonNode> findings = findings(call);
        if (findings.isEmpty() || findings.size() > MOST_FINDINGS) {
            throw ApiFault.of("InvalidInputException", "Findings must be 1 to %d.", MOST_FINDINGS);
        }
        ObjectNode answer = object();
        ArrayNode failed = JsonNodeFactory.instance.arrayNode();
        for (JsonNode finding : findings) {
            Optional<String> problem = FindingRules.problem(finding, hub);
            if (problem.isPresent()) {
                failed.addObject()
                        .put("Id", finding.path("Id").asText())
                        .put("ErrorCode", "InvalidInput")
                        .put("ErrorMessage", problem.get());
            } else {
                take(finding.deepCopy());
            }
        }
        answer.put("SuccessCount", findings.size() - failed.size());
        answer.put("FailedCount", failed.size());
        answer.set("FailedFindings", failed);
        return new Body.Members(answer);
    }

    private static List<JsonNode> findings(Call call) {
        try {
            return JsonText.mapper().readTree(call.content()).path(FINDINGS).valueStream().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that is not newer is taken for a success, and changes nothing. */
    private void take(ObjectNode finding) {
        String id = finding.path("Id").asText();
        Optional<ObjectNode> before = hub.find(id);
        if (before.isPresent() && !updated(finding).isAfter(updated(before.get()))) {
            return;
        }
        JsonNode provider = finding.path("FindingProviderFields");
        finding.set("Severity", provider.path("Severity").deepCopy());
        finding.set("Types", provider.path("Types").deepCopy());
        finding.withObject("/ProductFields")
                .put("aws/securityhub/FindingId", hub.productArn() + "/" + id);
        finding.path("Resources")
                .forEach(each ->
                        ((ObjectNode) each)
                                .put("Partition", hub.account().partition())
                                .put("Region", hub.account().region()));
        JsonNode workflow =
                before.map(each -> each.path(SecurityHub.WORKFLOW))
                        .orElseGet(() -> object().put("Status", "NEW"));
        finding.set(SecurityHub.WORKFLOW, workflow.deepCopy());
        hub.put(id, finding);
    }

    private static Instant updated(JsonNode finding) {
        return Instant.parse(finding.path(SecurityHub.UPDATED).asText());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
