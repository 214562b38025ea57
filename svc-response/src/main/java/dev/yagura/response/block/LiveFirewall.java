package dev.yagura.response.block;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.route53resolver.model.Action;
import software.amazon.awssdk.services.route53resolver.model.FirewallRule;
import software.amazon.awssdk.services.route53resolver.model.FirewallRuleGroupAssociation;

/**
 * What Yagura has in the DNS Firewall of a VPC, as Route 53 Resolver says now.
 *
 * @param list of its domains
 * @param groupId of its rule group
 * @param rules of that group
 * @param ofGroup associations of that group, with this VPC or another
 * @param ofVpc associations of this VPC, with that group or another
 */
record LiveFirewall(
        String vpcId,
        Optional<DomainList> list,
        Optional<String> groupId,
        List<FirewallRule> rules,
        List<FirewallRuleGroupAssociation> ofGroup,
        List<FirewallRuleGroupAssociation> ofVpc) {
    private static final String COMPLETE = "COMPLETE";

    /**
     * A list of domains.
     *
     * @param status "COMPLETE", "UPDATING", …
     * @param domains without the dot at their end
     */
    record DomainList(String id, String status, Set<String> domains) {
        DomainList {
            domains = Set.copyOf(domains);
        }

        /** Nothing can be changed meanwhile. */
        boolean isBusy() {
            return !status.startsWith(COMPLETE);
        }
    }

    LiveFirewall {
        rules = List.copyOf(rules);
        ofGroup = List.copyOf(ofGroup);
        ofVpc = List.copyOf(ofVpc);
    }

    boolean lists(String domain) {
        return list.isPresent() && list.get().domains().contains(domain);
    }

    Optional<FirewallRule> rule() {
        return rules.stream()
                .filter(each ->
                        list.isPresent() && list.get().id().equals(each.firewallDomainListId()))
                .findFirst();
    }

    Optional<FirewallRuleGroupAssociation> association() {
        return ofGroup.stream().filter(each -> vpcId.equals(each.vpcId())).findFirst();
    }

    boolean isAssociated() {
        return association().map(each -> COMPLETE.equals(each.statusAsString())).orElse(false);
    }

    /** Whether names of the domain get no answer. */
    boolean blocks(String domain) {
        return lists(domain)
                && rule().map(each -> each.action() == Action.BLOCK).orElse(false)
                && isAssociated();
    }

    /** Somebody put something of theirs beside it. */
    boolean isUsedByOthers() {
        return rules.stream().anyMatch(each -> rule().isEmpty() || !each.equals(rule().get()))
                || ofGroup.stream().anyMatch(each -> !vpcId.equals(each.vpcId()));
    }
}
