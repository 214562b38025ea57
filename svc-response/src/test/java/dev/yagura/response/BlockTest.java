package dev.yagura.response;

import static dev.yagura.response.ActionOutcome.assertState;
import static dev.yagura.response.ActionOutcome.check;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.BlockTarget;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.sandbox.flow.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.model.NetworkAclEntry;
import software.amazon.awssdk.services.ec2.model.RuleAction;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;

/**
 * block_indicator in network ACLs and security groups through the public contract, against the
 * sandbox, with the product's role.
 */
class BlockTest {
    @RegisterExtension
    static final TestService SERVICE =
            TestService.with(
                    Map.of(
                            "yagura.response.block.poll", "PT0.02S",
                            "yagura.response.block.protected-domains", "gateway.example.net",
                            "yagura.response.action.attempts", "3",
                            "yagura.response.action.poll", "PT0.02S"));

    private static final NetworkRules NETWORK = new NetworkRules(SERVICE);
    private static final TestResponder RESPONDER =
            new TestResponder(SERVICE, Duration.ofSeconds(1));
    private static final String ACL = NetworkRules.ACL;
    private static final String VPC = "vpc-0dfc69755784eaab6";
    private static final String WEB_GROUP = NetworkRules.WEB_GROUP;
    private static final String C2 = "203.0.113.66";
    private static final String NEIGHBOUR = "203.0.113.67";
    private static final String NO_OTHER = "no other action holds it";

    @BeforeAll
    static void timeStands() {
        SERVICE.sandbox().freezeClock();
    }

    @AfterAll
    static void thePolicyHasWhatWasCalled() throws IOException {
        PolicyFile.assertFits(SERVICE, "block_indicator", 0, "ec2:CreateTags");
    }

