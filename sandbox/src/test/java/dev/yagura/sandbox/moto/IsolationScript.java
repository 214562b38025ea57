package dev.yagura.sandbox.moto;

import java.util.List;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.sts.StsClient;

/** The calls of inventory and isolation on one instance, and what the product reads of each. */
final class IsolationScript {
    private static final String[] INSTANCE = {
        "reservations.ownerId",
        "reservations.instances.instanceId",
        "reservations.instances.state.name",
        "reservations.instances.state.code",
        "reservations.instances.vpcId",
        "reservations.instances.subnetId",
        "reservations.instances.imageId",
        "reservations.instances.architecture",
        "reservations.instances.launchTime",
        "reservations.instances.privateIpAddress",
        "reservations.instances.placement.availabilityZone",
        "reservations.instances.networkInterfaces.networkInterfaceId",
        "reservations.instances.networkInterfaces.attachment.deviceIndex",
        "reservations.instances.networkInterfaces.privateIpAddress",
    };
    private static final String[] INTERFACES = {
        "networkInterfaces.networkInterfaceId",
        "networkInterfaces.vpcId",
        "networkInterfaces.subnetId",
        "networkInterfaces.status",
        "networkInterfaces.requesterManaged",
        "networkInterfaces.interfaceType",
        "networkInterfaces.privateIpAddress",
        "networkInterfaces.attachment.instanceId",
        "networkInterfaces.attachment.deviceIndex",
    };

    /**
     * Only that they are there: moto keeps the groups of launch on every interface and instance,
     * whatever ModifyNetworkInterfaceAttribute says; AWS replaces them, and SecurityGroupsTest
     * holds the sandbox to that.
     */
    private static final String[] INSTANCE_GROUPS = {
        "reservations.instances.securityGroups.groupId",
        "reservations.instances.networkInterfaces.groups.groupId",
    };

    private static final String[] INTERFACE_GROUPS = {"networkInterfaces.groups.groupId"};
    private static final String[] GROUP = {
        "securityGroups.groupId",
        "securityGroups.groupName",
        "securityGroups.description",
        "securityGroups.vpcId",
        "securityGroups.ownerId",
        "securityGroups.ipPermissions.ipProtocol",
        "securityGroups.ipPermissionsEgress.ipProtocol",
        "securityGroups.ipPermissionsEgress.fromPort",
        "securityGroups.ipPermissionsEgress.toPort",
        "securityGroups.ipPermissionsEgress.ipRanges.cidrIp",
        "securityGroups.ipPermissionsEgress.ipv6Ranges.cidrIpv6",
        "securityGroups.ipPermissionsEgress.userIdGroupPairs.groupId",
    };
    private static final String[] RULES = {
        "securityGroupRules.groupId",
        "securityGroupRules.isEgress",
        "securityGroupRules.ipProtocol",
        "securityGroupRules.fromPort",
        "securityGroupRules.toPort",
        "securityGroupRules.cidrIpv4",
        "securityGroupRules.referencedGroupInfo.groupId",
    };

    private final Ec2Client ec2;
    private final StsClient sts;
    private final String vpcId;
    private final String instanceId;
    private final Observations seen = new Observations();

    IsolationScript(Ec2Client ec2, StsClient sts, String vpcId, String instanceId) {
        this.ec2 = ec2;
        this.sts = sts;
        this.vpcId = vpcId;
        this.instanceId = instanceId;
    }

    List<String> run() {
        session();
        describe("before");
        String group = isolationGroup();
        swapAndRestore(group);
        tags(group);
        refusals(group);
        ec2.deleteSecurityGroup(r -> r.groupId(group));
        seen.refusal("deleted group", () -> ec2.describeSecurityGroups(r -> r.groupIds(group)));
        power();
        return seen.all();
    }

    private void session() {
        String account = sts.getCallerIdentity().account();
        seen.value("account", account);
        var session =
                sts.assumeRole(r ->
                        r.roleArn("arn:aws:iam::%s:role/YaguraResponse".formatted(account))
                                .roleSessionName("isolate")
                                .externalId("yagura-sandbox"));
        seen.fields("session", session, "assumedRoleUser.arn", "credentials.expiration");
        seen.value("session key", session.credentials().accessKeyId().substring(0, 4));
    }

    private void describe(String when) {
        var instances = ec2.describeInstances(r -> r.instanceIds(instanceId));
        seen.fields(when + " instance", instances, INSTANCE);
        seen.kinds(when + " instance", instances, INSTANCE_GROUPS);
        seen.value(
                when + " tags",
                instances.reservations().getFirst().instances().getFirst().tags().stream()
                        .map(tag -> tag.key() + "=" + tag.value())
                        .sorted()
                        .toList());
        var interfaces =
                ec2.describeNetworkInterfaces(
                        r -> r.filters(f -> f.name("attachment.instance-id").values(instanceId)));
        seen.fields(when + " interfaces", interfaces, INTERFACES);
        seen.kinds(when + " interfaces", interfaces, INTERFACE_GROUPS);
    }

