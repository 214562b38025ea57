package dev.yagura.inventory.posture;

import dev.yagura.common.yaml.SourceProblem;
import dev.yagura.common.yaml.YamlMessage;
import dev.yagura.proto.inventory.v1.PosturePolicy;
import dev.yagura.proto.inventory.v1.PostureRule;
import dev.yagura.proto.inventory.v1.PostureVerdict;
import java.util.ArrayList;
import java.util.List;

/**
 * The text of a policy.
 *
 * @param problems each with its line and column; empty where it can be used
 */
record PolicySource(PosturePolicy policy, List<SourceProblem> problems) {
    PolicySource {
        problems = List.copyOf(problems);
    }

    static PolicySource read(String yaml) {
        PosturePolicy.Builder policy = PosturePolicy.newBuilder();
        YamlMessage written = YamlMessage.read(yaml, policy);
        List<SourceProblem> problems = new ArrayList<>(written.problems());
        List<String> checks = PostureConfig.checks();
        if (policy.getName().isBlank()) {
            problems.add(written.problem("name", "name is missing: answers name the policy"));
        }
        if (policy.getRulesCount() == 0) {
            problems.add(written.problem("rules", "rules are missing: it would allow everything"));
        }
        for (int i = 0; i < policy.getRulesCount(); i++) {
            PostureRule.Builder rule = policy.getRulesBuilder(i);
            if (!checks.contains(rule.getCheck())) {
                problems.add(
                        written.problem(
                                "rules[" + i + "].check",
                                "\"%s\" is no check; write one of %s"
                                        .formatted(rule.getCheck(), String.join(", ", checks))));
            }
            if (rule.getCheck().equals(ListeningCheck.ID) && policy.getListeningCount() == 0) {
                problems.add(
                        written.problem(
                                "rules[" + i + "].check",
                                rule.getCheck() + " needs \"listening\": the ports that may"));
            }
            complete(rule);
        }
        for (int i = 0; i < policy.getListeningCount(); i++) {
            String path = "listening[" + i + "].ports";
            policy.getListening(i).getPortsList().stream()
                    .filter(port -> PortRange.parse(port).isEmpty())
                    .map(port ->
                            written.problem(
                                    path,
                                    "\"%s\" is no port; write one like 443/tcp, 53/udp or"
                                                    .formatted(port)
                                            + " 30000-32767/tcp"))
                    .forEach(problems::add);
        }
        return new PolicySource(policy.build(), problems);
    }

    private static void complete(PostureRule.Builder rule) {
        if (rule.getOnFail() == PostureVerdict.POSTURE_VERDICT_UNSPECIFIED) {
            rule.setOnFail(PostureVerdict.POSTURE_VERDICT_DENY);
        }
        if (rule.getOnUnknown() == PostureVerdict.POSTURE_VERDICT_UNSPECIFIED) {
            rule.setOnUnknown(PostureVerdict.POSTURE_VERDICT_UNKNOWN);
        }
    }
}
