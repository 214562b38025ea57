package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.cli.action.ActionReport;
import dev.yagura.cli.incident.ReachText;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.HostReach;
import dev.yagura.proto.detection.v1.IncidentReach;
import dev.yagura.proto.detection.v1.ReachGroup;
import dev.yagura.proto.detection.v1.ReachKind;
import dev.yagura.proto.detection.v1.ReachedAsset;
import dev.yagura.proto.response.v1.AffectedAsset;
import dev.yagura.proto.response.v1.AffectedGroup;
import dev.yagura.proto.response.v1.AffectedRelation;
import dev.yagura.proto.response.v1.BlastRadius;
import dev.yagura.proto.response.v1.Plan;
import org.junit.jupiter.api.Test;

class ReachTextTest {
    @Test
    void reachIsOneLineForEachResourceUnderTheWayToIt() {
        IncidentReach reach =
                IncidentReach.newBuilder()
                        .addHosts(
                                HostReach.newBuilder()
                                        .setHost(
                                                AssetSnapshot.newBuilder()
                                                        .setHostname("app-1")
                                                        .setInstanceId("i-a")
                                                        .setCriticality("high"))
                                        .addGroups(
                                                ReachGroup.newBuilder()
                                                        .setKind(ReachKind.REACH_KIND_SHARES_ROLE)
                                                        .setResourceType("AWS::EC2::Instance")
                                                        .addThrough("app")
                                                        .setCount(3)
                                                        .addAssets(
                                                                ReachedAsset.newBuilder()
                                                                        .setLabel("db-1")
                                                                        .setNativeId("i-b")
                                                                        .setOwner("shop"))))
                        .addHosts(
                                HostReach.newBuilder()
                                        .setHost(
                                                AssetSnapshot.newBuilder()
                                                        .setHostname("laptop")
                                                        .setHostId("h-1"))
                                        .setUnknownReason("svc-inventory is not available"))
                        .build();

        assertThat(ReachText.lines(reach))
                .containsExactly(
                        "from app-1 i-a: criticality high",
                        "  shares role (app): 3 AWS::EC2::Instance",
                        "    db-1 i-b: owner shop (no agent)",
                        "    and 2 more",
                        "from laptop h-1",
                        "  not known: svc-inventory is not available");
    }

    @Test
    void planSaysWhatDependsOnItsTarget() {
        Plan plan =
                Plan.newBuilder()
                        .setBlastRadius(
                                BlastRadius.newBuilder()
                                        .setSummary("app is that of 1 function (mail)")
                                        .addGroups(
                                                AffectedGroup.newBuilder()
                                                        .setRelation(
                                                                AffectedRelation
                                                                        .AFFECTED_RELATION_SHARES_ROLE)
                                                        .setResourceType("AWS::Lambda::Function")
                                                        .setCount(1)
                                                        .addAssets(
                                                                AffectedAsset.newBuilder()
                                                                        .setLabel("mail")
                                                                        .setNativeId("mail"))))
                        .build();

        assertThat(ActionReport.plan(plan))
                .contains(
                        "what depends on it: app is that of 1 function (mail)",
                        "  shares role: 1 AWS::Lambda::Function",
                        "    mail");
    }
}
