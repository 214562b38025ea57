package dev.yagura.response.block;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.BlockState;
import dev.yagura.proto.response.v1.DenyEntry;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Guards;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.AddressBlock;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.Effect;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/**
 * Puts entries that deny addresses into a network ACL, and takes exactly these out again. An entry
 * is known by its number, addresses and action.
 */
final class AddressDenial implements Effect {
    /** Enough to lose a race or two. */
    private static final int ROUNDS = 6;

    private static final String TAKEN = "NetworkAclEntryAlreadyExists";
    private static final String GONE = "InvalidNetworkAclEntry.NotFound";

    private final AddressWay way;
    private final BlockCloud cloud;
    private final ActionRun run;
    private final ActionTarget target;
    private final AclReader reader;
    private final String aclId;
    private final AddressBlock block;

    AddressDenial(AddressWay way, BlockCloud cloud, ActionRun run) {
        this.way = way;
        this.cloud = cloud;
        this.run = run;
        this.target = run.action().getTarget();
        this.reader = new AclReader(cloud.ec2());
        this.aclId = target.getBlock().getNetworkAclId();
        this.block = AddressBlock.parse(target.getBlock().getCidr());
    }

    @Override
    public void apply() {
        if (!run.action().hasBlockState()) {
            prepare();
        }
        LiveAcl acl = reader.read(aclId);
        for (int round = 0; !isMade(acl); round++) {
            if (round == ROUNDS) {
                throw new RetryLaterException(aclId + " does not become what it must be");
            }
            for (DenyEntry entry : entries()) {
                make(acl, entry);
            }
            acl = reader.read(aclId);
        }
        run.verifying("entries made; reading back");
        verify(acl);
    }

    /** State first: nothing is changed before the numbers are written. */
    private void prepare() {
        AclSurvey survey = way.survey(cloud, target);
        Plan plan =
                Guards.override(
                        way.plan(cloud, survey, target), run.action().getOverriddenGuardsList());
        Checks.requireNoneRefused(plan.getChecksList());
        run.prepared(plan, saving -> saving.setBlockState(AclPlan.entries(survey)));
    }

    private boolean isMade(LiveAcl acl) {
        return entries().stream().allMatch(each -> isOurs(acl, each));
    }

    private void make(LiveAcl acl, DenyEntry entry) {
        if (isOurs(acl, entry)) {
            return;
        }
        Optional<LiveAcl.Entry> other = acl.entry(entry.getEgress(), entry.getRuleNumber());
        DenyEntry wanted = other.isEmpty() ? entry : renumbered(acl, entry, other.get());
        try {
            AclPlan.deny(aclId, wanted, block).make(run, cloud);
        } catch (Ec2Exception e) {
            if (!AwsErrors.code(e).equals(TAKEN)) {
                throw e;
            }
            // By another one, or by this call, whose first answer was lost: the next look tells.
        }
    }

    /** Somebody took the number since the plan. */
    private DenyEntry renumbered(LiveAcl acl, DenyEntry entry, LiveAcl.Entry other) {
        if (wasMade(entry)) {
            run.drift(
                    List.of(
                            "%s of %s was made of an entry of this action"
                                    .formatted(other, aclId)));
        }
        DenyEntry next =
                entry.toBuilder()
                        .setRuleNumber(
                                acl.freeNumber(entry.getEgress(), block)
                                        .orElseThrow(() ->
                                                new ActionFailedException(
                                                        "no number of "
                                                                + aclId
                                                                + " is free before what allows "
                                                                + block)))
                        .build();
        BlockState.Builder state = run.action().getBlockState().toBuilder();
        state.setDenyEntries(state.getDenyEntriesList().indexOf(entry), next);
        run.saved(saving -> saving.setBlockState(state));
        return next;
    }

    private void verify(LiveAcl acl) {
        boolean passed = acl.denies(false, block) && acl.denies(true, block);
        String detail =
                passed
                        ? "%s lets nothing from or to %s pass%s"
                                .formatted(aclId, block, named(entries()))
                        : "an entry of %s before %s lets some of %s pass"
                                .formatted(aclId, named(entries()), block);
        verified(passed, detail);
        if (!passed) {
            throw new RetryLaterException(detail + ": others changed it");
        }
    }

    @Override
    public void undo() {
        Optional<LiveAcl> found = reader.find(aclId);
        if (found.isEmpty()) {
            run.drift(List.of(aclId + " was deleted meanwhile: nothing of it is left"));
            verified(true, aclId + " does not exist any more");
            return;
        }
        entries().forEach(each -> delete(found.get(), each));
        LiveAcl acl = reader.read(aclId);
        List<DenyEntry> left =
                entries().stream().filter(this::wasMade).filter(each -> isOurs(acl, each)).toList();
        verified(
                left.isEmpty(),
                left.isEmpty()
                        ? aclId + " has no entry of this action"
                        : aclId + " still has" + named(left));
        if (!left.isEmpty()) {
            throw new RetryLaterException(aclId + " still shows what was deleted");
        }
    }

    private void delete(LiveAcl acl, DenyEntry entry) {
        BlockChange deleting = AclPlan.delete(aclId, entry);
        Optional<LiveAcl.Entry> there = acl.entry(entry.getEgress(), entry.getRuleNumber());
        if (!wasMade(entry)) {
            return;
        }
        if (there.isEmpty()) {
            if (wasSeen(entry) && !history().perhapsMade(deleting.call())) {
                run.drift(
                        List.of(
                                "%s was taken out of %s by somebody else"
                                        .formatted(AclPlan.wanted(entry, block), aclId)));
            }
            return;
        }
        if (!isOurs(acl, entry)) {
            run.drift(
                    List.of(
                            "%s of %s was made of %s by somebody else; left so"
                                    .formatted(there.get(), aclId, AclPlan.wanted(entry, block))));
            return;
        }
        try {
            deleting.make(run, cloud);
        } catch (Ec2Exception e) {
            if (!AwsErrors.code(e).equals(GONE)) {
                throw e;
            }
        }
    }

    @Override
    public String remains() {
        LiveAcl acl = reader.read(aclId);
        List<DenyEntry> there =
                entries().stream().filter(this::wasMade).filter(each -> isOurs(acl, each)).toList();
        return there.isEmpty()
                ? aclId + " has no entry of this action"
                : aclId + " has" + named(there) + "; undo takes them out";
    }

    /** By this action, if its call was tried: an entry that is the same could be another's else. */
    private boolean wasMade(DenyEntry entry) {
        return history().perhapsMade(AclPlan.deny(aclId, entry, block).call());
    }

    /** Not only tried: EC2 said that it was made, or showed it. */
    private boolean wasSeen(DenyEntry entry) {
        return history().made(AclPlan.deny(aclId, entry, block).call())
                || run.action().getVerificationsList().stream().anyMatch(each -> each.getPassed());
    }

    private boolean isOurs(LiveAcl acl, DenyEntry entry) {
        return acl.entry(entry.getEgress(), entry.getRuleNumber())
                .filter(AclPlan.wanted(entry, block)::equals)
                .isPresent();
    }

    private static String named(List<DenyEntry> entries) {
        return entries.isEmpty()
                ? ""
                : entries.stream()
                        .map(each -> each.getRuleNumber() + (each.getEgress() ? " out" : " in"))
                        .collect(Collectors.joining(", ", " (entries ", ")"));
    }

    private List<DenyEntry> entries() {
        return run.action().getBlockState().getDenyEntriesList();
    }

    private CallHistory history() {
        return new CallHistory(run.action());
    }

    private void verified(boolean passed, String detail) {
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, passed, detail);
    }
}
