package dev.yagura.response.credentials;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.DenyPolicy;
import dev.yagura.response.aws.SavedTime;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** Writes down what a containment would do, from a survey. */
final class RolePlan {
    /** The association that undo replaces does not exist yet. */
    private static final String ASSOCIATION_THEN = "the association of then";

    private RolePlan() {}

    static Plan of(
            RoleSurvey survey,
            ActionTarget target,
            String policyName,
            List<PreflightCheck> checks,
            Instant now) {
        Plan.Builder plan = Plan.newBuilder().setCreateTime(SavedTime.of(now)).addAllChecks(checks);
        if (survey.association().isPresent()
                && survey.role().isPresent()
                && survey.quarantine().isPresent()) {
            calls(
                    plan,
                    survey.association().get(),
                    survey.role().get(),
                    survey.quarantine().get(),
                    SessionDeny.of(policyName, target, DenyPolicy.limit(now)));
            survey.chained()
                    .ifPresent(chained ->
                            chains(
                                    plan,
                                    chained,
                                    target,
                                    arn ->
                                            ChainDenial.policyName(
                                                    policyName, survey.role().get().name(), arn),
                                    now));
            plan.addAllResidualRisks(risks(target, survey.role().get()));
        }
        return plan.build();
    }

    private static void calls(
            Plan.Builder plan,
            RoleReader.Association association,
            RoleReader.LiveRole role,
            RoleReader.Profile quarantine,
            DenyPolicy deny) {
        String former = RoleSurvey.name(association.profileArn()) + " (role " + role.name() + ")";
        plan.addCalls(
                        RoleChange.replaceProfile(association.id(), quarantine.arn())
                                .shown(former, quarantine.name()))
                .addCalls(
                        RoleChange.put(role.name(), deny)
                                .shown(
                                        "no such policy",
                                        "every session that the instance got before is denied"
                                                + " everything; the time is that of the call"))
                .addUndoCalls(
                        RoleChange.replaceProfile(ASSOCIATION_THEN, association.profileArn())
                                .shown(
                                        quarantine.name(),
                                        former + "; left when somebody set another one"))
                .addUndoCalls(
                        RoleChange.delete(role.name(), deny.name())
                                .shown(
                                        "the deny",
                                        "no such policy; sessions from before that have not expired"
                                                + " work again"));
    }

    /** What is known now; more may be found when it is applied, and after. */
    private static void chains(
            Plan.Builder plan,
            ChainedSessions chained,
            ActionTarget target,
            UnaryOperator<String> policyName,
            Instant now) {
        chained.roles()
                .filter(arn -> ChainDenial.isHere(target.getScope(), arn))
                .forEach(arn -> {
                    String name = policyName.apply(arn);
                    List<String> ids = ChainDenial.fitting(List.of(), chained.idsOf(arn));
                    String role = ChainDenial.name(arn);
                    DenyPolicy deny = ChainDenial.policy(name, ids, DenyPolicy.limit(now));
                    plan.addCalls(
                                    RoleChange.put(role, deny)
                                            .shown(
                                                    "no such policy",
                                                    "sessions that came of the instance's are"
                                                            + " denied everything: "
                                                            + String.join(", ", ids)))
                            .addUndoCalls(
                                    RoleChange.delete(role, name)
                                            .shown("the deny", "no such policy"));
                });
    }

    private static List<String> risks(ActionTarget target, RoleReader.LiveRole role) {
        String instance = target.getInstanceId();
        return List.of(
                "Only sessions that "
                        + instance
                        + " got from its metadata service are denied. Sessions of "
                        + role.name()
                        + " that others got, from another instance or by sts:AssumeRole, go on.",
                "Role chaining: sessions of other roles of this account that were assumed with the"
                        + " instance's are denied too, as CloudTrail tells of them, up to 15"
                        + " minutes late; it is asked after the instance's own are denied, and"
                        + " until then they go on. Roles of other accounts, and"
                        + " AssumeRole in regions other than this one and us-east-1, are left:"
                        + " look for calls by "
                        + role.name()
                        + "/"
                        + instance
                        + " there.",
                "What was made with the credentials stays: access keys, users, roles, instances,"
                        + " copies of data.",
                "IAM needs some seconds, rarely minutes, until every region and service knows the"
                        + " deny.",
                "Whoever controls the host gets new credentials: those of the quarantine profile,"
                        + " which reach Systems Manager only. The SSM agent may use the old ones,"
                        + " which are denied, until it takes new ones.",
                "The two conditions together (aws:TokenIssueTime and ec2:SourceInstanceARN) are"
                        + " documented each, and have not been proven on real AWS by this"
                        + " project.",
                "Undo within the life of a stolen session (up to 6 hours) makes it valid again.");
    }
}
