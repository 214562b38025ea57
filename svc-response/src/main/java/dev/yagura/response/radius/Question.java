package dev.yagura.response.radius;

import dev.yagura.proto.inventory.v1.AssetReference;
import dev.yagura.proto.inventory.v1.GetAssetGraphRequest;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the inventory is asked about the target of an action.
 *
 * @param role whether who shares its role is asked for
 * @param traffic whether what scales it and what sends it requests is
 */
record Question(String resourceType, String nativeId, boolean role, boolean traffic) {
    static final String INSTANCE = "AWS::EC2::Instance";
    static final String FUNCTION = "AWS::Lambda::Function";
    static final String TASK = "AWS::ECS::Task";
    static final String ROLE = "AWS::IAM::Role";
    static final String SCALING_GROUP = "AWS::AutoScaling::AutoScalingGroup";
    static final String TARGET_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup";

    /** What may have a role. */
    static final List<String> HOLDERS = List.of(INSTANCE, FUNCTION, TASK);

    private static final int MAX_NODES = 200;

    /** Empty for a kind that cuts off neither an instance nor a role. */
    static Optional<Question> of(ActionKind kind, ActionTarget target) {
        return switch (kind) {
            case ACTION_KIND_ISOLATE_INSTANCE,
                    ACTION_KIND_ISOLATE_HOST,
                    ACTION_KIND_STOP_INSTANCE,
                    ACTION_KIND_TERMINATE_INSTANCE ->
                    of(INSTANCE, target.getInstanceId(), false, true);
            case ACTION_KIND_CONTAIN_ROLE_SESSION, ACTION_KIND_REPLACE_INSTANCE_PROFILE ->
                    of(INSTANCE, target.getInstanceId(), true, false);
            case ACTION_KIND_REVOKE_ROLE_SESSIONS -> of(ROLE, target.getRoleName(), true, false);
            case ACTION_KIND_DENY_PRINCIPAL ->
                    target.getPrincipalArn().contains(":role/")
                            ? of(ROLE, target.getPrincipalArn(), true, false)
                            : Optional.empty();
            case ACTION_KIND_CONTAIN_FUNCTION ->
                    of(FUNCTION, target.getFunction().getName(), true, false);
            case ACTION_KIND_CONTAIN_TASK -> of(TASK, taskArn(target), true, false);
            default -> Optional.empty();
        };
    }

    /** As the inventory has it; a target may name a task by its id. */
    private static String taskArn(ActionTarget target) {
        String task = target.getTask().getTask();
        if (task.isEmpty() || task.startsWith("arn:")) {
            return task;
        }
        String cluster = target.getTask().getCluster();
        return "arn:%s:ecs:%s:%s:task/%s/%s"
                .formatted(
                        target.getScope().getPartition(),
                        target.getScope().getRegion(),
                        target.getScope().getAccountId(),
                        cluster.substring(cluster.lastIndexOf('/') + 1),
                        task);
    }

    /** A target without an id is refused by its procedure. */
    private static Optional<Question> of(
            String resourceType, String nativeId, boolean role, boolean traffic) {
        return nativeId.isEmpty()
                ? Optional.empty()
                : Optional.of(new Question(resourceType, nativeId, role, traffic));
    }

    GetAssetGraphRequest request(ActionTarget target) {
        Set<String> types = new LinkedHashSet<>();
        if (role) {
            types.add(ROLE);
            types.addAll(HOLDERS);
        }
        if (traffic) {
            types.addAll(List.of(SCALING_GROUP, TARGET_GROUP));
        }
        return GetAssetGraphRequest.newBuilder()
                .setStart(
                        AssetReference.newBuilder()
                                .setScope(target.getScope())
                                .setResourceType(resourceType)
                                .setNativeId(nativeId))
                .setDepth(2)
                .addAllResourceTypes(types)
                .setMaxNodes(MAX_NODES)
                .build();
    }
}
