package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.BlockTarget;
import dev.yagura.response.FirewallView;
import dev.yagura.response.TestService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.model.NetworkAclEntry;
import software.amazon.awssdk.services.ec2.model.RuleAction;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;

/** block_indicator with runners that die, answers that are lost, calls that are throttled. */
class InterruptedBlockTest {
    @RegisterExtension
    static final IdleService IDLE =
            IdleService.with(
                    Map.of("yagura.response.block.poll", "PT0.001S"), Duration.ofSeconds(3));

    private static final TestService SERVICE = IDLE.service();
    private static final String ACL = "acl-01f7dd7da68e5594a";
    private static final String VPC = "vpc-0dfc69755784eaab6";
    private static final String DB_GROUP = "sg-098fa258f4629c194";
    private static final String CREATE = "ec2:CreateNetworkAclEntry";
    private static final String DELETE = "ec2:DeleteNetworkAclEntry";
    private static final List<String> FIREWALL =
            List.of(
                    "route53resolver:CreateFirewallDomainList",
                    "route53resolver:UpdateFirewallDomains",
                    "route53resolver:CreateFirewallRuleGroup",
                    "route53resolver:CreateFirewallRule",
                    "route53resolver:AssociateFirewallRuleGroup",
                    "route53resolver:DisassociateFirewallRuleGroup",
                    "route53resolver:DeleteFirewallRule",
                    "route53resolver:DeleteFirewallRuleGroup",
                    "route53resolver:DeleteFirewallDomainList");

    @Test
    void deniedAddressesSurviveAKillAtEveryStepAndLostReplies() throws Exception {
        IDLE.backToTheSeed();
        List<NetworkAclEntry> before = entries();
        IDLE.dieAtEveryStep(
                () -> {
                    UUID id =
                            IDLE.create(
                                    ActionKind.ACTION_KIND_BLOCK_INDICATOR,
                                    addresses("203.0.113.66"));
                    loseReplyBehindDryRuns(CREATE, 2);
                    return id;
                },
                id -> {
                    IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
                    assertThat(entries()).hasSize(before.size() + 2);
                    SERVICE.sandbox().loseReply(DELETE);
                },
                id -> {
                    assertThat(IDLE.ended(id, ActionState.ACTION_STATE_UNDONE).getDriftList())
                            .isEmpty();
                    assertThat(entries()).isEqualTo(before);
                });
    }

    @Test
    void aNumberThatSomebodyTookMeanwhileIsLeftToThem() {
        UUID id = IDLE.create(ActionKind.ACTION_KIND_BLOCK_INDICATOR, addresses("203.0.113.66"));
        // Begun, and not sent: for all that the action can know, it may have been.
        assertThat(IDLE.runners().killAt(1, true)).isTrue();
        deny(1, "192.0.2.0/24");
        IDLE.runners().runToTheEnd();

        Action blocked = IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(blocked.getBlockState().getDenyEntriesList())
                .extracting(each -> each.getRuleNumber())
                .containsExactly(2, 1);
        IDLE.undo(id);
        IDLE.runners().runToTheEnd();
        assertThat(IDLE.ended(id, ActionState.ACTION_STATE_UNDONE).getDriftList())
                .singleElement()
                .asString()
                .contains("192.0.2.0/24");
        assertThat(entries())
                .extracting(NetworkAclEntry::cidrBlock)
                .contains("192.0.2.0/24")
                .doesNotContain("203.0.113.66/32");
    }

