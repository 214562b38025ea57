package dev.yagura.sandbox.ssm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import java.util.List;
import java.util.regex.Pattern;

/** DescribeInstancePatchStates: what the last scan of each node found. */
final class PatchOperations {
    private static final Page.Rules PAGES =
            new Page.Rules(
                    "MaxResults",
                    "NextToken",
                    10,
                    100,
                    10,
                    "InvalidNextToken",
                    "ValidationException");
    private static final int MOST_INSTANCES = 50;
    private static final Pattern NODE_ID = Pattern.compile("i-(\\w{8}|\\w{17})|mi-\\w{17}");
    private static final String BASELINE = "pb-0f4f26b7a9c1d2e35";
    private static final int INSTALLED = 412;

    /** Judgement: a scan of a small host takes so long. */
    private static final int SCAN_SECONDS = 40;

    private final ManagedNodes nodes;

    PatchOperations(ManagedNodes nodes) {
        this.nodes = nodes;
    }

    List<Operation> all() {
        return List.of(
                Operation.named("DescribeInstancePatchStates", this::describe)
                        .knows("InstanceIds.N", "MaxResults", "NextToken")
                        .needs("InstanceIds"));
    }

    /** Of nodes that were never scanned, or that there are not, it says nothing. */
    private Body describe(Call call) {
        List<String> ids = call.parameters().list("InstanceIds");
        if (ids.size() > MOST_INSTANCES) {
            throw Json.invalid(
                    "Value at 'instanceIds' failed to satisfy constraint: Member must have length"
                            + " less than or equal to %d",
                    MOST_INSTANCES);
        }
        ids.stream()
                .filter(id -> !NODE_ID.matcher(id).matches())
                .findFirst()
                .ifPresent(id -> {
                    throw Json.invalid(
                            "Value '%s' at 'instanceIds' failed to satisfy constraint: Member must"
                                    + " satisfy regular expression pattern:"
                                    + " (^i-(\\w{8}|\\w{17})$)|(^mi-\\w{17}$)",
                            id);
                });
        Page<ManagedNode> page =
                Page.of(
                        nodes.all().stream()
                                .filter(node -> ids.contains(node.instanceId()))
                                .filter(node -> node.patches().isPresent())
                                .toList(),
                        ManagedNode::instanceId,
                        call.parameters(),
                        PAGES);
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("InstancePatchStates");
        page.items()
                .forEach(node ->
                        node.patches()
                                .ifPresent(state ->
                                        write(list.addObject(), node.instanceId(), state)));
        page.nextToken().ifPresent(token -> answer.put("NextToken", token));
        return new Body.Members(answer);
    }

    private static void write(ObjectNode json, String instanceId, PatchState state) {
        json.put("InstanceId", instanceId)
                .put("PatchGroup", "")
                .put("BaselineId", BASELINE)
                .put("InstalledCount", INSTALLED)
                .put("InstalledOtherCount", 0)
                .put("InstalledPendingRebootCount", state.pendingReboot())
                .put("InstalledRejectedCount", 0)
                .put("MissingCount", state.missing())
                .put("FailedCount", state.failed())
                .put("NotApplicableCount", 0)
                .put("OperationStartTime", Json.time(state.endedAt().minusSeconds(SCAN_SECONDS)))
                .put("OperationEndTime", Json.time(state.endedAt()))
                .put("Operation", "Scan")
                .put("RebootOption", "NoReboot")
                .put("CriticalNonCompliantCount", state.critical())
                .put("SecurityNonCompliantCount", state.security())
                .put(
                        "OtherNonCompliantCount",
                        Math.max(0, state.nonCompliant() - state.critical() - state.security()));
    }
}
