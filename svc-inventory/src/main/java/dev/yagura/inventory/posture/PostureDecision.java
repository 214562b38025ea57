package dev.yagura.inventory.posture;

import dev.yagura.proto.inventory.v1.PosturePolicy;
import dev.yagura.proto.inventory.v1.PostureRule;
import dev.yagura.proto.inventory.v1.PostureVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a policy says of what the checks found.
 *
 * @param reasons of a verdict other than ALLOW, those that deny first
 */
record PostureDecision(PostureVerdict verdict, List<String> reasons) {
    PostureDecision {
        reasons = List.copyOf(reasons);
    }

    /**
     * Decides.
     *
     * @param results by check; a rule about a check that does not concern the host does not apply
     */
    static PostureDecision of(
            PosturePolicy policy, Map<String, String> tags, Map<String, CheckResult> results) {
        List<String> denying = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (PostureRule rule : policy.getRulesList()) {
            @Nullable CheckResult result = results.get(rule.getCheck());
            if (result != null && tags.entrySet().containsAll(rule.getTagsMap().entrySet())) {
                String reason = rule.getCheck() + ": " + result.detail();
                switch (verdict(rule, result)) {
                    case POSTURE_VERDICT_DENY -> denying.add(reason);
                    case POSTURE_VERDICT_UNKNOWN -> unknown.add(reason);
                    default -> {}
                }
            }
        }
        PostureVerdict verdict =
                denying.isEmpty()
                        ? unknown.isEmpty()
                                ? PostureVerdict.POSTURE_VERDICT_ALLOW
                                : PostureVerdict.POSTURE_VERDICT_UNKNOWN
                        : PostureVerdict.POSTURE_VERDICT_DENY;
        denying.addAll(unknown);
        return new PostureDecision(verdict, denying);
    }

    private static PostureVerdict verdict(PostureRule rule, CheckResult result) {
        return switch (result.outcome()) {
            case POSTURE_OUTCOME_PASS -> PostureVerdict.POSTURE_VERDICT_ALLOW;
            case POSTURE_OUTCOME_FAIL -> rule.getOnFail();
            default -> rule.getOnUnknown();
        };
    }
}