    @Test
    void aRuleTakenAwaySurvivesAKillAtEveryStepAndLostReplies() throws Exception {
        String revoke = "ec2:RevokeSecurityGroupIngress";
        String authorize = "ec2:AuthorizeSecurityGroupIngress";
        IDLE.dieAtEveryStep(
                () -> {
                    UUID id =
                            IDLE.create(
                                    ActionKind.ACTION_KIND_BLOCK_INDICATOR,
                                    target(
                                            BlockTarget.newBuilder()
                                                    .setSecurityGroupRuleId(
                                                            ingress().securityGroupRuleId())));
                    loseReplyBehindDryRuns(revoke, 1);
                    SERVICE.sandbox().throttle("ec2:DescribeSecurityGroupRules", 2);
                    return id;
                },
                id -> {
                    IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
                    assertThat(rules()).noneMatch(each -> !each.isEgress());
                    SERVICE.sandbox().loseReply(authorize);
                },
                id -> {
                    Action undone = IDLE.ended(id, ActionState.ACTION_STATE_UNDONE);
                    assertThat(undone.getDriftList()).isEmpty();
                    assertThat(ingress().securityGroupRuleId())
                            .isEqualTo(undone.getBlockState().getRemovedRule().getRestoredRuleId());
                });
    }

    /** Each step is a call, or an id that is written down. */
    @ParameterizedTest
    @ValueSource(ints = {2, 5, 9})
    void aBlockedDomainSurvivesKillsAndLostReplies(int step) {
        try (FirewallView firewall = FirewallView.of(SERVICE, VPC)) {
            UUID id =
                    IDLE.create(
                            ActionKind.ACTION_KIND_BLOCK_INDICATOR,
                            target(
                                    BlockTarget.newBuilder()
                                            .setVpcId(VPC)
                                            .setDomain("c2.example.com")));
            FIREWALL.stream().skip(step % 2).forEach(SERVICE.sandbox()::loseReply);
            SERVICE.sandbox().throttle("route53resolver:ListFirewallRules", 2);

            assertThat(IDLE.runners().killAt(step, true)).isTrue();
            IDLE.runners().killAt(step - 1, false);
            IDLE.runners().runToTheEnd();
            IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
            assertThat(firewall.now())
                    .containsExactly(
                            "list COMPLETE [c2.example.com.]",
                            "group",
                            "rule BLOCK NODATA",
                            "association COMPLETE 101");

            IDLE.undo(id);
            assertThat(IDLE.runners().killAt(step, false)).isTrue();
            IDLE.runners().killAt(step - 1, true);
            IDLE.runners().runToTheEnd();
            assertThat(IDLE.ended(id, ActionState.ACTION_STATE_UNDONE).getDriftList()).isEmpty();
            assertThat(firewall.now()).isEmpty();
        }
    }

    /** The plan is made once more before the first change, and asks for each call. */
    private static void loseReplyBehindDryRuns(String operation, int dryRuns) {
        SERVICE.sandbox()
                .planFault(Map.of("operation", operation, "kind", "lost-reply", "skip", dryRuns));
    }

    private static ActionTarget addresses(String cidr) {
        return target(BlockTarget.newBuilder().setNetworkAclId(ACL).setCidr(cidr));
    }

    private static ActionTarget target(BlockTarget.Builder block) {
        return ActionTarget.newBuilder().setScope(TestService.TOKYO).setBlock(block).build();
    }

    private static void deny(int number, String cidr) {
        SERVICE.operator()
                .createNetworkAclEntry(r ->
                        r.networkAclId(ACL)
                                .ruleNumber(number)
                                .egress(false)
                                .protocol("-1")
                                .ruleAction(RuleAction.DENY)
                                .cidrBlock(cidr));
    }

    private static List<NetworkAclEntry> entries() {
        return SERVICE.operator()
                .describeNetworkAcls(r -> r.networkAclIds(ACL))
                .networkAcls()
                .getFirst()
                .entries();
    }

    private static SecurityGroupRule ingress() {
        return rules().stream().filter(each -> !each.isEgress()).findFirst().orElseThrow();
    }

    private static List<SecurityGroupRule> rules() {
        return SERVICE.operator()
                .describeSecurityGroupRules(
                        r -> r.filters(f -> f.name("group-id").values(DB_GROUP)))
                .securityGroupRules();
    }
}
