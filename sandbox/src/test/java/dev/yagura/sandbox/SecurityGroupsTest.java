package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

class SecurityGroupsTest {
    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final Ec2Client ec2 = SANDBOX.ec2();

    @Test
    void aNewGroupMaySendEverythingUntilThatIsRevoked() {
        String id = create("isolation");

        assertThat(egress(id)).singleElement().satisfies(SecurityGroupsTest::allowsEverything);

        ec2.revokeSecurityGroupEgress(r -> r.groupId(id).ipPermissions(egress(id)));
        assertThat(egress(id)).isEmpty();
        refused(
                () ->
                        ec2.revokeSecurityGroupEgress(
                                r -> r.groupId(id).ipPermissions(tcp(443, "0.0.0.0/0"))),
                "InvalidPermission.NotFound");
    }

    @Test
    void revokesByRuleId() {
        String id = create("isolation");
        List<String> rules =
                ec2
                        .describeSecurityGroupRules(
                                r -> r.filters(f -> f.name("group-id").values(id)))
                        .securityGroupRules()
                        .stream()
                        .map(SecurityGroupRule::securityGroupRuleId)
                        .toList();
        assertThat(rules).hasSize(2);

        assertThat(
                        ec2.revokeSecurityGroupEgress(
                                        r -> r.groupId(id).securityGroupRuleIds(rules))
                                .revokedSecurityGroupRules())
                .hasSize(2);
        assertThat(egress(id)).isEmpty();
    }

    @Test
    void createsWithTags() {
        String id =
                ec2.createSecurityGroup(r ->
                                r.groupName("isolation")
                                        .description("No way out")
                                        .vpcId(Seeded.VPC)
                                        .tagSpecifications(
                                                TagSpecification.builder()
                                                        .resourceType(ResourceType.SECURITY_GROUP)
                                                        .tags(tag("Owner", "yagura"))
                                                        .build()))
                        .groupId();

        assertThat(group(id).tags()).containsExactly(tag("Owner", "yagura"));
        assertThat(
                        ec2.describeSecurityGroups(
                                        r -> r.filters(f -> f.name("tag:Owner").values("yagura")))
                                .securityGroups())
                .extracting(SecurityGroup::groupId)
                .containsExactly(id);
    }

    @Test
    void refusesTakenAndReservedNames() {
        create("isolation");

        refused(() -> create("isolation"), "InvalidGroup.Duplicate");
        refused(() -> create("default"), "InvalidGroup.Reserved");
        refused(() -> create("sg-isolation"), "InvalidParameterValue");
        refused(
                () ->
                        ec2.createSecurityGroup(r ->
                                r.groupName("x").description("x").vpcId("vpc-00000000000000000")),
                "InvalidVpcID.NotFound");
    }

    @Test
    void authorizesEveryKindOfFarEnd() {
        String id = create("isolation");

        ec2.authorizeSecurityGroupEgress(r ->
                r.groupId(id)
                        .ipPermissions(
                                IpPermission.builder()
                                        .ipProtocol("tcp")
                                        .fromPort(443)
                                        .toPort(443)
                                        .ipRanges(range("10.20.0.0/16"))
                                        .ipv6Ranges(v -> v.cidrIpv6("2001:db8:1420::/56"))
                                        .prefixListIds(p -> p.prefixListId(Seeded.S3_PREFIX_LIST))
                                        .userIdGroupPairs(g -> g.groupId(Seeded.ENDPOINT_GROUP))
                                        .build()));

        IpPermission https =
                egress(id).stream()
                        .filter(permission -> "tcp".equals(permission.ipProtocol()))
                        .findFirst()
                        .orElseThrow();
        assertThat(https.ipRanges()).hasSize(1);
        assertThat(https.ipv6Ranges()).hasSize(1);
        assertThat(https.prefixListIds()).hasSize(1);
        assertThat(https.userIdGroupPairs().getFirst().groupId()).isEqualTo(Seeded.ENDPOINT_GROUP);
    }

    @Test
    void refusesBadRules() {
        String id = create("isolation");

        refused(() -> authorize(id, tcp(443, "10.20.0.0/33")), "InvalidParameterValue");
        refused(() -> authorize(id, tcp(443, "10.20.0")), "InvalidParameterValue");
        refused(
                () ->
                        authorize(
                                id,
                                IpPermission.builder()
                                        .ipProtocol("tcp")
                                        .ipRanges(range("0.0.0.0/0"))
                                        .build()),
                "InvalidParameterValue");
        refused(
                () ->
                        authorize(
                                id,
                                IpPermission.builder()
                                        .ipProtocol("-1")
                                        .userIdGroupPairs(g -> g.groupId("sg-00000000000000000"))
                                        .build()),
                "InvalidGroup.NotFound");
        authorize(id, tcp(443, "10.20.0.0/16"));
        refused(() -> authorize(id, tcp(443, "10.20.0.0/16")), "InvalidPermission.Duplicate");
    }

    @Test
    void holdsAtMostSixtyRulesADirection() {
        String id = create("isolation");
        List<IpPermission> sixty =
                IntStream.rangeClosed(1, 60).mapToObj(port -> tcp(port, "10.20.0.0/16")).toList();
        ec2.authorizeSecurityGroupIngress(r -> r.groupId(id).ipPermissions(sixty));

        refused(
                () ->
                        ec2.authorizeSecurityGroupIngress(
                                r -> r.groupId(id).ipPermissions(tcp(61, "10.20.0.0/16"))),
                "RulesPerSecurityGroupLimitExceeded");
        assertThat(group(id).ipPermissions()).hasSize(60);
    }

