package dev.yagura.response.block;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.BlockState;
import dev.yagura.proto.response.v1.BlockedDomain;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Guards;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.action.StillPendingException;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.Effect;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.route53resolver.model.Action;
import software.amazon.awssdk.services.route53resolver.model.FirewallDomainUpdateOperation;
import software.amazon.awssdk.services.route53resolver.model.FirewallRuleGroupAssociation;

/**
 * Makes what is missing for a domain to be blocked, one call after the other, and takes it away
 * again; the list and what obeys it go with their last domain. The world is read before each call.
 */
final class DomainBlocking implements Effect {
    /** Enough for every call, and to lose a race or two. */
    private static final int ROUNDS = 12;

    private final DomainWay way;
    private final BlockCloud cloud;
    private final ActionRun run;
    private final ActionTarget target;
    private final FirewallReader reader;
    private final String vpcId;
    private final String domain;

    DomainBlocking(DomainWay way, BlockCloud cloud, ActionRun run) {
        this.way = way;
        this.cloud = cloud;
        this.run = run;
        this.target = run.action().getTarget();
        this.reader = new FirewallReader(cloud.resolver());
        this.vpcId = target.getBlock().getVpcId();
        this.domain = target.getBlock().getDomain();
    }

    @Override
    public void apply() {
        if (!run.action().hasBlockState()) {
            prepare();
        }
        LiveFirewall now = look();
        Optional<BlockChange> next = missing(now);
        for (int round = 0; next.isPresent(); round++) {
            if (round == ROUNDS) {
                throw new RetryLaterException("DNS Firewall does not become what it must be");
            }
            next.get().make(run, cloud);
            now = look();
            next = missing(now);
        }
        run.verifying("blocked; reading back");
        verify(now);
    }

    /** State first: nothing is changed before what was is written. */
    private void prepare() {
        DomainSurvey survey = way.survey(cloud, target);
        Plan plan =
                Guards.override(
                        way.plan(cloud, survey, target, run.action()),
                        run.action().getOverriddenGuardsList());
        Checks.requireNoneRefused(plan.getChecksList());
        save(
                plan,
                BlockedDomain.newBuilder()
                        .setListedBefore(survey.firewall().lists(domain))
                        .build());
    }

    private void save(Plan plan, BlockedDomain saved) {
        run.prepared(
                plan,
                saving -> saving.setBlockState(BlockState.newBuilder().setBlockedDomain(saved)));
    }

    /** What is there, with its ids on record. */
    private LiveFirewall look() {
        LiveFirewall now = reader.read(vpcId);
        BlockedDomain.Builder known = state().toBuilder();
        now.list().ifPresent(list -> known.setDomainListId(list.id()));
        now.groupId().ifPresent(known::setRuleGroupId);
        now.association().ifPresent(each -> known.setAssociationId(each.id()));
        if (!known.build().equals(state())) {
            run.saved(saving ->
                    saving.setBlockState(BlockState.newBuilder().setBlockedDomain(known)));
        }
        return now;
    }

    /** The next call that is needed; empty when all is there. */
    private Optional<BlockChange> missing(LiveFirewall now) {
        String token = FirewallChanges.token(run.action());
        if (now.list().isEmpty()) {
            return Optional.of(FirewallChanges.createList(vpcId, token));
        }
        String listId = now.list().get().id();
        if (now.list().get().isBusy()) {
            throw pending(listId + " is " + now.list().get().status());
        }
        if (!now.lists(domain)) {
            return Optional.of(
                    FirewallChanges.update(listId, FirewallDomainUpdateOperation.ADD, domain));
        }
        if (now.groupId().isEmpty()) {
            return Optional.of(FirewallChanges.createGroup(vpcId, token));
        }
        String groupId = now.groupId().get();
        if (now.rule().isEmpty()) {
            return Optional.of(FirewallChanges.createRule(vpcId, groupId, listId, token));
        }
        if (now.association().isEmpty()) {
            int priority =
                    DomainSurvey.freePriority(now)
                            .orElseThrow(() ->
                                    new ActionFailedException(
                                            "no priority is free in the DNS Firewall of " + vpcId));
            return Optional.of(FirewallChanges.associate(vpcId, groupId, priority, token));
        }
        if (!now.isAssociated()) {
            throw pending(status(now.association().get()));
        }
        return Optional.empty();
    }

