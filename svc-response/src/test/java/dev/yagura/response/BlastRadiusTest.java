package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetEdge;
import dev.yagura.proto.inventory.v1.AssetGraph;
import dev.yagura.proto.inventory.v1.AssetNode;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.OmittedNeighbours;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.AffectedAsset;
import dev.yagura.proto.response.v1.AffectedGroup;
import dev.yagura.proto.response.v1.AffectedRelation;
import dev.yagura.proto.response.v1.BlastRadius;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.TaskTarget;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a plan says of the inventory's graph, over gRPC, and that it can do without. */
class BlastRadiusTest {
    @RegisterExtension
    static final TestService SERVICE =
            TestService.with(
                    Map.of(
                            "yagura.response.client.inventory.deadline",
                            "PT20S",
                            "yagura.response.action.two-person-kinds",
                            "isolate_instance,deny_principal"));

    private static final TestResponder RESPONDER = TestResponder.of(SERVICE);

    private static final String INSTANCE = "AWS::EC2::Instance";
    private static final String FUNCTION = "AWS::Lambda::Function";
    private static final String PROFILE = "AWS::IAM::InstanceProfile";
    private static final String ROLE = "AWS::IAM::Role";
    private static final String TASK = "AWS::ECS::Task";
    private static final String SCALING_GROUP = "AWS::AutoScaling::AutoScalingGroup";
    private static final String TARGET_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup";

    @BeforeEach
    void forgetAll() {
        SERVICE.inventory().clear();
        SERVICE.postgres().execute("DELETE FROM action");
    }

    @Test
    void planOfIsolationSaysWhoseItIsAndWhatServesThroughIt() {
        SERVICE.inventory()
                .draw(
                        TestService.WEB,
                        AssetGraph.newBuilder()
                                .addNodes(
                                        node(INSTANCE, TestService.WEB, "web-1")
                                                .setAsset(
                                                        asset("web-1")
                                                                .setOwner("shop")
                                                                .setCriticality("high")))
                                .addNodes(node(SCALING_GROUP, "web", "web"))
                                .addNodes(node(TARGET_GROUP, "arn:tg/web", ""))
                                .addEdges(edge(1, 0))
                                .addEdges(edge(1, 2))
                                .build());

        BlastRadius radius = radius(ActionKind.ACTION_KIND_ISOLATE_INSTANCE, web());

        assertThat(radius.getUnknownReason()).isEmpty();
        assertThat(radius.getSummary())
                .isEqualTo(
                        "web-1: criticality high, owner shop, environment not known; scaled by 1"
                                + " Auto Scaling group (web); gets requests from 1 target group"
                                + " (arn:tg/web)");
        assertThat(radius.getGroupsList())
                .extracting(AffectedGroup::getRelation)
                .containsExactly(
                        AffectedRelation.AFFECTED_RELATION_SCALES,
                        AffectedRelation.AFFECTED_RELATION_SENDS_REQUESTS);
        assertThat(SERVICE.inventory().lastAsked().getStart().getScope())
                .isEqualTo(TestService.TOKYO);
    }

    @Test
    void planOfRevocationSaysWhoElseHasTheRole() {
        AssetGraph.Builder graph =
                AssetGraph.newBuilder()
                        .addNodes(node(ROLE, "AROA1", "app-instance"))
                        .addNodes(
                                node(PROFILE, "arn:p/app", "")
                                        .addOmitted(
                                                OmittedNeighbours.newBuilder()
                                                        .setResourceType(INSTANCE)
                                                        .setCount(7)))
                        .addNodes(
                                node(FUNCTION, "mail", "mail")
                                        .setAsset(asset("mail").setCriticality("critical")))
                        .addNodes(
                                node(FUNCTION, "old", "old")
                                        .setAsset(
                                                asset("old")
                                                        .setState(
                                                                AssetState.ASSET_STATE_TOMBSTONE)))
                        .addEdges(edge(0, 1))
                        .addEdges(edge(2, 0))
                        .addEdges(edge(3, 0));
        graph.addNodes(node(TASK, "arn:aws:ecs:r:a:task/shop/1", "")).addEdges(edge(4, 0));
        for (int i = 0; i < 25; i++) {
            graph.addNodes(node(INSTANCE, "i-" + i, "app-" + i)).addEdges(edge(5 + i, 1));
        }
        SERVICE.inventory().draw("app-instance", graph.build());

        BlastRadius radius =
                radius(
                        ActionKind.ACTION_KIND_REVOKE_ROLE_SESSIONS,
                        target().setRoleName("app-instance").build());

        assertThat(radius.getSummary())
                .isEqualTo(
                        "app-instance is that of 32 instances (app-0, app-1, app-2, …), 1 function"
                                + " (mail of criticality critical), 1 task (shop/1)");
        assertThat(radius.getGroups(0).getCount()).isEqualTo(32);
        assertThat(radius.getGroups(0).getAssetsList()).hasSize(20);
        assertThat(radius.getGroups(1).getAssetsList())
                .extracting(AffectedAsset::getLabel)
                .containsExactly("mail");
    }

    @Test
    void planOfContainmentNamesTheOthersOnly() {
        AssetGraph around =
                AssetGraph.newBuilder()
                        .addNodes(node(INSTANCE, TestService.APP, "app-1"))
                        .addNodes(AssetNode.newBuilder().setResourceType(PROFILE).setNativeId("p"))
                        .addNodes(node(ROLE, "AROA1", "app-instance"))
                        .addNodes(node(INSTANCE, TestService.DB, "db-1"))
                        .addEdges(edge(0, 1))
                        .addEdges(edge(2, 1))
                        .addEdges(edge(3, 1))
                        .build();
        SERVICE.inventory().draw(TestService.APP, around);

        assertThat(
                        radius(
                                        ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION,
                                        TestService.target(TestService.APP))
                                .getSummary())
                .isEqualTo(
                        "app-1: criticality not known, owner not known, environment not known;"
                                + " app-instance is also that of 1 instance (db-1)");
    }

