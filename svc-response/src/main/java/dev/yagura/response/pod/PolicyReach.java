package dev.yagura.response.pod;

import dev.yagura.response.pod.NetworkPolicy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What NetworkPolicies of a namespace let a pod do. What is allowed is the union of all that select
 * it; a direction that none of them closes is open altogether.
 */
final class PolicyReach {
    private final List<NetworkPolicy> policies;

    /**
     * @param policies of the namespace, without the one of quarantine
     */
    PolicyReach(List<NetworkPolicy> policies) {
        this.policies = List.copyOf(policies);
    }

    /**
     * What others than the policy of quarantine still let a pod do that has these labels: a
     * sentence each.
     */
    List<String> left(Map<String, String> labels) {
        List<String> left = new ArrayList<>();
        for (NetworkPolicy policy : policies) {
            if (policy.selects(labels)) {
                List<String> allowed = new ArrayList<>(policy.allowed(Direction.INGRESS));
                allowed.addAll(policy.allowed(Direction.EGRESS));
                if (!allowed.isEmpty()) {
                    left.add(
                            "%s (selects %s) allows %s"
                                    .formatted(
                                            policy.name(),
                                            policy.selector(),
                                            String.join(", ", allowed)));
                }
            }
        }
        return left;
    }

    /**
     * Names of policies that would allow what nothing allows now: those that select the pod only
     * with its new labels, in a direction that is closed with its present ones.
     */
    List<String> gained(Map<String, String> before, Map<String, String> after) {
        List<String> gained = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            boolean closed =
                    policies.stream()
                            .anyMatch(each -> each.selects(before) && each.closes(direction));
            policies.stream()
                    .filter(each -> closed && !each.selects(before) && each.selects(after))
                    .filter(each -> !each.allowed(direction).isEmpty())
                    .map(NetworkPolicy::name)
                    .filter(each -> !gained.contains(each))
                    .forEach(gained::add);
        }
        return gained;
    }
}
