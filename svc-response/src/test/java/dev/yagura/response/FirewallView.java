package dev.yagura.response;

import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.route53resolver.Route53ResolverClient;

/** DNS Firewall as somebody else in the account sees it. */
public record FirewallView(Route53ResolverClient client, String vpcId) implements AutoCloseable {

    public static FirewallView of(TestService service, String vpcId) {
        return new FirewallView(
                service.client(
                        Route53ResolverClient.builder(),
                        Region.of(TestService.TOKYO.getRegion()),
                        AwsBasicCredentials.create(
                                "AKIASANDBOXOPERATOR1",
                                "sandbox/only/good/for/nothing/operator/1")),
                vpcId);
    }

    /**
     * "list COMPLETE [c2.example.com.]", "group", "rule BLOCK NODATA", "association COMPLETE 101".
     */
    public List<String> now() {
        Stream<String> lists =
                client.listFirewallDomainLists(r -> {}).firewallDomainLists().stream()
                        .map(list -> list.id())
                        .map(id ->
                                "list %s %s"
                                        .formatted(
                                                client.getFirewallDomainList(
                                                                r -> r.firewallDomainListId(id))
                                                        .firewallDomainList()
                                                        .statusAsString(),
                                                client.listFirewallDomains(
                                                                r -> r.firewallDomainListId(id))
                                                        .domains()));
        Stream<String> groups =
                client.listFirewallRuleGroups(r -> {}).firewallRuleGroups().stream()
                        .map(group -> "group");
        Stream<String> rules =
                client.listFirewallRuleGroups(r -> {}).firewallRuleGroups().stream()
                        .flatMap(group ->
                                client
                                        .listFirewallRules(r -> r.firewallRuleGroupId(group.id()))
                                        .firewallRules()
                                        .stream())
                        .map(rule ->
                                "rule %s %s"
                                        .formatted(
                                                rule.actionAsString(),
                                                rule.blockResponseAsString()));
        Stream<String> associations =
                client
                        .listFirewallRuleGroupAssociations(r -> r.vpcId(vpcId))
                        .firewallRuleGroupAssociations()
                        .stream()
                        .map(each ->
                                "association %s %d"
                                        .formatted(each.statusAsString(), each.priority()));
        return Stream.of(lists, groups, rules, associations).flatMap(each -> each).toList();
    }

    /** A list and a rule of one's own. */
    void allow(String groupId) {
        String listId =
                client.createFirewallDomainList(r -> r.name("own").creatorRequestId("own"))
                        .firewallDomainList()
                        .id();
        client.createFirewallRule(r ->
                r.firewallRuleGroupId(groupId)
                        .firewallDomainListId(listId)
                        .name("own")
                        .priority(1)
                        .action("ALLOW")
                        .creatorRequestId("own"));
    }

    void takeOut(String listId, String domain) {
        client.updateFirewallDomains(
                r -> r.firewallDomainListId(listId).operation("REMOVE").domains(domain));
    }

    void set(String groupId, String listId, String action) {
        client.updateFirewallRule(
                r -> r.firewallRuleGroupId(groupId).firewallDomainListId(listId).action(action));
    }

    /** Everything that is there, whosever it is. */
    void deleteAll(Runnable wait) {
        client.listFirewallRuleGroupAssociations(r -> r.vpcId(vpcId))
                .firewallRuleGroupAssociations()
                .forEach(each ->
                        client.disassociateFirewallRuleGroup(
                                r -> r.firewallRuleGroupAssociationId(each.id())));
        wait.run();
        client.listFirewallRuleGroups(r -> {})
                .firewallRuleGroups()
                .forEach(group -> {
                    client.listFirewallRules(r -> r.firewallRuleGroupId(group.id()))
                            .firewallRules()
                            .forEach(rule ->
                                    client.deleteFirewallRule(r ->
                                            r.firewallRuleGroupId(group.id())
                                                    .firewallDomainListId(
                                                            rule.firewallDomainListId())));
                    client.deleteFirewallRuleGroup(r -> r.firewallRuleGroupId(group.id()));
                });
        client.listFirewallDomainLists(r -> {})
                .firewallDomainLists()
                .forEach(list ->
                        client.deleteFirewallDomainList(r -> r.firewallDomainListId(list.id())));
        wait.run();
    }

    @Override
    public void close() {
        client.close();
    }
}
