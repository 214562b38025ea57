package dev.yagura.response.block;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.BlockState;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.RemovedRule;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Guards;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.Effect;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;

/** Takes a rule away by its id, and allows exactly the same again. */
final class RuleRemoval implements Effect {
    /** Enough to lose a race or two. */
    private static final int ROUNDS = 4;

    private static final String ALLOWED = "InvalidPermission.Duplicate";

    private final RuleWay way;
    private final BlockCloud cloud;
    private final ActionRun run;
    private final ActionTarget target;
    private final RuleReader reader;
    private final String ruleId;

    RuleRemoval(RuleWay way, BlockCloud cloud, ActionRun run) {
        this.way = way;
        this.cloud = cloud;
        this.run = run;
        this.target = run.action().getTarget();
        this.reader = new RuleReader(cloud.ec2());
        this.ruleId = target.getBlock().getSecurityGroupRuleId();
    }

    @Override
    public void apply() {
        if (!run.action().hasBlockState()) {
            prepare();
        }
        Optional<SecurityGroupRule> live = reader.rule(ruleId);
        for (int round = 0; live.isPresent(); round++) {
            if (round == ROUNDS) {
                notYet(ruleId + " is still there");
            }
            revoke(GroupRules.saved(live.get()));
            live = reader.rule(ruleId);
        }
        if (!wasRevoked()) {
            run.drift(List.of(ruleId + " was taken away by somebody else"));
        }
        run.verifying("taken away; reading back");
        verified(
                true,
                "%s has no rule %s (%s) any more"
                        .formatted(rule().getSecurityGroupId(), ruleId, GroupRules.text(rule())));
    }

    /** State first: nothing is changed before what was is written. */
    private void prepare() {
        RuleSurvey survey = way.survey(cloud, target);
        Plan plan =
                Guards.override(
                        way.plan(cloud, survey, target), run.action().getOverriddenGuardsList());
        Checks.requireNoneRefused(plan.getChecksList());
        run.prepared(plan, saving -> saving.setBlockState(state(survey.rule())));
    }

    /** Somebody may have changed it under its id since the plan. */
    private void revoke(RemovedRule live) {
        if (!live.equals(rule())) {
            run.saved(saving -> saving.setBlockState(state(live)));
        }
        try {
            RulePlan.revoke(ruleId, rule()).make(run, cloud);
        } catch (Ec2Exception e) {
            if (!RuleReader.isUnknownRule(e)) {
                throw e;
            }
        }
    }

    @Override
    public void undo() {
        if (!wasRevoked()) {
            verified(true, "nothing was taken away");
            return;
        }
        for (int round = 0; round < ROUNDS; round++) {
            if (reader.group(rule().getSecurityGroupId()).isEmpty()) {
                run.drift(
                        List.of(
                                rule().getSecurityGroupId()
                                        + " was deleted meanwhile: nothing of it is left to"
                                        + " restore"));
                verified(true, rule().getSecurityGroupId() + " does not exist any more");
                return;
            }
            Optional<SecurityGroupRule> same = same();
            if (same.isPresent()) {
                report(same.get());
                return;
            }
            authorize();
        }
        notYet("what was allowed before is not seen yet");
    }

    private Optional<SecurityGroupRule> same() {
        return reader.rules(rule().getSecurityGroupId()).stream()
                .filter(each -> GroupRules.isSame(GroupRules.saved(each), rule()))
                .findFirst();
    }

    private void authorize() {
        try {
            RulePlan.authorize(rule()).make(run, cloud);
        } catch (Ec2Exception e) {
            if (!AwsErrors.code(e).equals(ALLOWED)) {
                throw e;
            }
        }
    }

    /** It is allowed again: by this undo, by others, or it never was taken away. */
    private void report(SecurityGroupRule live) {
        String id = live.securityGroupRuleId();
        RemovedRule now = GroupRules.saved(live);
        boolean ours =
                id.equals(ruleId)
                        || new CallHistory(run.action())
                                .perhapsMade(RulePlan.authorize(rule()).call());
        if (!ours) {
            run.drift(
                    List.of(
                            "%s was allowed again by somebody else as %s; left so"
                                    .formatted(GroupRules.text(rule()), id)));
        }
        if (!now.equals(rule())) {
            run.drift(List.of(id + " has another description, or other tags, than " + ruleId));
        }
        if (!id.equals(ruleId)) {
            RemovedRule restored = rule().toBuilder().setRestoredRuleId(id).build();
            if (!restored.equals(saved())) {
                run.saved(saving -> saving.setBlockState(state(restored)));
            }
        }
        verified(
                true,
                "%s allows %s by %s%s"
                        .formatted(
                                now.getSecurityGroupId(),
                                GroupRules.text(now),
                                id,
                                id.equals(ruleId) ? "" : ", before " + ruleId));
    }

    @Override
    public String remains() {
        return reader.rule(ruleId).isPresent()
                ? ruleId + " is there as before"
                : ruleId + " is gone; undo allows the same again";
    }

    private boolean wasRevoked() {
        return run.action().hasBlockState()
                && new CallHistory(run.action())
                        .perhapsMade(RulePlan.revoke(ruleId, rule()).call());
    }

    /** As it was, whatever its id is now. */
    private RemovedRule rule() {
        return saved().toBuilder().clearRestoredRuleId().build();
    }

    private RemovedRule saved() {
        return run.action().getBlockState().getRemovedRule();
    }

    private static BlockState state(RemovedRule rule) {
        return BlockState.newBuilder().setRemovedRule(rule).build();
    }

    private void notYet(String detail) {
        verified(false, detail);
        throw new RetryLaterException(detail + ": EC2 needs a while, or somebody changes it");
    }

    private void verified(boolean passed, String detail) {
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, passed, detail);
    }
}
