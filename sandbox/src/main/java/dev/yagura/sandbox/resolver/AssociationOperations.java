package dev.yagura.sandbox.resolver;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Parameters;
import java.util.List;
import java.util.Optional;

/** Associate, Disassociate, List of rule groups and VPCs. */
final class AssociationOperations {
    private static final int BELOW_FIRST = 100;
    private static final int ABOVE_LAST = 9_900;

    /** AWS's default quota. */
    private static final int MOST_OF_VPC = 5;

    private static final String ID = "FirewallRuleGroupAssociationId";
    private static final String GROUP_ID = "FirewallRuleGroupId";
    private static final String ASSOCIATION = "FirewallRuleGroupAssociation";

    private final Firewall firewall;
    private final FirewallJson json;

    AssociationOperations(Firewall firewall) {
        this.firewall = firewall;
        this.json = new FirewallJson(firewall);
    }

    List<Operation> all() {
        return List.of(
                Operation.named("AssociateFirewallRuleGroup", this::associate)
                        .needs("CreatorRequestId", GROUP_ID, "VpcId", "Priority", "Name"),
                Operation.named("DisassociateFirewallRuleGroup", this::disassociate).needs(ID),
                Operation.named("ListFirewallRuleGroupAssociations", this::list)
                        .knows(GROUP_ID, "VpcId", "MaxResults", "NextToken"));
    }

    /** The same token makes one. */
    private Body associate(Call call) {
        Parameters parameters = call.parameters();
        String token = parameters.required("CreatorRequestId");
        Optional<Association> known =
                firewall.associations().all().stream()
                        .filter(each -> each.token().equals(token))
                        .findFirst();
        Association association = known.orElseGet(() -> fresh(parameters, token));
        firewall.associations().put(association);
        return FirewallJson.one(ASSOCIATION, association, json::association);
    }

    private Association fresh(Parameters parameters, String token) {
        String groupId = firewall.group(parameters).id();
        String vpcId =
                Firewall.found(firewall.world().vpcs(), parameters.required("VpcId"), "VPC").id();
        int priority = parameters.integer("Priority").orElse(0);
        if (priority <= BELOW_FIRST || priority >= ABOVE_LAST) {
            throw ApiFault.of(
                    "ValidationException",
                    "Priority %d is not between %d and %d.",
                    priority,
                    BELOW_FIRST,
                    ABOVE_LAST);
        }
        List<Association> ofVpc =
                firewall.associations().all().stream()
                        .filter(each -> each.vpcId().equals(vpcId))
                        .toList();
        if (ofVpc.stream()
                .anyMatch(each -> each.groupId().equals(groupId) || each.priority() == priority)) {
            throw Firewall.conflict("%s has the rule group or the priority already.", vpcId);
        }
        if (ofVpc.size() >= MOST_OF_VPC) {
            throw ApiFault.of(
                    "LimitExceededException", "%s has %d rule groups.", vpcId, ofVpc.size());
        }
        return new Association(
                firewall.world().ids().next("rslvr-frgassoc"),
                groupId,
                vpcId,
                Firewall.name(parameters),
                priority,
                token,
                firewall.done(),
                false);
    }

    private Body disassociate(Call call) {
        Association association =
                Firewall.found(
                        firewall.associations(),
                        call.parameters().required(ID),
                        "firewall rule group association");
        String status = association.status(firewall.now());
        if (!status.equals("COMPLETE")) {
            throw Firewall.conflict("%s is %s.", association.id(), status);
        }
        Association ending = association.ending(firewall.done());
        firewall.associations().put(ending);
        return FirewallJson.one(ASSOCIATION, ending, json::association);
    }

    private Body list(Call call) {
        Optional<String> groupId = call.parameters().text(GROUP_ID);
        Optional<String> vpcId = call.parameters().text("VpcId");
        Page<Association> page =
                Page.of(
                        firewall.associations().all().stream()
                                .filter(each -> groupId.map(each.groupId()::equals).orElse(true))
                                .filter(each -> vpcId.map(each.vpcId()::equals).orElse(true))
                                .toList(),
                        call.parameters(),
                        FirewallJson.PAGES);
        return FirewallJson.page("FirewallRuleGroupAssociations", page, json::association);
    }
}
