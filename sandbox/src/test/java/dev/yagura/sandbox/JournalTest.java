package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sandbox.control.SandboxClient;
import dev.yagura.sandbox.front.JournalEntry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.Ec2Client;

class JournalTest {
    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final Ec2Client ec2 = SANDBOX.ec2();
    private final SandboxClient control = SANDBOX.control();

    @Test
    void keepsEveryCallWithParametersCallerAndResult() {
        ec2.describeInstances(r -> r.instanceIds(Seeded.WEB));
        refused(
                () -> ec2.stopInstances(r -> r.instanceIds(Seeded.WEB).dryRun(true)),
                412,
                "DryRunOperation");

        List<JournalEntry> calls = control.journal(0);
        assertThat(calls).hasSize(2);
        assertThat(calls.getFirst().operation()).isEqualTo("ec2:DescribeInstances");
        assertThat(calls.getFirst().parameters()).containsEntry("InstanceId.1", Seeded.WEB);
        assertThat(calls.getFirst().caller()).endsWith(":user/operator");
        assertThat(calls.getFirst().result()).isEqualTo("ok");
        assertThat(calls.getLast().dryRun()).isTrue();
        assertThat(calls.getLast().applied()).isFalse();
        assertThat(control.journal(1)).containsExactly(calls.getLast());
    }

    @Test
    void namesWhatACallWidened() {
        swap(Seeded.DB_ENI, Seeded.WEB_GROUP);

        assertThat(last().widened())
                .anyMatch(text -> text.startsWith(Seeded.DB_ENI) && text.contains("0.0.0.0/0"));
        assertThat(last().beyondBaseline()).isEqualTo(last().widened());
    }

    @Test
    void restoringIsWiderThanBeforeButNotThanTheBaseline() {
        String isolation = emptyGroup();
        swap(Seeded.WEB_ENI, isolation);
        assertThat(last().widened()).isEmpty();

        swap(Seeded.WEB_ENI, Seeded.WEB_GROUP);
        assertThat(last().widened()).isNotEmpty();
        assertThat(last().beyondBaseline()).isEmpty();

        swap(Seeded.WEB_ENI, isolation);
        control.setBaseline();
        swap(Seeded.WEB_ENI, Seeded.WEB_GROUP);
        assertThat(last().beyondBaseline()).isNotEmpty();
    }

    @Test
    void aNarrowerRuleForTheSameTrafficWidensNothing() {
        String controlPath = emptyGroup();
        ec2.authorizeSecurityGroupEgress(r ->
                r.groupId(controlPath)
                        .ipPermissions(p ->
                                p.ipProtocol("tcp")
                                        .fromPort(443)
                                        .toPort(443)
                                        .userIdGroupPairs(g -> g.groupId(Seeded.ENDPOINT_GROUP))));

        for (String eni :
                List.of(Seeded.WEB_ENI, Seeded.APP_FRONT_ENI, Seeded.APP_BACK_ENI, Seeded.DB_ENI)) {
            swap(eni, controlPath);
            assertThat(last().widened()).as(eni).isEmpty();
        }
        assertThat(control.probe("db-1", "endpoint:ssm", 443).allowed()).isTrue();
        assertThat(control.probe("app-1", Seeded.C2, 443).allowed()).isFalse();
    }

    private String emptyGroup() {
        String id =
                ec2.createSecurityGroup(
                                r -> r.groupName("empty").description("x").vpcId(Seeded.VPC))
                        .groupId();
        List<String> rules =
                ec2
                        .describeSecurityGroupRules(
                                r -> r.filters(f -> f.name("group-id").values(id)))
                        .securityGroupRules()
                        .stream()
                        .map(rule -> rule.securityGroupRuleId())
                        .toList();
        ec2.revokeSecurityGroupEgress(r -> r.groupId(id).securityGroupRuleIds(rules));
        return id;
    }

    private void swap(String eni, String group) {
        ec2.modifyNetworkInterfaceAttribute(r -> r.networkInterfaceId(eni).groups(group));
    }

    private JournalEntry last() {
        return control.journal(0).getLast();
    }
}
