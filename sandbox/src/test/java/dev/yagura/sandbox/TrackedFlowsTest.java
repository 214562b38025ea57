package dev.yagura.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sandbox.control.Passage;
import dev.yagura.sandbox.control.SandboxClient;
import dev.yagura.sandbox.flow.FlowView;
import dev.yagura.sandbox.flow.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.RuleAction;

/** What a change of security groups, network ACLs or power does to connections that are open. */
class TrackedFlowsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final Ec2Client ec2 = SANDBOX.ec2();
    private final SandboxClient control = SANDBOX.control();

    @Test
    void theSeededConnectionsAreAlive() {
        control.advance(Duration.ofMinutes(10));

        for (String instance : List.of("web-1", "app-1", "db-1")) {
            assertThat(control.flows(instance))
                    .isNotEmpty()
                    .allSatisfy(flow -> assertThat(flow.state()).isEqualTo("alive"));
        }
    }

    @Test
    void aGroupSwapBlocksNewConnectionsButNotATrackedKeepalive() {
        String beacon = openBeacon();
        isolate(Seeded.WEB_ENI);
        Instant later = control.advance(Duration.ofHours(12));

        FlowView alive = control.flow(beacon);
        assertThat(alive.state()).isEqualTo("alive");
        assertThat(alive.memory()).containsEntry(Seeded.WEB_ENI, "TRACKED");
        assertThat(alive.lastPacketAt()).isAfterOrEqualTo(later.minus(SECOND));
        assertThat(alive.packets()).isEqualTo(1 + 12 * 3600);

        Passage second = control.openOutbound("web-1", "beacon", Seeded.C2, 443, SECOND);
        assertThat(second.allowed()).isFalse();
        assertThat(second.stage()).isEqualTo(Stage.SECURITY_GROUP);
        assertThat(second.reason()).contains("no outbound rule", Seeded.C2);
        assertThat(second.flow()).isNull();
    }

    @Test
    void anUntrackedConnectionIsCutAtOnceWhenItsRuleGoes() {
        FlowView customer = named("web-1", "customer");
        assertThat(customer.memory()).containsEntry(Seeded.WEB_ENI, "UNTRACKED");

        isolate(Seeded.WEB_ENI);

        FlowView cut = control.flow(customer.id());
        assertThat(cut.state()).isEqualTo("blocked");
        assertThat(control.sendPacket(customer.id()).stage()).isEqualTo(Stage.SECURITY_GROUP);
    }

    @Test
    void anUntrackedConnectionNeedsItsAnsweringRuleToo() {
        FlowView customer = named("web-1", "customer");

        ec2.revokeSecurityGroupEgress(
                r -> r.groupId(Seeded.WEB_GROUP).ipPermissions(everything("0.0.0.0/0")));

        assertThat(control.flow(customer.id()).state()).isEqualTo("blocked");
    }

    @Test
    void aTrackedConnectionDiesWhenItWasIdleForTooLong() {
        String quiet = openSilent("web-1", Seeded.C2);
        isolate(Seeded.WEB_ENI);

        control.advance(Duration.ofSeconds(432_000));
        assertThat(control.flow(quiet).state()).isEqualTo("alive");
        control.advance(SECOND);
        assertThat(control.flow(quiet).state()).isEqualTo("blocked");
        assertThat(control.sendPacket(quiet).allowed()).isFalse();
    }

    @Test
    void aShorterIdleTimeoutEndsSilentConnectionsButNoBeacon() {
        String quiet = openSilent("web-1", Seeded.C2);
        String beacon = openBeacon();
        ec2.modifyNetworkInterfaceAttribute(r ->
                r.networkInterfaceId(Seeded.WEB_ENI)
                        .connectionTrackingSpecification(t -> t.tcpEstablishedTimeout(60)));
        isolate(Seeded.WEB_ENI);
        control.advance(Duration.ofSeconds(61));

        assertThat(control.flow(quiet).state()).isEqualTo("blocked");
        assertThat(control.flow(beacon).state()).isEqualTo("alive");
    }

    @Test
    void anAllowAllHopCutsTrackedConnectionsAndTheJournalShowsThatItWidened() {
        String beacon = openBeacon();
        String open = newGroup("open");
        ec2.authorizeSecurityGroupIngress(
                r -> r.groupId(open).ipPermissions(everything("0.0.0.0/0")));

        setGroups(Seeded.WEB_ENI, open);
        assertThat(control.flow(beacon).memory()).containsEntry(Seeded.WEB_ENI, "UNTRACKED");
        isolate(Seeded.WEB_ENI);

        assertThat(control.flow(beacon).state()).isEqualTo("blocked");
        assertThat(control.journal(0))
                .anySatisfy(call ->
                        assertThat(call.widened())
                                .anySatisfy(text ->
                                        assertThat(text)
                                                .contains(Seeded.WEB_ENI, "inbound all traffic")));
    }

    @Test
    void aNetworkAclDenyOfTheFarEndCutsEitherWay() {
        for (boolean egress : new boolean[] {true, false}) {
            String beacon = openBeacon();
            deny(10, egress, Seeded.C2 + "/32");

            assertThat(control.flow(beacon).state()).isEqualTo("blocked");
            Passage packet = control.sendPacket(beacon);
            assertThat(packet.stage()).isEqualTo(Stage.NETWORK_ACL);
            assertThat(packet.reason()).contains("rule 10");

            ec2.deleteNetworkAclEntry(
                    r -> r.networkAclId(Seeded.ACL).ruleNumber(10).egress(egress));
            assertThat(control.flow(beacon).state()).isEqualTo("alive");
        }
    }

    /** Rules of an ACL name the far end: the host's own address in its own subnet cuts nothing. */
    @Test
    void aNetworkAclDenyOfTheHostItselfDoesNotCutItFromTheInternet() {
        String beacon = openBeacon();

        deny(10, true, "10.20.1.10/32");
        deny(10, false, "10.20.1.10/32");

        assertThat(control.flow(beacon).state()).isEqualTo("alive");
    }

    @Test
    void aNetworkAclDoesNotSeeTrafficInsideItsSubnet() {
        deny(10, true, "10.20.1.20/32");
        deny(11, true, "10.20.2.30/32");

        assertThat(named("web-1", "web to app").state()).isEqualTo("alive");
        assertThat(named("app-1", "app to database").state()).isEqualTo("blocked");
    }

    @Test
    void stoppingTheInstanceCutsEverything() {
        String beacon = openBeacon();
        ec2.stopInstances(r -> r.instanceIds(Seeded.WEB));
        assertThat(control.flow(beacon).state()).isEqualTo("closed");

        control.advance(Duration.ofSeconds(5));
        ec2.startInstances(r -> r.instanceIds(Seeded.WEB));
        control.advance(Duration.ofMinutes(2));
        assertThat(control.flow(beacon).state()).isEqualTo("closed");
        assertThat(named("web-1", "amazon-ssm-agent").state())
                .as("services start again with the host")
                .isEqualTo("alive");
    }

    @Test
    void resolverMetadataAndTimeArePastEveryFilter() {
        isolate(Seeded.WEB_ENI);
        deny(10, true, "0.0.0.0/0");

        for (String service : List.of("10.20.0.2", "169.254.169.254", "169.254.169.123")) {
            assertThat(control.probe("web-1", service, 53).allowed()).as(service).isTrue();
            assertThat(control.probe("web-1", service, 53).stage()).isEqualTo(Stage.LOCAL_SERVICE);
        }
        assertThat(control.probe("web-1", "8.8.8.8", 53).allowed()).isFalse();
    }

    @Test
    void isolatingOneInterfaceLeavesTheOther() {
        isolate(Seeded.APP_FRONT_ENI);

        assertThat(control.probe(Seeded.APP_FRONT_ENI, "db-1", 5432).allowed()).isFalse();
        assertThat(control.probe(Seeded.APP_BACK_ENI, "db-1", 5432).allowed()).isTrue();
    }

    @Test
    void ipv6HasItsOwnRules() {
        String target = "2001:db8:ffff::66";
        assertThat(control.probe("app-1", target, 443).allowed()).isTrue();

        String group = newGroup("half-isolated");
        ec2.revokeSecurityGroupEgress(r -> r.groupId(group).ipPermissions(everything("0.0.0.0/0")));
        setGroups(Seeded.APP_FRONT_ENI, group);

        assertThat(control.probe("app-1", Seeded.C2, 443).allowed()).isFalse();
        assertThat(control.probe("app-1", target, 443).allowed())
                .as("the rule for ::/0 that AWS added is still there")
                .isTrue();
    }

    @Test
    void routesDecideBeforeGroups() {
        assertThat(control.probe("db-1", Seeded.C2, 443).stage()).isEqualTo(Stage.ROUTE);
        assertThat(control.probe("app-1", Seeded.C2, 443).reason()).contains("no public address");
        assertThat(control.probe("db-1", "52.219.0.10", 443).allowed())
                .as("S3 through its gateway endpoint and prefix list")
                .isTrue();
        assertThat(control.probe("web-1", "10.20.1.99", 80).stage()).isEqualTo(Stage.HOST);
    }

    @Test
    void groupReferencesFollowTheirMembers() {
        assertThat(control.probe("web-1", "app-1", 8080).allowed()).isTrue();
        assertThat(control.probe("db-1", "app-1", 8080).allowed()).isFalse();

        isolate(Seeded.WEB_ENI);
        setGroups(Seeded.DB_ENI, Seeded.WEB_GROUP);

        assertThat(control.probe("db-1", "app-1", 8080).allowed()).isTrue();
    }

    @Test
    void udpIsForgottenSooner() {
        Passage query =
                control.openFlow(
                        "web-1", Map.of("protocol", "udp", "remote", Seeded.C2, "port", 4444));
        String id = Objects.requireNonNull(query.flow()).id();
        isolate(Seeded.WEB_ENI);
        control.advance(Duration.ofSeconds(30));
        assertThat(control.sendPacket(id).allowed()).isTrue();
        control.advance(Duration.ofSeconds(180));
        assertThat(control.flow(id).state()).as("a stream lives for 180 s").isEqualTo("alive");
        control.advance(SECOND);
        assertThat(control.flow(id).state()).isEqualTo("blocked");
    }

    @Test
    void aHostGivesABlockedConnectionUpAfterAQuarterOfAnHour() {
        String beacon = openBeacon();
        deny(10, true, Seeded.C2 + "/32");
        control.advance(Duration.ofMinutes(16));

        assertThat(control.flow(beacon).state()).isEqualTo("closed");
        assertThat(control.flow(beacon).reason()).contains("gave up");
    }

    @Test
    void releaseRevivesABeaconThatIsStillTrying() {
        String beacon = openBeacon();
        deny(10, true, Seeded.C2 + "/32");
        control.advance(Duration.ofMinutes(5));
        ec2.deleteNetworkAclEntry(r -> r.networkAclId(Seeded.ACL).ruleNumber(10).egress(true));
        control.advance(SECOND);

        assertThat(control.flow(beacon).state()).isEqualTo("alive");
        assertThat(control.flow(beacon).blockedSince()).isNull();
    }

    private String openBeacon() {
        Passage opened = control.openOutbound("web-1", "beacon", Seeded.C2, 443, SECOND);
        assertThat(opened.allowed()).as(opened.reason()).isTrue();
        return Objects.requireNonNull(opened.flow()).id();
    }

    private String openSilent(String instance, String remote) {
        Passage opened = control.openFlow(instance, Map.of("remote", remote, "port", 443));
        return Objects.requireNonNull(opened.flow()).id();
    }

    private FlowView named(String instance, String label) {
        return control.flows(instance).stream()
                .filter(flow -> flow.label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    /** Into a group that allows nothing. */
    private void isolate(String eni) {
        String group = newGroup("isolation-" + eni);
        ec2.revokeSecurityGroupEgress(r -> r.groupId(group).ipPermissions(everything("0.0.0.0/0")));
        ec2.revokeSecurityGroupEgress(r -> r.groupId(group).ipPermissions(everything("::/0")));
        setGroups(eni, group);
    }

    private String newGroup(String name) {
        return ec2.createSecurityGroup(r -> r.groupName(name).description("x").vpcId(Seeded.VPC))
                .groupId();
    }

    private void setGroups(String eni, String... groups) {
        ec2.modifyNetworkInterfaceAttribute(r -> r.networkInterfaceId(eni).groups(groups));
    }

    private void deny(int number, boolean egress, String cidr) {
        ec2.createNetworkAclEntry(r ->
                r.networkAclId(Seeded.ACL)
                        .ruleNumber(number)
                        .egress(egress)
                        .protocol("-1")
                        .ruleAction(RuleAction.DENY)
                        .cidrBlock(cidr));
    }

    private static IpPermission everything(String cidr) {
        IpPermission.Builder permission = IpPermission.builder().ipProtocol("-1");
        return cidr.contains(":")
                ? permission.ipv6Ranges(v -> v.cidrIpv6(cidr)).build()
                : permission.ipRanges(v -> v.cidrIp(cidr)).build();
    }
}
