package dev.yagura.response.block;

import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.BlockTarget;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.Effect;
import dev.yagura.response.aws.EffectProcedure;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.isolation.IsolationConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;

/** block_indicator: one kind, three ways, of which the target chooses one. */
@ApplicationScoped
public class BlockProcedure extends EffectProcedure<BlockCloud, Effect> {
    private final BlockWay addresses;
    private final BlockWay rule;
    private final BlockWay domain;

    @Inject
    BlockProcedure(Settings settings, Clock clock) {
        super(
                ActionKind.ACTION_KIND_BLOCK_INDICATOR,
                ScopedClients.of(settings, BlockCloud::open),
                clock);
        this.addresses = new AddressWay(IsolationConfig.from(settings).gateways(), clock);
        this.rule = new RuleWay(clock);
        this.domain = new DomainWay(BlockConfig.from(settings), clock);
    }

    @Override
    protected Prospect plan(BlockCloud cloud, ActionTarget target, Instant now) {
        BlockWay way = way(target);
        return new Prospect(way.plan(cloud, target), way.lane(target));
    }

    @Override
    protected String named(ActionTarget target) {
        return "";
    }

    @Override
    protected Effect effect(BlockCloud cloud, ActionRun run) {
        return way(run.action().getTarget()).effect(cloud, run);
    }

    private BlockWay way(ActionTarget target) {
        BlockTarget block = target.getBlock();
        if (!block.getNetworkAclId().isEmpty()) {
            return addresses;
        }
        return block.getVpcId().isEmpty() ? rule : domain;
    }
}
