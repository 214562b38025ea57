package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.route53resolver.Route53ResolverClient;
import software.amazon.awssdk.services.route53resolver.model.Action;
import software.amazon.awssdk.services.route53resolver.model.BlockResponse;
import software.amazon.awssdk.services.route53resolver.model.FirewallDomainUpdateOperation;
import software.amazon.awssdk.services.route53resolver.model.FirewallRuleGroupAssociation;

/** DNS Firewall: lists, rule groups, associations. */
class FirewallTest {
    private static final Duration CHANGE = Duration.ofSeconds(2);

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final Route53ResolverClient resolver =
            SANDBOX.client(
                    Route53ResolverClient.builder(),
                    SandboxExtension.OPERATOR,
                    Region.of(Seeded.REGION));

    @AfterEach
    void close() {
        resolver.close();
    }

    @Test
    void aListIsBusyWhileItChanges() {
        String id = list("one");
        assertThat(list("one")).as("the same token").isEqualTo(id);
        update(id, FirewallDomainUpdateOperation.ADD, "Evil.example", "*.evil.example");
        assertThat(status(id)).isEqualTo("UPDATING");
        refused(
                () -> update(id, FirewallDomainUpdateOperation.ADD, "other.example"),
                400,
                "ConflictException");
        SANDBOX.control().advance(CHANGE);
        assertThat(status(id)).isEqualTo("COMPLETE");
        assertThat(resolver.listFirewallDomains(r -> r.firewallDomainListId(id)).domains())
                .containsExactly("*.evil.example.", "evil.example.");
        update(id, FirewallDomainUpdateOperation.REMOVE, "evil.example");
        SANDBOX.control().advance(CHANGE);
        assertThat(resolver.listFirewallDomains(r -> r.firewallDomainListId(id)).domains())
                .containsExactly("*.evil.example.");
        refused(
                () -> update(id, FirewallDomainUpdateOperation.ADD, "no_domain"),
                400,
                "ValidationException");
        refused(() -> status("rslvr-fdl-0"), 400, "ResourceNotFoundException");
    }

    @Test
    void nothingGoesWhileItIsUsed() {
        String listId = list("one");
        String groupId = group("one");
        refused(() -> rule(groupId, listId, null), 400, "ValidationException");
        rule(groupId, listId, BlockResponse.NODATA);
        refused(() -> associate(groupId, 100), 400, "ValidationException");
        FirewallRuleGroupAssociation association = associate(groupId, 101);
        assertThat(association.statusAsString()).isEqualTo("UPDATING");
        refused(() -> associate(group("two"), 101), 400, "ConflictException");
        refused(() -> disassociate(association), 400, "ConflictException");
        SANDBOX.control().advance(CHANGE);
        refused(() -> deleteGroup(groupId), 400, "ConflictException");
        refused(() -> deleteList(listId), 400, "ConflictException");

        disassociate(association);
        assertThat(associations())
                .singleElement()
                .satisfies(each -> assertThat(each.statusAsString()).isEqualTo("DELETING"));
        SANDBOX.control().advance(CHANGE);
        assertThat(associations()).isEmpty();
        resolver.deleteFirewallRule(
                r -> r.firewallRuleGroupId(groupId).firewallDomainListId(listId));
        deleteGroup(groupId);
        deleteList(listId);
        SANDBOX.control().advance(CHANGE);
        assertThat(resolver.listFirewallDomainLists(r -> {}).firewallDomainLists()).isEmpty();
    }

    private String list(String token) {
        return resolver.createFirewallDomainList(r -> r.name("list").creatorRequestId(token))
                .firewallDomainList()
                .id();
    }

    private String status(String id) {
        return resolver.getFirewallDomainList(r -> r.firewallDomainListId(id))
                .firewallDomainList()
                .statusAsString();
    }

    private void update(String id, FirewallDomainUpdateOperation operation, String... domains) {
        resolver.updateFirewallDomains(
                r -> r.firewallDomainListId(id).operation(operation).domains(domains));
    }

    private String group(String token) {
        return resolver.createFirewallRuleGroup(r -> r.name("group").creatorRequestId(token))
                .firewallRuleGroup()
                .id();
    }

    private void rule(String groupId, String listId, @Nullable BlockResponse response) {
        resolver.createFirewallRule(r ->
                r.firewallRuleGroupId(groupId)
                        .firewallDomainListId(listId)
                        .name("rule")
                        .priority(1)
                        .action(Action.BLOCK)
                        .blockResponse(response)
                        .creatorRequestId("rule"));
    }

    private FirewallRuleGroupAssociation associate(String groupId, int priority) {
        return resolver.associateFirewallRuleGroup(r ->
                        r.firewallRuleGroupId(groupId)
                                .vpcId(Seeded.VPC)
                                .name("association")
                                .priority(priority)
                                .creatorRequestId(groupId))
                .firewallRuleGroupAssociation();
    }

    private void disassociate(FirewallRuleGroupAssociation association) {
        resolver.disassociateFirewallRuleGroup(
                r -> r.firewallRuleGroupAssociationId(association.id()));
    }

    private void deleteGroup(String id) {
        resolver.deleteFirewallRuleGroup(r -> r.firewallRuleGroupId(id));
    }

    private void deleteList(String id) {
        resolver.deleteFirewallDomainList(r -> r.firewallDomainListId(id));
    }

    private List<FirewallRuleGroupAssociation> associations() {
        return resolver.listFirewallRuleGroupAssociations(r -> r.vpcId(Seeded.VPC))
                .firewallRuleGroupAssociations();
    }
}
