package dev.yagura.response;

import java.util.List;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.NetworkAclEntry;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RuleAction;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;

/** The network ACL and the security groups of the sandbox, as somebody else sees and sets them. */
record NetworkRules(TestService service) {
    static final String ACL = "acl-01f7dd7da68e5594a";
    static final String WEB_GROUP = "sg-02f1086a7759c4179";
    static final String DB_GROUP = "sg-098fa258f4629c194";

    List<NetworkAclEntry> entries() {
        return service.operator()
                .describeNetworkAcls(r -> r.networkAclIds(ACL))
                .networkAcls()
                .getFirst()
                .entries();
    }

    void entry(int number, boolean egress, RuleAction action, String cidr) {
        service.operator()
                .createNetworkAclEntry(r ->
                        r.networkAclId(ACL)
                                .ruleNumber(number)
                                .egress(egress)
                                .protocol("-1")
                                .ruleAction(action)
                                .cidrBlock(cidr.contains("/") ? cidr : cidr + "/32"));
    }

    String allowPartner() {
        return service.operator()
                .authorizeSecurityGroupIngress(r ->
                        r.groupId(WEB_GROUP)
                                .ipPermissions(
                                        IpPermission.builder()
                                                .ipProtocol("tcp")
                                                .fromPort(9443)
                                                .toPort(9443)
                                                .ipRanges(range ->
                                                        range.cidrIp("203.0.113.0/24")
                                                                .description("a partner"))
                                                .build())
                                .tagSpecifications(tags ->
                                        tags.resourceType(ResourceType.SECURITY_GROUP_RULE)
                                                .tags(tag -> tag.key("Ticket").value("42"))))
                .securityGroupRules()
                .getFirst()
                .securityGroupRuleId();
    }

    void revoke(String id) {
        service.operator()
                .revokeSecurityGroupIngress(r -> r.groupId(WEB_GROUP).securityGroupRuleIds(id));
    }

    SecurityGroupRule rule(String id) {
        return service.operator()
                .describeSecurityGroupRules(r -> r.securityGroupRuleIds(id))
                .securityGroupRules()
                .getFirst();
    }

    List<SecurityGroupRule> rules(String groupId) {
        return service.operator()
                .describeSecurityGroupRules(r -> r.filters(f -> f.name("group-id").values(groupId)))
                .securityGroupRules();
    }
}
