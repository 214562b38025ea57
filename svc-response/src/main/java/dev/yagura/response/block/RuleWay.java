package dev.yagura.response.block;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.Effect;
import java.time.Clock;

/** A rule of a security group is taken away. */
final class RuleWay implements BlockWay {
    private final Clock clock;

    RuleWay(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Plan plan(BlockCloud cloud, ActionTarget target) {
        return plan(cloud, survey(cloud, target), target);
    }

    Plan plan(BlockCloud cloud, RuleSurvey survey, ActionTarget target) {
        return RulePlan.of(cloud, survey, target, clock.instant());
    }

    RuleSurvey survey(BlockCloud cloud, ActionTarget target) {
        return RuleSurvey.take(cloud.ec2(), target.getBlock().getSecurityGroupRuleId());
    }

    /** Waits for no other: each takes away a rule of its own. */
    @Override
    public String lane(ActionTarget target) {
        return "";
    }

    @Override
    public Effect effect(BlockCloud cloud, ActionRun run) {
        return new RuleRemoval(this, cloud, run);
    }
}
