package dev.yagura.response.block;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.AddressBlock;
import dev.yagura.response.aws.Effect;
import dev.yagura.response.isolation.IsolationConfig;
import java.time.Clock;
import java.util.List;

/** Addresses are denied in a network ACL. */
final class AddressWay implements BlockWay {
    private final List<IsolationConfig.Gateway> gateways;
    private final Clock clock;

    AddressWay(List<IsolationConfig.Gateway> gateways, Clock clock) {
        this.gateways = gateways;
        this.clock = clock;
    }

    @Override
    public Plan plan(BlockCloud cloud, ActionTarget target) {
        return plan(cloud, survey(cloud, target), target);
    }

    Plan plan(BlockCloud cloud, AclSurvey survey, ActionTarget target) {
        return AclPlan.of(cloud, survey, target, clock.instant());
    }

    AclSurvey survey(BlockCloud cloud, ActionTarget target) {
        return AclSurvey.take(
                cloud.ec2(),
                target.getBlock().getNetworkAclId(),
                AddressBlock.parse(target.getBlock().getCidr()),
                gateways);
    }

    /** Two would choose the same numbers. */
    @Override
    public String lane(ActionTarget target) {
        return target.getBlock().getNetworkAclId();
    }

    @Override
    public Effect effect(BlockCloud cloud, ActionRun run) {
        return new AddressDenial(this, cloud, run);
    }
}
