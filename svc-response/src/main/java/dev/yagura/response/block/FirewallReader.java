package dev.yagura.response.block;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.route53resolver.Route53ResolverClient;
import software.amazon.awssdk.services.route53resolver.model.FirewallRule;
import software.amazon.awssdk.services.route53resolver.model.FirewallRuleGroupAssociation;
import software.amazon.awssdk.services.route53resolver.model.ListFirewallRuleGroupAssociationsRequest;
import software.amazon.awssdk.services.route53resolver.model.ShareStatus;

/** Reads DNS Firewall, live and page by page. Throws what the SDK throws. */
final class FirewallReader {
    private final Route53ResolverClient resolver;

    FirewallReader(Route53ResolverClient resolver) {
        this.resolver = resolver;
    }

    /** Ours are known by their name and by who asked for them. */
    LiveFirewall read(String vpcId) {
        String name = FirewallChanges.name(vpcId);
        Optional<String> groupId =
                resolver
                        .listFirewallRuleGroupsPaginator(request -> {})
                        .firewallRuleGroups()
                        .stream()
                        .filter(each -> each.name().equals(name))
                        .filter(each -> each.shareStatus() != ShareStatus.SHARED_WITH_ME)
                        .filter(each -> FirewallChanges.isToken(each.creatorRequestId()))
                        .map(each -> each.id())
                        .findFirst();
        return new LiveFirewall(
                vpcId,
                list(name),
                groupId,
                groupId.map(this::rules).orElse(Stream.of()).toList(),
                groupId.map(id ->
                                associations(
                                        ListFirewallRuleGroupAssociationsRequest.builder()
                                                .firewallRuleGroupId(id)
                                                .build()))
                        .orElse(List.of()),
                associations(
                        ListFirewallRuleGroupAssociationsRequest.builder().vpcId(vpcId).build()));
    }

    private Optional<LiveFirewall.DomainList> list(String name) {
        return resolver
                .listFirewallDomainListsPaginator(request -> {})
                .firewallDomainLists()
                .stream()
                .filter(each -> each.name().equals(name))
                .filter(each -> FirewallChanges.isToken(each.creatorRequestId()))
                .map(each -> listed(each.id()))
                .findFirst();
    }

    private LiveFirewall.DomainList listed(String id) {
        String status =
                resolver.getFirewallDomainList(request -> request.firewallDomainListId(id))
                        .firewallDomainList()
                        .statusAsString();
        return new LiveFirewall.DomainList(
                id,
                status,
                resolver
                        .listFirewallDomainsPaginator(request -> request.firewallDomainListId(id))
                        .domains()
                        .stream()
                        .map(FirewallReader::withoutDot)
                        .collect(Collectors.toSet()));
    }

    private Stream<FirewallRule> rules(String groupId) {
        return resolver
                .listFirewallRulesPaginator(request -> request.firewallRuleGroupId(groupId))
                .firewallRules()
                .stream();
    }

    private List<FirewallRuleGroupAssociation> associations(
            ListFirewallRuleGroupAssociationsRequest request) {
        return resolver
                .listFirewallRuleGroupAssociationsPaginator(request)
                .firewallRuleGroupAssociations()
                .stream()
                .toList();
    }

    private static String withoutDot(@Nullable String domain) {
        String text = String.valueOf(domain);
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
