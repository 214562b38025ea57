package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.sandbox.control.SandboxClient;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.InstancePatchState;
import software.amazon.awssdk.services.ssm.model.PatchOperationType;

class PatchStatesTest {
    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final SsmClient ssm = SANDBOX.ssm();
    private final SandboxClient control = SANDBOX.control();

    @Test
    void saysWhatTheLastScanFoundAndNothingOfOthers() {
        control.setMissingPatches("web-1", 5, 1, 2, Duration.ofHours(3));
        control.forgetPatches("app-1");
        assertThat(
                        ssm.describeInstancePatchStates(
                                        r -> r.instanceIds(Seeded.WEB, "i-00000000000000000"))
                                .instancePatchStates())
                .singleElement()
                .satisfies(state -> {
                    assertThat(state.instanceId()).isEqualTo(Seeded.WEB);
                    assertThat(state.operation()).isEqualTo(PatchOperationType.SCAN);
                    assertThat(state.missingCount()).isEqualTo(5);
                    assertThat(state.criticalNonCompliantCount()).isEqualTo(1);
                    assertThat(state.securityNonCompliantCount()).isEqualTo(2);
                    assertThat(state.operationStartTime()).isBefore(state.operationEndTime());
                });
        assertThat(
                        ssm.describeInstancePatchStates(r -> r.instanceIds(Seeded.APP))
                                .instancePatchStates())
                .extracting(InstancePatchState::instanceId)
                .isEmpty();
    }

    @Test
    void refusesWhatAwsRefuses() {
        refused(
                () ->
                        ssm.describeInstancePatchStates(r ->
                                r.instanceIds(
                                        IntStream.range(0, 51)
                                                .mapToObj("i-0%016x"::formatted)
                                                .toList())),
                "ValidationException");
        refused(
                () -> ssm.describeInstancePatchStates(r -> r.instanceIds("web-1")),
                "ValidationException");
        refused(
                () -> ssm.describeInstancePatchStates(r -> r.instanceIds(Seeded.WEB).maxResults(9)),
                "ValidationException");
        assertThatThrownBy(() -> control.setMissingPatches("web-1", 1, 2, 0, Duration.ZERO))
                .hasMessageContaining("at most 1");
    }
}