    private void verify(LiveFirewall now) {
        boolean passed = now.blocks(domain);
        String rule = now.rule().map(each -> each.actionAsString()).orElse("gone");
        String detail =
                passed
                        ? "the Route 53 Resolver answers nothing for %s in %s (%s of %s)"
                                .formatted(
                                        domain,
                                        vpcId,
                                        state().getDomainListId(),
                                        state().getRuleGroupId())
                        : "the rule of %s is %s, not %s"
                                .formatted(state().getRuleGroupId(), rule, Action.BLOCK);
        verified(passed, detail);
        if (!passed) {
            throw new RetryLaterException(detail + ": others changed it");
        }
    }

    @Override
    public void undo() {
        if (!run.action().hasBlockState()) {
            verified(true, "nothing was changed");
            return;
        }
        LiveFirewall now = look();
        reportDrift(now);
        Optional<BlockChange> next = surplus(now);
        for (int round = 0; next.isPresent(); round++) {
            if (round == ROUNDS) {
                throw new RetryLaterException("DNS Firewall does not become what it was");
            }
            next.get().make(run, cloud);
            now = look();
            next = surplus(now);
        }
        boolean left = now.lists(domain);
        verified(
                true,
                left
                        ? "%s is in the list of %s, as before".formatted(domain, vpcId)
                        : "%s is in no list of Yagura in %s%s"
                                .formatted(
                                        domain,
                                        vpcId,
                                        now.list().isEmpty() && now.groupId().isEmpty()
                                                ? "; list and rule group are gone"
                                                : ""));
    }

    private void reportDrift(LiveFirewall now) {
        String listId = state().getDomainListId();
        boolean seen =
                run.action().getVerificationsList().stream().anyMatch(each -> each.getPassed());
        if (seen && !now.lists(domain) && !wasMade(listId, FirewallDomainUpdateOperation.REMOVE)) {
            run.drift(List.of(domain + " was taken out of " + listId + " by somebody else"));
        }
        if (now.isUsedByOthers() && now.groupId().isPresent()) {
            run.drift(
                    List.of(
                            "others have put rules into %s, or associated it with another VPC; it is"
                                            .formatted(now.groupId().get())
                                    + " left"));
        }
    }

    /** The next call that undo needs; empty when nothing of this action is left. */
    private Optional<BlockChange> surplus(LiveFirewall now) {
        Optional<LiveFirewall.DomainList> list = now.list();
        if (list.isPresent() && list.get().isBusy()) {
            throw pending(list.get().id() + " is " + list.get().status());
        }
        if (now.lists(domain)
                && !state().getListedBefore()
                && wasMade(list.orElseThrow().id(), FirewallDomainUpdateOperation.ADD)) {
            return Optional.of(
                    FirewallChanges.update(
                            list.orElseThrow().id(), FirewallDomainUpdateOperation.REMOVE, domain));
        }
        boolean needed = list.isPresent() && !list.get().domains().isEmpty();
        return needed || now.isUsedByOthers() ? Optional.empty() : empty(now);
    }

    /** Of what has no domain any more. */
    private Optional<BlockChange> empty(LiveFirewall now) {
        if (now.association().isPresent()) {
            if (!now.isAssociated()) {
                throw pending(status(now.association().get()));
            }
            return Optional.of(FirewallChanges.disassociate(now.association().get().id()));
        }
        if (now.rule().isPresent()) {
            return Optional.of(
                    FirewallChanges.deleteRule(
                            now.rule().get().firewallRuleGroupId(),
                            now.rule().get().firewallDomainListId()));
        }
        if (now.groupId().isPresent()) {
            return Optional.of(FirewallChanges.deleteGroup(now.groupId().get()));
        }
        return now.list().map(list -> FirewallChanges.deleteList(list.id()));
    }

    @Override
    public String remains() {
        LiveFirewall now = reader.read(vpcId);
        return "%s is %s the list of Yagura in %s%s; undo takes away what this action made"
                .formatted(
                        domain,
                        now.lists(domain) ? "in" : "not in",
                        vpcId,
                        now.blocks(domain) ? " and blocked" : "");
    }

    private boolean wasMade(String listId, FirewallDomainUpdateOperation operation) {
        return new CallHistory(run.action())
                .perhapsMade(FirewallChanges.update(listId, operation, domain).call());
    }

    private static String status(FirewallRuleGroupAssociation association) {
        return association.id() + " is " + association.statusAsString();
    }

    private StillPendingException pending(String what) {
        return new StillPendingException(what, way.poll());
    }

    private BlockedDomain state() {
        return run.action().getBlockState().getBlockedDomain();
    }

    private void verified(boolean passed, String detail) {
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, passed, detail);
    }
}