    @Test
    void doesNotDeleteAGroupInUse() {
        String id = create("isolation");
        setGroups(Seeded.WEB_ENI, id);
        refused(() -> delete(id), "DependencyViolation");
        setGroups(Seeded.WEB_ENI, Seeded.WEB_GROUP);

        String referrer = create("referrer");
        IpPermission fromIsolation =
                IpPermission.builder()
                        .ipProtocol("-1")
                        .userIdGroupPairs(g -> g.groupId(id))
                        .build();
        ec2.authorizeSecurityGroupIngress(r -> r.groupId(referrer).ipPermissions(fromIsolation));
        refused(() -> delete(id), "DependencyViolation");

        delete(referrer);
        delete(id);
        refused(() -> group(id), "InvalidGroup.NotFound");
        refused(() -> delete(Seeded.DEFAULT_GROUP), "CannotDelete");
    }

    @Test
    void replacesTheGroupsOfOneInterface() {
        String id = create("isolation");

        setGroups(Seeded.APP_BACK_ENI, id);

        assertThat(groupsOf(Seeded.APP_BACK_ENI)).containsExactly(id);
        assertThat(groupsOf(Seeded.APP_FRONT_ENI)).containsExactly(Seeded.APP_FRONT_GROUP);
    }

    @Test
    void refusesGroupsThatAnInterfaceCannotHave() {
        refused(() -> setGroups(Seeded.WEB_ENI, "sg-00000000000000000"), "InvalidGroup.NotFound");
        refused(() -> setGroups(Seeded.GATEWAY_ENI, Seeded.WEB_GROUP), "OperationNotPermitted");
        String[] six =
                IntStream.rangeClosed(1, 6).mapToObj(i -> create("g" + i)).toArray(String[]::new);
        refused(() -> setGroups(Seeded.WEB_ENI, six), "SecurityGroupsPerInterfaceLimitExceeded");
        refused(
                () ->
                        ec2.modifyNetworkInterfaceAttribute(r ->
                                r.networkInterfaceId(Seeded.WEB_ENI)
                                        .groups(Seeded.WEB_GROUP)
                                        .sourceDestCheck(v -> v.value(false))),
                "InvalidParameterCombination");
        assertThat(groupsOf(Seeded.WEB_ENI)).containsExactly(Seeded.WEB_GROUP);
    }

    @Test
    void setsConnectionTrackingTimeoutsWithinTheirRange() {
        ec2.modifyNetworkInterfaceAttribute(r ->
                r.networkInterfaceId(Seeded.WEB_ENI)
                        .connectionTrackingSpecification(t -> t.tcpEstablishedTimeout(60)));

        assertThat(
                        ec2.describeNetworkInterfaces(r -> r.networkInterfaceIds(Seeded.WEB_ENI))
                                .networkInterfaces()
                                .getFirst()
                                .connectionTrackingConfiguration()
                                .tcpEstablishedTimeout())
                .isEqualTo(60);
        refused(
                () ->
                        ec2.modifyNetworkInterfaceAttribute(r ->
                                r.networkInterfaceId(Seeded.WEB_ENI)
                                        .connectionTrackingSpecification(
                                                t -> t.tcpEstablishedTimeout(59))),
                "InvalidParameterValue");
    }

    private static void allowsEverything(IpPermission permission) {
        assertThat(permission.ipProtocol()).isEqualTo("-1");
        assertThat(permission.ipRanges()).extracting(IpRange::cidrIp).containsExactly("0.0.0.0/0");
        assertThat(permission.ipv6Ranges()).hasSize(1);
    }

    private String create(String name) {
        return ec2.createSecurityGroup(
                        r -> r.groupName(name).description("No way out").vpcId(Seeded.VPC))
                .groupId();
    }

    private void delete(String id) {
        ec2.deleteSecurityGroup(r -> r.groupId(id));
    }

    private void authorize(String id, IpPermission permission) {
        ec2.authorizeSecurityGroupEgress(r -> r.groupId(id).ipPermissions(permission));
    }

    private void setGroups(String eni, String... groups) {
        ec2.modifyNetworkInterfaceAttribute(r -> r.networkInterfaceId(eni).groups(groups));
    }

    private SecurityGroup group(String id) {
        return ec2.describeSecurityGroups(r -> r.groupIds(id)).securityGroups().getFirst();
    }

    private List<IpPermission> egress(String id) {
        return group(id).ipPermissionsEgress();
    }

    private List<String> groupsOf(String eni) {
        return ec2
                .describeNetworkInterfaces(r -> r.networkInterfaceIds(eni))
                .networkInterfaces()
                .getFirst()
                .groups()
                .stream()
                .map(GroupIdentifier::groupId)
                .toList();
    }

    private static IpPermission tcp(int port, String cidr) {
        return IpPermission.builder()
                .ipProtocol("tcp")
                .fromPort(port)
                .toPort(port)
                .ipRanges(range(cidr))
                .build();
    }

    private static IpRange range(String cidr) {
        return IpRange.builder().cidrIp(cidr).build();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
