package dev.yagura.response.action;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.identity.Principal;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PreflightCheck;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Checks that refuse, but that a person may override: who does takes it on. */
public final class Guards {
    /** Enough healthy instances and targets remain to serve. */
    public static final String MINIMUM_HEALTHY = "minimum-healthy";

    /** A network ACL is full, unless the account's quota was raised. */
    public static final String DEFAULT_QUOTA = "default-quota";

    /** Addresses of the VPC itself are blocked. */
    public static final String OWN_NETWORK = "own-network";

    /** Volumes may be deleted that nothing else is left of. */
    public static final String EVIDENCE_SNAPSHOT = "evidence-snapshot";

    /** Data on instance store volumes, which a stop loses, may be lost. */
    public static final String INSTANCE_STORE = "instance-store";

    /** Somebody set EC2's protection from stop. */
    public static final String STOP_PROTECTION = "stop-protection";

    /** Somebody set EC2's protection from termination, or from stop. */
    public static final String TERMINATION_PROTECTION = "termination-protection";

    /** A pod has the network of its node, which no NetworkPolicy covers. */
    public static final String HOST_NETWORK = "host-network";

    /** Other NetworkPolicies still let a pod through. */
    public static final String POLICIES_REMAIN = "policies-remain";

    /** Nothing is found that makes NetworkPolicies work. */
    public static final String UNVERIFIED_ENFORCEMENT = "unverified-enforcement";

    private static final List<String> KNOWN =
            List.of(
                    DEFAULT_QUOTA,
                    EVIDENCE_SNAPSHOT,
                    HOST_NETWORK,
                    INSTANCE_STORE,
                    MINIMUM_HEALTHY,
                    OWN_NETWORK,
                    POLICIES_REMAIN,
                    STOP_PROTECTION,
                    TERMINATION_PROTECTION,
                    UNVERIFIED_ENFORCEMENT);

    private Guards() {}

    /**
     * Those that a caller overrides.
     *
     * @throws InvalidFieldException no such guard
     * @throws PermissionDeniedException a program overrides none
     */
    static Set<String> overridden(List<String> names, Principal caller) {
        for (String name : names) {
            if (!KNOWN.contains(name)) {
                throw new InvalidFieldException(
                        "override_guards",
                        "has " + name + ", which is no guard",
                        "send " + String.join(", ", KNOWN) + ", or none");
            }
        }
        if (!names.isEmpty() && caller.isAutomation()) {
            throw new PermissionDeniedException(
                    "a person overrides guards: "
                            + caller.displayName()
                            + " is a token for automation");
        }
        return new TreeSet<>(names);
    }

    /** The plan with overridden checks as warnings. */
    public static Plan override(Plan plan, Collection<String> guards) {
        return plan.toBuilder()
                .clearChecks()
                .addAllChecks(override(plan.getChecksList(), guards))
                .build();
    }

    /** The same with checks alone. */
    public static List<PreflightCheck> override(
            List<PreflightCheck> checks, Collection<String> guards) {
        return checks.stream().map(check -> override(check, guards)).toList();
    }

    private static PreflightCheck override(PreflightCheck check, Collection<String> guards) {
        boolean overridden =
                check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED
                        && guards.contains(check.getGuard());
        return overridden
                ? check.toBuilder()
                        .setOutcome(CheckOutcome.CHECK_OUTCOME_WARNING)
                        .setDetail(check.getDetail() + "; overridden")
                        .build()
                : check;
    }
}
