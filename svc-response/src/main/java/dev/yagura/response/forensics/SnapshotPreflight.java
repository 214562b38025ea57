package dev.yagura.response.forensics;

import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.Ec2DryRun;
import dev.yagura.response.aws.LiveInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What must hold before snapshots are taken; each refusal with its reason and remedy. */
final class SnapshotPreflight {
    private static final String KEYS = "yagura.response.forensics.kms-keys";

    /** EC2's quota for most types of volumes; that of st1 and sc1 is 1. */
    private static final long PENDING_SNAPSHOTS = 5;

    private SnapshotPreflight() {}

    /**
     * @param planned calls with EC2's DryRun
     */
    static List<PreflightCheck> checks(
            SnapshotSurvey survey, ActionTarget target, List<PlannedCall> planned) {
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(exists(survey.instance()));
        checks.add(Checks.account(survey.instance().ownerId(), target));
        checks.add(Checks.unprotected(survey.instance().id(), survey.instance().tags()));
        checks.add(hasVolumes(survey));
        checks.add(notTooMany(survey));
        checks.add(readers(survey, target));
        checks.add(Ec2DryRun.check(ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE, planned));
        return List.copyOf(checks);
    }

    private static PreflightCheck exists(LiveInstance instance) {
        String label = "the instance still has its volumes";
        String state = instance.id() + " is " + instance.state();
        return instance.isGone()
                ? Checks.refused(
                        label,
                        state,
                        "look for volumes that outlived it, and for older snapshots, by hand")
                : Checks.passed(label, state);
    }

    private static PreflightCheck hasVolumes(SnapshotSurvey survey) {
        String label = "it has EBS volumes";
        int size = survey.volumes().stream().mapToInt(SnapshotReader.LiveVolume::sizeGib).sum();
        return survey.volumes().isEmpty()
                ? Checks.refused(
                        label,
                        "no EBS volume is attached to it; instance store has no snapshots",
                        "copy what is on it from the host itself, before it is stopped")
                : Checks.passed(label, survey.volumes().size() + " volumes, " + size + " GiB");
    }

    private static PreflightCheck notTooMany(SnapshotSurvey survey) {
        String label = "EC2 takes another snapshot of each volume";
        String busy =
                survey.pending().entrySet().stream()
                        .filter(each -> each.getValue() >= PENDING_SNAPSHOTS)
                        .map(each -> each.getKey() + " has " + each.getValue())
                        .collect(Collectors.joining(", "));
        return busy.isEmpty()
                ? Checks.passed(
                        label,
                        "by the number of pending ones; how much is left of the quota of snapshots"
                                + " in the region (100,000) is not looked at")
                : Checks.warning(
                        label,
                        busy + " pending snapshots; EC2 has 5 at a time for most types of volumes",
                        "it is tried again for a while; wait until some are complete");
    }

    /**
     * A snapshot under AWS's own key cannot be shared at all, so sharing needs a copy under ours.
     */
    private static PreflightCheck readers(SnapshotSurvey survey, ActionTarget target) {
        String label = "who can read the snapshots";
        String own =
                "account "
                        + target.getScope().getAccountId()
                        + ": everybody there who may make a volume of them";
        if (survey.sharedWith().isEmpty()) {
            String key =
                    survey.keyArn()
                            .map(arn -> ", and may use " + arn)
                            .orElse("; they keep the encryption of their volumes");
            return Checks.passed(label, own + key);
        }
        String account = survey.sharedWith().get();
        return survey.keyArn()
                .map(arn ->
                        Checks.passed(
                                label,
                                own
                                        + ", and account "
                                        + account
                                        + "; each needs leave of "
                                        + arn
                                        + " too, by its key policy, which is not looked at"))
                .orElseGet(() ->
                        Checks.refused(
                                label,
                                "they are to be shared with account "
                                        + account
                                        + ", and there is no key for "
                                        + target.getScope().getRegion()
                                        + ": snapshots under AWS's own key cannot be shared, and"
                                        + " those without encryption should not",
                                "set "
                                        + KEYS
                                        + " to a customer-managed key of this region that account "
                                        + account
                                        + " may use"));
    }
}
