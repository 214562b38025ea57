package dev.yagura.response.block;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.BlockTarget;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Procedure;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.isolation.IsolationConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;

/** block_indicator: one kind, three ways, of which the target chooses one. */
@ApplicationScoped
public class BlockProcedure implements Procedure {
    private static final AwsErrors ERRORS = AwsErrors.of(ActionKind.ACTION_KIND_BLOCK_INDICATOR);

    private final ScopedClients<BlockCloud> clients;
    private final BlockWay addresses;
    private final BlockWay rule;
    private final BlockWay domain;

    @Inject
    BlockProcedure(Settings settings, Clock clock) {
        AwsClients aws = new AwsClients(AwsConfig.from(settings));
        this.clients = new ScopedClients<>(scope -> BlockCloud.open(aws, scope));
        this.addresses = new AddressWay(IsolationConfig.from(settings).gateways(), clock);
        this.rule = new RuleWay(clock);
        this.domain = new DomainWay(BlockConfig.from(settings), clock);
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_BLOCK_INDICATOR;
    }

    @Override
    public Prospect plan(ActionTarget target) {
        try {
            BlockWay way = way(target);
            return new Prospect(way.plan(clients.of(target.getScope()), target), way.lane(target));
        } catch (SdkException e) {
            throw ERRORS.whilePlanning("", e);
        }
    }

    @Override
    public void apply(ActionRun run) {
        work(run, BlockEffect::apply);
    }

    @Override
    public void undo(ActionRun run) {
        work(run, BlockEffect::undo);
    }

    @Override
    public String remains(ActionRun run) {
        return effect(run).remains();
    }

    private void work(ActionRun run, Consumer<BlockEffect> part) {
        ERRORS.running(() -> part.accept(effect(run)));
    }

    private BlockEffect effect(ActionRun run) {
        ActionTarget target = run.action().getTarget();
        return way(target).effect(clients.of(target.getScope()), run);
    }

    private BlockWay way(ActionTarget target) {
        BlockTarget block = target.getBlock();
        if (!block.getNetworkAclId().isEmpty()) {
            return addresses;
        }
        return block.getVpcId().isEmpty() ? rule : domain;
    }
}
