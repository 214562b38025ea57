package dev.yagura.response.block;

import dev.yagura.proto.response.v1.Action;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.route53resolver.model.BlockResponse;
import software.amazon.awssdk.services.route53resolver.model.FirewallDomainUpdateOperation;

/**
 * Calls that change DNS Firewall. What is made has a token of the action, so that asking twice
 * makes one.
 */
final class FirewallChanges {
    private static final String TOKEN = "CreatorRequestId";
    private static final String NAME = "Name";
    private static final String GROUP = "FirewallRuleGroupId";
    private static final String LIST = "FirewallDomainListId";
    private static final String PRIORITY = "Priority";
    private static final String PREFIX = "yagura-";

    /** Of the only rule of the group. */
    private static final int RULE_PRIORITY = 100;

    private FirewallChanges() {}

    /** Of the list, the rule group, its rule and its association. */
    static String name(String vpcId) {
        return PREFIX + "block-" + vpcId;
    }

    /** What Yagura has asked for. */
    static boolean isToken(@Nullable String creatorRequestId) {
        return creatorRequestId != null && creatorRequestId.startsWith(PREFIX);
    }

    /**
     * Of what an action makes.
     *
     * @param action without a name while it is planned
     */
    static String token(Action action) {
        String name = action.getName();
        return PREFIX + (name.isEmpty() ? "…" : name.substring(name.indexOf('/') + 1));
    }

    static BlockChange createList(String vpcId, String token) {
        return BlockChange.of(
                "route53resolver:CreateFirewallDomainList",
                Map.of(NAME, name(vpcId), TOKEN, token),
                (cloud, dryRun) ->
                        cloud.resolver()
                                .createFirewallDomainList(request ->
                                        request.name(name(vpcId)).creatorRequestId(token)));
    }

    static BlockChange update(
            String listId, FirewallDomainUpdateOperation operation, String domain) {
        return BlockChange.of(
                "route53resolver:UpdateFirewallDomains",
                Map.of(LIST, listId, "Operation", operation.toString(), "Domains", domain),
                (cloud, dryRun) ->
                        cloud.resolver()
                                .updateFirewallDomains(request ->
                                        request.firewallDomainListId(listId)
                                                .operation(operation)
                                                .domains(domain)));
    }

    static BlockChange createGroup(String vpcId, String token) {
        return BlockChange.of(
                "route53resolver:CreateFirewallRuleGroup",
                Map.of(NAME, name(vpcId), TOKEN, token),
                (cloud, dryRun) ->
                        cloud.resolver()
                                .createFirewallRuleGroup(request ->
                                        request.name(name(vpcId)).creatorRequestId(token)));
    }

    /**
     * NODATA says nothing of other names: a resolver that takes a name for nonexistent may take all
     * beneath it for that, which would be more than was asked for.
     */
    static BlockChange createRule(String vpcId, String groupId, String listId, String token) {
        return BlockChange.of(
                "route53resolver:CreateFirewallRule",
                Map.of(
                        NAME,
                        name(vpcId),
                        GROUP,
                        groupId,
                        LIST,
                        listId,
                        PRIORITY,
                        String.valueOf(RULE_PRIORITY),
                        "Action",
                        "BLOCK",
                        "BlockResponse",
                        BlockResponse.NODATA.toString(),
                        TOKEN,
                        token),
                (cloud, dryRun) ->
                        cloud.resolver()
                                .createFirewallRule(request ->
                                        request.name(name(vpcId))
                                                .firewallRuleGroupId(groupId)
                                                .firewallDomainListId(listId)
                                                .priority(RULE_PRIORITY)
                                                .action("BLOCK")
                                                .blockResponse(BlockResponse.NODATA)
                                                .creatorRequestId(token)));
    }

    static BlockChange associate(String vpcId, String groupId, int priority, String token) {
        return BlockChange.of(
                "route53resolver:AssociateFirewallRuleGroup",
                Map.of(
                        NAME,
                        name(vpcId),
                        GROUP,
                        groupId,
                        "VpcId",
                        vpcId,
                        PRIORITY,
                        String.valueOf(priority),
                        TOKEN,
                        token),
                (cloud, dryRun) ->
                        cloud.resolver()
                                .associateFirewallRuleGroup(request ->
                                        request.name(name(vpcId))
                                                .firewallRuleGroupId(groupId)
                                                .vpcId(vpcId)
                                                .priority(priority)
                                                .creatorRequestId(token)));
    }

    static BlockChange disassociate(String associationId) {
        return BlockChange.of(
                "route53resolver:DisassociateFirewallRuleGroup",
                Map.of("FirewallRuleGroupAssociationId", associationId),
                (cloud, dryRun) ->
                        cloud.resolver()
                                .disassociateFirewallRuleGroup(request ->
                                        request.firewallRuleGroupAssociationId(associationId)));
    }

    static BlockChange deleteRule(String groupId, String listId) {
        return BlockChange.of(
                "route53resolver:DeleteFirewallRule",
                Map.of(GROUP, groupId, LIST, listId),
                (cloud, dryRun) ->
                        cloud.resolver()
                                .deleteFirewallRule(request ->
                                        request.firewallRuleGroupId(groupId)
                                                .firewallDomainListId(listId)));
    }

    static BlockChange deleteGroup(String groupId) {
        return BlockChange.of(
                "route53resolver:DeleteFirewallRuleGroup",
                Map.of(GROUP, groupId),
                (cloud, dryRun) ->
                        cloud.resolver()
                                .deleteFirewallRuleGroup(
                                        request -> request.firewallRuleGroupId(groupId)));
    }

    static BlockChange deleteList(String listId) {
        return BlockChange.of(
                "route53resolver:DeleteFirewallDomainList",
                Map.of(LIST, listId),
                (cloud, dryRun) ->
                        cloud.resolver()
                                .deleteFirewallDomainList(
                                        request -> request.firewallDomainListId(listId)));
    }
}