    @Test
    void aBlockedAddressReachesNothingUntilItIsUndone() {
        List<NetworkAclEntry> before = NETWORK.entries();
        assertThat(SERVICE.sandbox().probe("web-1", C2, 443).allowed()).isTrue();
        assertThat(SERVICE.sandbox().probe(C2, "web-1", 443).allowed()).isTrue();
        long since = SERVICE.lastCall();

        Action planned = RESPONDER.plan(addresses(C2));

        assertThat(refused(planned)).isEmpty();
        assertThat(planned.getPlan().getCallsList())
                .extracting(
                        PlannedCall::getOperation, PlannedCall::getAfter, PlannedCall::getDryRun)
                .containsExactly(
                        tuple(
                                "ec2:CreateNetworkAclEntry",
                                "1 in deny all 203.0.113.66/32",
                                "allowed"),
                        tuple(
                                "ec2:CreateNetworkAclEntry",
                                "1 out deny all 203.0.113.66/32",
                                "allowed"));
        assertThat(planned.getPlan().getUndoCallsList())
                .extracting(PlannedCall::getOperation)
                .containsOnly("ec2:DeleteNetworkAclEntry");
        assertThat(check(planned, "what is behind the network ACL").getDetail())
                .contains(TestService.WEB, TestService.APP, TestService.DB, "vpc_endpoint");
        assertThat(planned.getPlan().getResidualRisksList())
                .anyMatch(risk -> risk.contains("inside a subnet"));
        assertReadOnly(since);

        Action applied = RESPONDER.apply(addresses(C2));

        assertState(applied, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(applied.getVerificationsList())
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.getLevel())
                            .isEqualTo(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ);
                    assertThat(each.getDetail()).contains("entries 1 in, 1 out");
                });
        assertThat(SERVICE.sandbox().probe("web-1", C2, 443).stage()).isEqualTo(Stage.NETWORK_ACL);
        assertThat(SERVICE.sandbox().probe(C2, "web-1", 443).stage()).isEqualTo(Stage.NETWORK_ACL);
        assertThat(SERVICE.sandbox().probe("web-1", NEIGHBOUR, 443).allowed()).isTrue();
        assertThat(check(RESPONDER.plan(addresses(C2 + "/32")), NO_OTHER).getOutcome())
                .isEqualTo(CheckOutcome.CHECK_OUTCOME_REFUSED);

        Action undone = RESPONDER.undo(applied);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(NETWORK.entries()).isEqualTo(before);
        assertThat(SERVICE.sandbox().probe("web-1", C2, 443).allowed()).isTrue();
        assertThat(SERVICE.sandbox().probe(C2, "web-1", 443).allowed()).isTrue();
    }

    @Test
    void ofAnIpv6NetworkAndWhatIsDeniedAlready() {
        List<NetworkAclEntry> before = NETWORK.entries();
        Action network = RESPONDER.apply(addresses("2001:db8:bad::/48"));
        assertState(network, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(NETWORK.entries())
                .filteredOn(entry -> entry.ipv6CidrBlock() != null)
                .filteredOn(entry -> entry.ipv6CidrBlock().startsWith("2001:db8:bad:"))
                .hasSize(2);

        Action inside = RESPONDER.apply(addresses("2001:db8:bad::66"));

        assertState(inside, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(inside.getCallsList()).isEmpty();
        assertThat(check(inside, "it is not denied already").getOutcome())
                .isEqualTo(CheckOutcome.CHECK_OUTCOME_WARNING);
        assertState(RESPONDER.undo(inside), ActionState.ACTION_STATE_UNDONE);
        assertThat(NETWORK.entries()).isNotEqualTo(before);
        assertState(RESPONDER.undo(network), ActionState.ACTION_STATE_UNDONE);
        assertThat(NETWORK.entries()).isEqualTo(before);
    }

    @Test
    void whatOthersDidMeanwhileIsReportedAndLeft() {
        List<NetworkAclEntry> before = NETWORK.entries();
        Action applied = RESPONDER.apply(addresses("198.18.0.0/24"));
        assertState(applied, ActionState.ACTION_STATE_SUCCEEDED);
        int in = applied.getBlockState().getDenyEntries(0).getRuleNumber();
        int out = applied.getBlockState().getDenyEntries(1).getRuleNumber();
        SERVICE.operator()
                .deleteNetworkAclEntry(r -> r.networkAclId(ACL).ruleNumber(in).egress(false));
        SERVICE.operator()
                .deleteNetworkAclEntry(r -> r.networkAclId(ACL).ruleNumber(out).egress(true));
        NETWORK.entry(out, true, RuleAction.DENY, "198.18.0.0/16");

        Action undone = RESPONDER.undo(applied);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList())
                .satisfiesExactlyInAnyOrder(
                        drift -> assertThat(drift).contains(" in deny", "was taken out"),
                        drift -> assertThat(drift).contains("198.18.0.0/16", "left so"));
        SERVICE.operator()
                .deleteNetworkAclEntry(r -> r.networkAclId(ACL).ruleNumber(out).egress(true));
        assertThat(NETWORK.entries()).isEqualTo(before);
    }

    @Test
    void refusesWhatCutsOffMoreThanAnIndicator() {
        assertRefused("0.0.0.0/0", "a large part of the internet");
        assertRefused("169.254.169.254", "no packet through a network ACL");
        assertRefused("10.20.1.200", "ssm endpoint 10.20.1.200/32");
        assertRefused("10.20.1.40", "gateway 10.20.1.40/32");
        assertRefused("10.20.0.0/15", "has all of 10.20.0.0/16");
        assertThat(refused(RESPONDER.plan(addresses("10.20.2.30"))))
                .singleElement()
                .satisfies(check -> assertThat(check.getGuard()).isEqualTo("own-network"));
        assertThat(
                        refused(
                                RESPONDER.plan(
                                        addresses("10.20.2.30").addOverrideGuards("own-network"))))
                .isEmpty();
        assertThatThrownBy(() ->
                        RESPONDER.plan(
                                block(
                                        BlockTarget.newBuilder()
                                                .setNetworkAclId("acl-0000000000000dead")
                                                .setCidr(C2))))
                .hasMessageContaining("network ACL acl-0000000000000dead does not exist");
        assertThatThrownBy(() -> RESPONDER.plan(addresses("203.0.113.66/24")))
                .hasMessageContaining("bits beyond its prefix");
        assertThatThrownBy(() ->
                        RESPONDER.plan(
                                block(BlockTarget.newBuilder().setNetworkAclId(ACL).setVpcId(VPC))))
                .hasMessageContaining("names no place, or several");
    }

    @Test
    void aFullNetworkAclIsRefusedUnlessAPersonKnowsBetter() {
        NETWORK.entry(1, false, RuleAction.ALLOW, "192.0.2.0/25");
        assertRefused("192.0.2.0/24", "no number is free below 1 in allow all 192.0.2.0/25");
        for (int number = 2; number < 19; number++) {
            NETWORK.entry(number, false, RuleAction.DENY, "192.0.2." + (128 + number));
        }
        List<NetworkAclEntry> full = NETWORK.entries();

        assertThat(refused(RESPONDER.plan(addresses(C2))))
                .singleElement()
                .satisfies(check -> assertThat(check.getGuard()).isEqualTo("default-quota"));
        Action failed = RESPONDER.apply(addresses(C2).addOverrideGuards("default-quota"));

        assertState(failed, ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason()).contains("NetworkAclEntryLimitExceeded");
        assertState(RESPONDER.undo(failed), ActionState.ACTION_STATE_UNDONE);
        assertThat(NETWORK.entries()).isEqualTo(full);
        for (int number = 1; number < 19; number++) {
            int taken = number;
            SERVICE.operator()
                    .deleteNetworkAclEntry(
                            r -> r.networkAclId(ACL).ruleNumber(taken).egress(false));
        }
    }

    @Test
    void aRuleIsTakenAwayAndComesBackAsItWas() {
        String id = NETWORK.allowPartner();
        SecurityGroupRule before = NETWORK.rule(id);
        assertThat(SERVICE.sandbox().probe(C2, "web-1", 9443).allowed()).isTrue();
        long since = SERVICE.lastCall();

        Action planned = RESPONDER.plan(taking(id));

        assertThat(refused(planned)).isEmpty();
        assertThat(planned.getPlan().getCallsList())
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.getOperation()).isEqualTo("ec2:RevokeSecurityGroupIngress");
                    assertThat(call.getBefore()).isEqualTo("in tcp 9443 from 203.0.113.0/24");
                    assertThat(call.getDryRun()).isEqualTo("allowed");
                });
        assertThat(check(planned, "what has the security group").getDetail())
                .contains(TestService.WEB);
        assertThat(planned.getPlan().getResidualRisksList())
                .anyMatch(risk -> risk.contains("tracked go on"));
        assertReadOnly(since);

        Action applied = RESPONDER.apply(taking(id));

        assertState(applied, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(NETWORK.rules(WEB_GROUP))
                .extracting(SecurityGroupRule::securityGroupRuleId)
                .doesNotContain(id);
        assertThat(SERVICE.sandbox().probe(C2, "web-1", 9443).stage())
                .isEqualTo(Stage.SECURITY_GROUP);

        Action undone = RESPONDER.undo(applied);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        String restored = undone.getBlockState().getRemovedRule().getRestoredRuleId();
        assertThat(restored).startsWith("sgr-").isNotEqualTo(id);
        assertThat(NETWORK.rule(restored).toBuilder().securityGroupRuleId(id).build())
                .isEqualTo(before);
        assertThat(SERVICE.sandbox().probe(C2, "web-1", 9443).allowed()).isTrue();
        NETWORK.revoke(restored);
    }

    @Test
    void anOutgoingRuleToAPrefixListComesBackToo() {
        SecurityGroupRule listed =
                NETWORK.rules(NetworkRules.DB_GROUP).stream()
                        .filter(each -> each.prefixListId() != null)
                        .findFirst()
                        .orElseThrow();
        Action applied = RESPONDER.apply(taking(listed.securityGroupRuleId()));
        assertState(applied, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(NETWORK.rules(NetworkRules.DB_GROUP)).doesNotContain(listed);

        Action undone = RESPONDER.undo(applied);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        String restored = undone.getBlockState().getRemovedRule().getRestoredRuleId();
        assertThat(
                        NETWORK.rule(restored).toBuilder()
                                .securityGroupRuleId(listed.securityGroupRuleId())
                                .build())
                .isEqualTo(listed);
    }

    @Test
    void aRuleThatOthersAllowedAgainIsReportedAndAnIsolationsIsRefused() {
        String id = NETWORK.allowPartner();
        Action applied = RESPONDER.apply(taking(id));
        assertState(applied, ActionState.ACTION_STATE_SUCCEEDED);
        String again = NETWORK.allowPartner();

        Action undone = RESPONDER.undo(applied);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList())
                .containsExactly(
                        "in tcp 9443 from 203.0.113.0/24 was allowed again by somebody else as "
                                + again
                                + "; left so");
        SERVICE.operator()
                .createTags(r ->
                        r.resources(WEB_GROUP)
                                .tags(t -> t.key("yagura:managed").value("isolation")));
        assertThat(refused(RESPONDER.plan(taking(again))))
                .extracting(PreflightCheck::getLabel)
                .containsExactly("it is no rule of an isolation");
        SERVICE.operator()
                .deleteTags(r -> r.resources(WEB_GROUP).tags(t -> t.key("yagura:managed")));
        NETWORK.revoke(again);
        assertThatThrownBy(() -> RESPONDER.plan(taking(again)))
                .hasMessageContaining("security group rule " + again + " does not exist");
    }

    @Test
    void twoDomainsShareWhatGoesWithTheLast() {
        try (FirewallView firewall = FirewallView.of(SERVICE, VPC)) {
            Action planned = RESPONDER.plan(domain("c2.example.com"));
            assertThat(refused(planned)).isEmpty();
            assertThat(planned.getPlan().getCallsList())
                    .extracting(PlannedCall::getOperation)
                    .containsExactly(
                            "route53resolver:CreateFirewallDomainList",
                            "route53resolver:UpdateFirewallDomains",
                            "route53resolver:CreateFirewallRuleGroup",
                            "route53resolver:CreateFirewallRule",
                            "route53resolver:AssociateFirewallRuleGroup");
            assertThat(planned.getPlan().getUndoCallsList()).hasSize(5);

            Action first = RESPONDER.apply(domain("c2.example.com"));

            assertState(first, ActionState.ACTION_STATE_SUCCEEDED);
            assertThat(first.getBlockState().getBlockedDomain().getAssociationId()).isNotEmpty();
            assertThat(firewall.now())
                    .containsExactly(
                            "list COMPLETE [c2.example.com.]",
                            "group",
                            "rule BLOCK NODATA",
                            "association COMPLETE 101");
            Action second = RESPONDER.apply(domain("*.evil.example"));
            assertState(second, ActionState.ACTION_STATE_SUCCEEDED);
            assertThat(second.getCallsList()).hasSize(1);
            assertThat(check(RESPONDER.plan(domain("c2.example.com")), NO_OTHER).getOutcome())
                    .isEqualTo(CheckOutcome.CHECK_OUTCOME_REFUSED);

            assertState(RESPONDER.undo(first), ActionState.ACTION_STATE_UNDONE);

            assertThat(firewall.now())
                    .containsExactly(
                            "list COMPLETE [*.evil.example.]",
                            "group",
                            "rule BLOCK NODATA",
                            "association COMPLETE 101");

            Action undone = RESPONDER.undo(second);

            assertState(undone, ActionState.ACTION_STATE_UNDONE);
            assertThat(undone.getDriftList()).isEmpty();
            assertThat(firewall.now()).isEmpty();
        }
    }

    @Test
    void whatOthersDidInDnsFirewallIsReportedAndLeft() {
        try (FirewallView firewall = FirewallView.of(SERVICE, VPC)) {
            Action applied = RESPONDER.apply(domain("c2.example.com"));
            assertState(applied, ActionState.ACTION_STATE_SUCCEEDED);
            String listId = applied.getBlockState().getBlockedDomain().getDomainListId();
            String groupId = applied.getBlockState().getBlockedDomain().getRuleGroupId();
            firewall.allow(groupId);
            firewall.takeOut(listId, "c2.example.com");
            firewall.set(groupId, listId, "ALERT");
            assertThat(refused(RESPONDER.plan(domain("other.example.com"))))
                    .extracting(PreflightCheck::getLabel)
                    .containsExactly("the rule group is as Yagura makes it");

            Action undone = RESPONDER.undo(applied);

            assertState(undone, ActionState.ACTION_STATE_UNDONE);
            assertThat(undone.getDriftList())
                    .containsExactly(
                            "c2.example.com was taken out of " + listId + " by somebody else",
                            "others have put rules into "
                                    + groupId
                                    + ", or associated it with another VPC; it is left");
            assertThat(firewall.now())
                    .contains("rule ALLOW null", "rule ALERT null", "association COMPLETE 101");
            firewall.deleteAll(() -> SERVICE.sandbox().advance(Duration.ofSeconds(5)));
        }
    }

    @Test
    void aDomainThatHostsNeedForThePlatformIsRefused() {
        for (String needed :
                List.of(
                        "ssm.ap-northeast-1.amazonaws.com",
                        "*.amazonaws.com",
                        "gateway.example.net",
                        "*.example.net")) {
            assertThat(refused(RESPONDER.plan(domain(needed))))
                    .as(needed)
                    .extracting(PreflightCheck::getLabel)
                    .containsExactly("the platform does not need the domain");
        }
        for (String malformed : List.of("com", "*.com", "*", "evil_.example.com", "Example.com")) {
            assertThatThrownBy(() -> RESPONDER.plan(domain(malformed)))
                    .as(malformed)
                    .hasMessageContaining("is no domain with two labels or more");
        }
    }

    private static CreateActionRequest.Builder addresses(String cidr) {
        return block(BlockTarget.newBuilder().setNetworkAclId(ACL).setCidr(cidr));
    }

    private static CreateActionRequest.Builder taking(String id) {
        return block(BlockTarget.newBuilder().setSecurityGroupRuleId(id));
    }

    private static CreateActionRequest.Builder domain(String name) {
        return block(BlockTarget.newBuilder().setVpcId(VPC).setDomain(name));
    }

    private static CreateActionRequest.Builder block(BlockTarget.Builder block) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_BLOCK_INDICATOR,
                ActionTarget.newBuilder().setScope(TestService.TOKYO).setBlock(block).build());
    }

    private static void assertRefused(String cidr, String detail) {
        assertThat(refused(RESPONDER.plan(addresses(cidr))))
                .as(cidr)
                .anySatisfy(check -> {
                    assertThat(check.getDetail()).contains(detail);
                    assertThat(check.getGuard()).isEmpty();
                });
    }

    private static void assertReadOnly(long since) {
        assertThat(SERVICE.sandbox().journal(since))
                .allMatch(call ->
                        call.dryRun() || call.operation().matches("[a-z0-9]+:(Describe|Assume).*"));
    }

    private static List<PreflightCheck> refused(Action planned) {
        return planned.getPlan().getChecksList().stream()
                .filter(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED)
                .toList();
    }
}
