package dev.yagura.response.block;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.Effect;
import java.time.Clock;
import java.time.Duration;

/** A domain gets no answer from the Route 53 Resolver of a VPC. */
final class DomainWay implements BlockWay {
    private final BlockConfig config;
    private final Clock clock;

    DomainWay(BlockConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    @Override
    public Plan plan(BlockCloud cloud, ActionTarget target) {
        return plan(cloud, survey(cloud, target), target, Action.getDefaultInstance());
    }

    Plan plan(BlockCloud cloud, DomainSurvey survey, ActionTarget target, Action action) {
        return DomainPlan.of(
                cloud, survey, target, config, FirewallChanges.token(action), clock.instant());
    }

    DomainSurvey survey(BlockCloud cloud, ActionTarget target) {
        return DomainSurvey.take(
                cloud, target.getBlock().getVpcId(), target.getBlock().getDomain());
    }

    /** The list and the rule group are one for all domains of the VPC. */
    @Override
    public String lane(ActionTarget target) {
        return "dns " + target.getBlock().getVpcId();
    }

    @Override
    public Effect effect(BlockCloud cloud, ActionRun run) {
        return new DomainBlocking(this, cloud, run);
    }

    /** Pause between two looks. */
    Duration poll() {
        return config.poll();
    }
}
