package dev.yagura.response.block;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.route53resolver.model.Action;
import software.amazon.awssdk.services.route53resolver.model.FirewallRule;
import software.amazon.awssdk.services.route53resolver.model.FirewallRuleGroupAssociation;

/** What must hold before a domain is blocked, and whom it hits. */
final class DomainPreflight {
    /** What instances are, and Systems Manager is, reached by. */
    private static final List<String> OF_AWS =
            List.of("amazonaws.com", "amazonaws.com.cn", "api.aws", "compute.internal");

    /** Rule groups of one VPC. */
    private static final int MOST_GROUPS = 5;

    private DomainPreflight() {}

    static List<PreflightCheck> checks(
            DomainSurvey survey, ActionTarget target, BlockConfig config) {
        String vpcId = survey.firewall().vpcId();
        return List.of(
                owned(survey, target),
                Checks.unprotected(vpcId, survey.tags()),
                notNeeded(survey, config),
                resolved(survey),
                asMade(survey),
                notBlocked(survey),
                room(survey),
                first(survey),
                survey.reached().check("what is in the VPC", "in " + vpcId));
    }

    private static PreflightCheck owned(DomainSurvey survey, ActionTarget target) {
        String label = "the account owns the VPC";
        return survey.ownerId().equals(target.getScope().getAccountId())
                ? Checks.passed(label, "account " + survey.ownerId())
                : Checks.refused(
                        label,
                        survey.firewall().vpcId() + " is of account " + survey.ownerId(),
                        "send that account as target.scope.account_id");
    }

    private static PreflightCheck notNeeded(DomainSurvey survey, BlockConfig config) {
        String label = "the platform does not need the domain";
        DomainName name = DomainName.parse(survey.domain());
        Optional<String> needed =
                Stream.concat(OF_AWS.stream(), config.protectedDomains().stream())
                        .filter(name::hits)
                        .findFirst();
        return needed.map(domain ->
                        Checks.refused(
                                label,
                                survey.domain() + " would block names of " + domain,
                                "block narrower names"))
                .orElseGet(() ->
                        Checks.passed(
                                label,
                                "AWS's own and yagura.response.block.protected-domains are not in"
                                        + " it"));
    }

    private static PreflightCheck resolved(DomainSurvey survey) {
        String label = "hosts of the VPC ask the Route 53 Resolver";
        return survey.usesResolver()
                ? Checks.passed(label, "as far as the VPC tells")
                : Checks.refused(
                        label,
                        "enableDnsSupport of the VPC is off: they ask another one",
                        "block the domain in that one");
    }

    private static PreflightCheck asMade(DomainSurvey survey) {
        String label = "the rule group is as Yagura makes it";
        Optional<FirewallRule> rule = survey.firewall().rule();
        return rule.isEmpty() || rule.get().action() == Action.BLOCK
                ? Checks.passed(
                        label,
                        survey.firewall().groupId().orElse("it is made with the first domain"))
                : Checks.refused(
                        label,
                        "somebody set its rule to " + rule.get().actionAsString(),
                        "set the rule of "
                                + rule.get().firewallRuleGroupId()
                                + " to BLOCK again, or delete it");
    }

    private static PreflightCheck notBlocked(DomainSurvey survey) {
        String label = "it is not blocked already";
        return survey.firewall().blocks(survey.domain())
                ? Checks.warning(
                        label,
                        survey.domain() + " is in Yagura's list already: nothing is changed",
                        "undo leaves it so")
                : Checks.passed(label, "");
    }

    private static PreflightCheck room(DomainSurvey survey) {
        String label = "the VPC has room for the rule group";
        LiveFirewall firewall = survey.firewall();
        OptionalInt priority = DomainSurvey.freePriority(firewall);
        if (firewall.association().isPresent()) {
            return Checks.passed(label, "it is associated");
        }
        return firewall.ofVpc().size() >= MOST_GROUPS || priority.isEmpty()
                ? Checks.refused(
                        label,
                        firewall.ofVpc().size() + " are associated, of " + MOST_GROUPS,
                        "take one off the VPC")
                : Checks.passed(label, "at priority " + priority.getAsInt());
    }

    private static PreflightCheck first(DomainSurvey survey) {
        String label = "no other rule group is asked first";
        LiveFirewall firewall = survey.firewall();
        int own =
                firewall.association()
                        .map(FirewallRuleGroupAssociation::priority)
                        .orElseGet(() -> DomainSurvey.freePriority(firewall).orElse(0));
        String before =
                firewall.ofVpc().stream()
                        .filter(each -> each.priority() < own)
                        .map(each ->
                                "%s (priority %d)"
                                        .formatted(each.firewallRuleGroupId(), each.priority()))
                        .collect(Collectors.joining(", "));
        return before.isEmpty()
                ? Checks.passed(label, "")
                : Checks.warning(
                        label,
                        before + " come before it",
                        "look whether one of their rules allows " + survey.domain());
    }
}
