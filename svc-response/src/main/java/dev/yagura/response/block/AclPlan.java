package dev.yagura.response.block;

import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.BlockState;
import dev.yagura.proto.response.v1.DenyEntry;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.aws.AddressBlock;
import dev.yagura.response.aws.Ec2DryRun;
import dev.yagura.response.aws.SavedTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.model.RuleAction;

/** Writes down what denying addresses would do, from a survey, and makes its calls. */
final class AclPlan {
    private static final String NUMBER = "RuleNumber";
    private static final String NONE = "no entry of this number";

    private AclPlan() {}

    static Plan of(BlockCloud cloud, AclSurvey survey, ActionTarget target, Instant now) {
        List<DenyEntry> entries = entries(survey).getDenyEntriesList();
        String id = survey.acl().id();
        List<PlannedCall> calls =
                entries.stream()
                        .map(each ->
                                deny(id, each, survey.block())
                                        .asked(
                                                cloud,
                                                NONE,
                                                wanted(each, survey.block()).toString()))
                        .toList();
        return Plan.newBuilder()
                .setCreateTime(SavedTime.of(now))
                .addAllChecks(AclPreflight.checks(survey, target))
                .addChecks(Ec2DryRun.check(ActionKind.ACTION_KIND_BLOCK_INDICATOR, calls))
                .addAllCalls(calls)
                .addAllUndoCalls(
                        entries.stream()
                                .map(each ->
                                        delete(id, each)
                                                .later(
                                                        wanted(each, survey.block()).toString(),
                                                        NONE))
                                .toList())
                .addAllResidualRisks(risks(survey))
                .build();
    }

    /** Numbers that are free now, of the directions that need an entry. */
    static BlockState entries(AclSurvey survey) {
        BlockState.Builder state = BlockState.newBuilder();
        for (boolean egress : AclPreflight.open(survey)) {
            survey.acl()
                    .freeNumber(egress, survey.block())
                    .ifPresent(number ->
                            state.addDenyEntries(
                                    DenyEntry.newBuilder()
                                            .setEgress(egress)
                                            .setRuleNumber(number)));
        }
        return state.build();
    }

    static LiveAcl.Entry wanted(DenyEntry entry, AddressBlock block) {
        return LiveAcl.Entry.deny(entry.getRuleNumber(), entry.getEgress(), block);
    }

    static BlockChange deny(String aclId, DenyEntry entry, AddressBlock block) {
        Map<String, String> parameters = new HashMap<>(identified(aclId, entry));
        parameters.put("Protocol", LiveAcl.ALL);
        parameters.put("RuleAction", RuleAction.DENY.toString());
        parameters.put(block.isIpv6() ? "Ipv6CidrBlock" : "CidrBlock", block.toString());
        return BlockChange.of(
                "ec2:CreateNetworkAclEntry",
                parameters,
                (cloud, dryRun) ->
                        cloud.ec2()
                                .createNetworkAclEntry(request ->
                                        request.networkAclId(aclId)
                                                .ruleNumber(entry.getRuleNumber())
                                                .egress(entry.getEgress())
                                                .protocol(LiveAcl.ALL)
                                                .ruleAction(RuleAction.DENY)
                                                .cidrBlock(block.isIpv6() ? null : block.toString())
                                                .ipv6CidrBlock(
                                                        block.isIpv6() ? block.toString() : null)
                                                .dryRun(dryRun)));
    }

    static BlockChange delete(String aclId, DenyEntry entry) {
        return BlockChange.of(
                "ec2:DeleteNetworkAclEntry",
                identified(aclId, entry),
                (cloud, dryRun) ->
                        cloud.ec2()
                                .deleteNetworkAclEntry(request ->
                                        request.networkAclId(aclId)
                                                .ruleNumber(entry.getRuleNumber())
                                                .egress(entry.getEgress())
                                                .dryRun(dryRun)));
    }

    private static Map<String, String> identified(String aclId, DenyEntry entry) {
        return Map.of(
                "NetworkAclId",
                aclId,
                NUMBER,
                String.valueOf(entry.getRuleNumber()),
                "Egress",
                String.valueOf(entry.getEgress()));
    }

    private static List<String> risks(AclSurvey survey) {
        return List.of(
                "A network ACL does not see traffic inside a subnet, and only subnets that it is"
                        + " associated with are guarded: other subnets of "
                        + survey.acl().vpcId()
                        + " and other VPCs reach the addresses as before.",
                "It sees the address of the packet only. Through a proxy, a load balancer, a VPN or"
                        + " peering that translates addresses, or from another address, the same"
                        + " intruder passes.",
                "What instances of the VPC ask of the Route 53 Resolver, the instance metadata, the"
                        + " time service and DHCP passes every network ACL: DNS tunnels go on.",
                "Entries are not watched: whoever may change the network ACL, Terraform and Firewall"
                        + " Manager among them, can take them out or put an allow before them.",
                "Undo lets the addresses pass again, for everything behind the network ACL.");
    }
}
