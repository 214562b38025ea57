package dev.yagura.response.identity;

import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.PolicyPrincipals;
import dev.yagura.response.aws.RoleInstances;
import java.util.List;

/** Who has a role, as far as AWS tells without looking into every service. */
final class RoleReach {
    private RoleReach() {}

    /** Throws what the SDK throws. */
    static List<PreflightCheck> checks(
            IdentityCloud cloud, IdentityReader.LiveRole role, String region) {
        return List.of(
                instances(
                        RoleInstances.of(cloud.iam(), cloud.ec2(), role.live().principal().name()),
                        region),
                trusted(PolicyPrincipals.of(role.trust())),
                lastUse(role));
    }

    private static PreflightCheck instances(List<String> instances, String region) {
        String label = "instances that have the role";
        String unseen = "; other regions are not looked at";
        return instances.isEmpty()
                ? Checks.passed(label, "none in " + region + unseen)
                : Checks.warning(
                        label,
                        String.join(", ", instances) + " in " + region + unseen,
                        "what runs on them loses access until EC2 renews its credentials, which takes"
                                + " hours: contain_role_session is for one instance");
    }

    /** Functions, tasks and pods have it by this; who does is in no list of IAM. */
    private static PreflightCheck trusted(List<String> principals) {
        String label = "who may assume the role";
        return principals.isEmpty()
                ? Checks.passed(label, "nobody")
                : Checks.warning(
                        label,
                        String.join(", ", principals),
                        "all sessions that they have of it end; look for functions, tasks and pods"
                                + " where their services are named");
    }

    static PreflightCheck lastUse(IdentityReader.LiveRole role) {
        String label = "last use of the role";
        return role.lastUse().at() == null
                ? Checks.passed(label, "none in the 400 days that IAM keeps record of")
                : Checks.warning(
                        label,
                        "%s in %s".formatted(role.lastUse().at(), role.lastUse().region()),
                        "CloudTrail shows who used it, by userIdentity.sessionContext");
    }
}
