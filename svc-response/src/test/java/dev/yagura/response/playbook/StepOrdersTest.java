package dev.yagura.response.playbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.EradicationTarget;
import dev.yagura.proto.response.v1.FunctionTarget;
import dev.yagura.proto.response.v1.InvocationTarget;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.proto.response.v1.PodTarget;
import dev.yagura.proto.response.v1.TaskTarget;
import dev.yagura.proto.type.v1.Scope;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What steps ask for that are on no instance, or on more than one. */
class StepOrdersTest {
    private static final Scope TOKYO =
            Scope.newBuilder()
                    .setPartition("aws")
                    .setAccountId("111122223333")
                    .setRegion("ap-northeast-1")
                    .build();
    private static final Incident INCIDENT =
            Incident.newBuilder().setName("incidents/1").setScope(TOKYO).build();

    private static final PlaybookSpec SPEC =
            PlaybookSource.read(
                    """
                    id: shop
                    title: For tests
                    steps:
                      - id: function
                        action: contain_function
                        with:
                          function.name: "'shop-order'"
                          function.deny_shared_role: "true"
                      - id: task
                        action: contain_task
                        with:
                          task.cluster: "'shop'"
                          task.task: "'0123456789abcdef0123456789abcdef'"
                      - id: pod
                        action: contain_pod
                        with:
                          pod.cluster: "'shop'"
                          pod.namespace: "'shop'"
                          pod.name: "'web-7d4b9c-x2x5q'"
                          pod.uid: "'0198f0c2-7e57-4000-8000-000000000007'"
                      - id: restore
                        action: invoke_lambda
                        with:
                          invocation.name: "'shop-restore'"
                          invocation.payload: "'{\\"incident\\": \\"' + incident.name + '\\"}'"
                      - id: wrong
                        action: invoke_lambda
                        with:
                          invocation.name: "'shop-restore'"
                          invocation.payload: "'{'"
                      - id: clean
                        action: eradicate
                        with:
                          instance_id: "'i-0123456789abcdef0'"
                          eradication.units: "['miner.service']"
                          eradication.access_key_ids: "['AKIAIOSFODNN7EXAMPLE']"
                      - id: session
                        action: eradicate
                        with:
                          instance_id: "'i-0123456789abcdef0'"
                          eradication.units: "['miner.service']"
                          eradication.access_key_ids: "['ASIAIOSFODNN7EXAMPLE']"
                    """);

    @Test
    void functionsTasksAndPodsAreNamedByTheirFields() throws Exception {
        assertThat(target(0))
                .isEqualTo(
                        ActionTarget.newBuilder()
                                .setScope(TOKYO)
                                .setFunction(
                                        FunctionTarget.newBuilder()
                                                .setName("shop-order")
                                                .setDenySharedRole(true))
                                .build());
        assertThat(target(1).getTask())
                .isEqualTo(
                        TaskTarget.newBuilder()
                                .setCluster("shop")
                                .setTask("0123456789abcdef0123456789abcdef")
                                .build());
        assertThat(target(2))
                .isEqualTo(
                        ActionTarget.newBuilder()
                                .setScope(TOKYO)
                                .setPod(
                                        PodTarget.newBuilder()
                                                .setCluster("shop")
                                                .setNamespace("shop")
                                                .setName("web-7d4b9c-x2x5q")
                                                .setUid("0198f0c2-7e57-4000-8000-000000000007"))
                                .build());
        assertThat(target(3).getInvocation())
                .isEqualTo(
                        InvocationTarget.newBuilder()
                                .setName("shop-restore")
                                .setPayload("{\"incident\": \"incidents/1\"}")
                                .build());
        assertThatThrownBy(() -> target(4))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("target.invocation.payload");
    }

    @Test
    void findingsOfAHostComeWithAccessKeys() throws Exception {
        assertThat(target(5).getEradication())
                .isEqualTo(
                        EradicationTarget.newBuilder()
                                .addUnits("miner.service")
                                .addAccessKeyIds("AKIAIOSFODNN7EXAMPLE")
                                .build());
        assertThatThrownBy(() -> target(6))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("target.eradication.access_key_ids");
    }

    private static ActionTarget target(int step) throws Exception {
        PlaybookRun run = PlaybookRun.newBuilder().setSpec(SPEC).setSnapshot(INCIDENT).build();
        return StepOrders.of(run, SPEC.getSteps(step), new Expressions.Scope(INCIDENT, Map.of()))
                .target();
    }
}