    private String isolationGroup() {
        String group =
                ec2.createSecurityGroup(r ->
                                r.groupName("isolation").description("No way out").vpcId(vpcId))
                        .groupId();
        group("new group", group);
        seen.value(
                "revoked",
                ec2.revokeSecurityGroupEgress(r -> r.groupId(group).ipPermissions(everything()))
                        .returnValue());
        group("after revoke", group);
        seen.fields(
                "authorized",
                ec2.authorizeSecurityGroupEgress(
                        r -> r.groupId(group).ipPermissions(https("10.20.0.0/16"))),
                RULES);
        seen.fields(
                "authorized group",
                ec2.authorizeSecurityGroupEgress(
                        r -> r.groupId(group).ipPermissions(toMembersOf(group))),
                "securityGroupRules.isEgress",
                "securityGroupRules.ipProtocol");
        group("after authorize", group);
        return group;
    }

    private void swapAndRestore(String group) {
        var before =
                ec2.describeNetworkInterfaces(r ->
                                r.filters(f -> f.name("attachment.instance-id").values(instanceId)))
                        .networkInterfaces();
        before.forEach(eni ->
                ec2.modifyNetworkInterfaceAttribute(
                        r -> r.networkInterfaceId(eni.networkInterfaceId()).groups(group)));
        describe("isolated");
        before.forEach(eni ->
                ec2.modifyNetworkInterfaceAttribute(r ->
                        r.networkInterfaceId(eni.networkInterfaceId())
                                .groups(eni.groups().stream().map(g -> g.groupId()).toList())));
        describe("restored");
    }

    private void tags(String group) {
        ec2.createTags(
                r -> r.resources(instanceId, group).tags(t -> t.key("yagura").value("isolation")));
        var tagged = ec2.describeTags(r -> r.filters(f -> f.name("key").values("yagura"))).tags();
        seen.value(
                "tags",
                tagged.stream()
                        .map(t -> t.resourceTypeAsString() + "=" + t.value())
                        .sorted()
                        .toList());
        seen.fields(
                "found by tag",
                ec2.describeSecurityGroups(
                        r -> r.filters(f -> f.name("tag:yagura").values("isolation"))),
                "securityGroups.groupId");
        ec2.deleteTags(r -> r.resources(instanceId, group).tags(t -> t.key("yagura")));
    }

    private void refusals(String group) {
        seen.refusal(
                "unknown instance",
                () -> ec2.describeInstances(r -> r.instanceIds("i-0123456789abcdef0")));
        seen.refusal(
                "unknown interface",
                () ->
                        ec2.describeNetworkInterfaces(
                                r -> r.networkInterfaceIds("eni-0123456789abcdef0")));
        seen.refusal(
                "unknown group",
                () -> ec2.describeSecurityGroups(r -> r.groupIds("sg-0123456789abcdef0")));
        seen.refusal(
                "taken name",
                () ->
                        ec2.createSecurityGroup(
                                r -> r.groupName("isolation").description("x").vpcId(vpcId)));
        seen.refusal(
                "rule twice",
                () ->
                        ec2.authorizeSecurityGroupEgress(
                                r -> r.groupId(group).ipPermissions(https("10.20.0.0/16"))));
        seen.refusal(
                "rule that is not there",
                () ->
                        ec2.revokeSecurityGroupEgress(
                                r -> r.groupId(group).ipPermissions(https("10.99.0.0/16"))));
        seen.refusal(
                "dry run", () -> ec2.stopInstances(r -> r.instanceIds(instanceId).dryRun(true)));
    }

    private void power() {
        seen.fields(
                "stopped",
                ec2.stopInstances(r -> r.instanceIds(instanceId)),
                "stoppingInstances.instanceId",
                "stoppingInstances.previousState.name");
    }

    private void group(String when, String id) {
        seen.fields(when, ec2.describeSecurityGroups(r -> r.groupIds(id)), GROUP);
    }

    private static IpPermission everything() {
        return IpPermission.builder().ipProtocol("-1").ipRanges(v -> v.cidrIp("0.0.0.0/0")).build();
    }

    private static IpPermission https(String cidr) {
        return IpPermission.builder()
                .ipProtocol("tcp")
                .fromPort(443)
                .toPort(443)
                .ipRanges(v -> v.cidrIp(cidr))
                .build();
    }

    private static IpPermission toMembersOf(String group) {
        return IpPermission.builder()
                .ipProtocol("tcp")
                .fromPort(8443)
                .toPort(8443)
                .userIdGroupPairs(g -> g.groupId(group))
                .build();
    }
}
