package dev.yagura.response.block;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.Effect;

/** One of the ways to block something. */
interface BlockWay {

    /** What would be done now; throws what the SDK throws, and NotFoundException. */
    Plan plan(BlockCloud cloud, ActionTarget target);

    /** Actions that change the same thing run one after the other. */
    String lane(ActionTarget target);

    Effect effect(BlockCloud cloud, ActionRun run);
}