    @Test
    void planOfATaskNamesTheTasksThatHaveItsRoleAndNotThoseOfItsHost() {
        String task;
        try (TestTasks tasks = new TestTasks(SERVICE)) {
            task = tasks.of("front").getFirst();
        }
        String prefix = "arn:aws:ecs:ap-northeast-1:111122223333:task/shop/";
        SERVICE.inventory()
                .draw(
                        prefix + task,
                        AssetGraph.newBuilder()
                                .addNodes(node(TASK, prefix + task, ""))
                                .addNodes(node(ROLE, "AROA1", "shop-front-task"))
                                .addNodes(node(TASK, prefix + "other", ""))
                                .addNodes(node(INSTANCE, TestService.APP, "app-1"))
                                .addNodes(node(ROLE, "AROA2", "app-instance"))
                                .addNodes(node(FUNCTION, "mail", "mail"))
                                .addEdges(edge(0, 1))
                                .addEdges(edge(2, 1))
                                .addEdges(edge(0, 3))
                                .addEdges(edge(3, 4))
                                .addEdges(edge(5, 4))
                                .build());

        BlastRadius radius =
                radius(
                        ActionKind.ACTION_KIND_CONTAIN_TASK,
                        target().setTask(
                                        TaskTarget.newBuilder()
                                                .setCluster(TestTasks.CLUSTER)
                                                .setTask(task))
                                .build());

        assertThat(radius.getSummary())
                .isEqualTo(
                        "shop/"
                                + task
                                + ": criticality not known, owner not known, environment not known;"
                                + " shop-front-task is also that of 1 task (shop/other)");
    }

    @Test
    void whoApprovesReadsItInTheReason() {
        SERVICE.inventory()
                .draw(
                        TestService.WEB,
                        AssetGraph.newBuilder()
                                .addNodes(
                                        node(INSTANCE, TestService.WEB, "web-1")
                                                .setAsset(asset("web-1").setCriticality("high")))
                                .build());

        Action waiting = RESPONDER.create(request(ActionKind.ACTION_KIND_ISOLATE_INSTANCE, web()));

        assertThat(waiting.getState()).isEqualTo(ActionState.ACTION_STATE_AWAITING_APPROVAL);
        assertThat(waiting.getStateReason())
                .contains("another one must approve", "; web-1: criticality high, owner not known");
        assertThat(waiting.getPlan().getBlastRadius().getTarget().getLabel()).isEqualTo("web-1");
    }

    @Test
    void withoutTheInventoryThePlanSaysSoAndNothingWaitsForIt() {
        assertThat(radius(ActionKind.ACTION_KIND_ISOLATE_INSTANCE, web()).getUnknownReason())
                .isEqualTo("the inventory does not have " + TestService.WEB);

        SERVICE.inventory().setAway(true);
        Action action =
                RESPONDER.apply(
                        request(
                                ActionKind.ACTION_KIND_REVOKE_ROLE_SESSIONS,
                                target().setRoleName("app-instance").build()));

        ActionOutcome.assertState(action, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(action.getPlan().getBlastRadius())
                .isEqualTo(
                        BlastRadius.newBuilder()
                                .setUnknownReason("svc-inventory is not available now; try again")
                                .setSummary(
                                        "what depends on it is not known: svc-inventory is not"
                                                + " available now; try again")
                                .build());
        RESPONDER.undone(action);
    }

    @Test
    void anAnswerThatMakesNoSenseIsNone() {
        SERVICE.inventory()
                .draw(
                        TestService.WEB,
                        AssetGraph.newBuilder()
                                .addNodes(node(INSTANCE, TestService.WEB, "web-1"))
                                .addEdges(edge(0, -1))
                                .build());

        assertThat(radius(ActionKind.ACTION_KIND_ISOLATE_INSTANCE, web()).getUnknownReason())
                .contains("svc-inventory");
    }

    @Test
    void nothingIsAskedForWhatCutsOffNeitherInstanceNorRole() {
        Action planned =
                RESPONDER.plan(
                        request(
                                ActionKind.ACTION_KIND_DENY_PRINCIPAL,
                                target().setPrincipalArn("arn:aws:iam::111122223333:user/deploy")
                                        .build()));

        assertThat(planned.getPlan().hasBlastRadius()).isFalse();
    }

    private static BlastRadius radius(ActionKind kind, ActionTarget target) {
        return RESPONDER.plan(request(kind, target)).getPlan().getBlastRadius();
    }

    private static CreateActionRequest.Builder request(ActionKind kind, ActionTarget target) {
        return TestResponder.request(kind, target);
    }

    private static ActionTarget web() {
        return TestService.target(TestService.WEB);
    }

    private static ActionTarget.Builder target() {
        return ActionTarget.newBuilder().setScope(TestService.TOKYO);
    }

    private static Asset.Builder asset(String name) {
        return Asset.newBuilder().setName("assets/" + name).putTags("Name", name);
    }

    private static AssetNode.Builder node(String type, String id, String name) {
        return AssetNode.newBuilder()
                .setResourceType(type)
                .setNativeId(id)
                .setAsset(Asset.newBuilder().setName("assets/" + id).putTags("Name", name));
    }

    private static AssetEdge edge(int source, int target) {
        return AssetEdge.newBuilder().setSource(source).setTarget(target).setName("Names").build();
    }
}
