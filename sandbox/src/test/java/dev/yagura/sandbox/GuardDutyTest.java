package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.guardduty.GuardDutyClient;
import software.amazon.awssdk.services.guardduty.model.DetectorFeatureConfigurationResult;
import software.amazon.awssdk.services.guardduty.model.DetectorStatus;
import software.amazon.awssdk.services.guardduty.model.FeatureStatus;

/** GuardDuty's detector: one, what of it is on, and what is refused. */
class GuardDutyTest {
    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    @Test
    void detectorIsToldWithItsFeaturesUntilItIsGone() {
        try (GuardDutyClient client = client(SandboxExtension.OPERATOR)) {
            String id = client.listDetectors(r -> {}).detectorIds().getFirst();
            assertThat(id).matches("[0-9a-f]{32}");
            SANDBOX.control()
                    .turnGuardDutyFeature("RUNTIME_MONITORING/ECS_FARGATE_AGENT_MANAGEMENT", true);
            SANDBOX.control().changeGuardDuty("DISABLED");
            var found = client.getDetector(r -> r.detectorId(id));
            assertThat(found.status()).isEqualTo(DetectorStatus.DISABLED);
            DetectorFeatureConfigurationResult runtime =
                    found.features().stream()
                            .filter(each -> each.nameAsString().equals("RUNTIME_MONITORING"))
                            .findFirst()
                            .orElseThrow();
            assertThat(runtime.status()).isEqualTo(FeatureStatus.DISABLED);
            assertThat(runtime.additionalConfiguration())
                    .anyMatch(each ->
                            each.nameAsString().equals("ECS_FARGATE_AGENT_MANAGEMENT")
                                    && each.status() == FeatureStatus.ENABLED);

            refused(() -> client.getDetector(r -> r.detectorId("a")), "BadRequestException");
            refused(() -> client.listDetectors(r -> r.maxResults(51)), "BadRequestException");
            SANDBOX.control().changeGuardDuty("NONE");
            assertThat(client.listDetectors(r -> {}).detectorIds()).isEmpty();
            refused(() -> client.getDetector(r -> r.detectorId(id)), "BadRequestException");
        }
        assertThatThrownBy(() -> SANDBOX.control().changeGuardDuty("ASLEEP"))
                .hasMessageContaining("ENABLED, DISABLED or NONE");
    }

    @Test
    void whoMayNotAskIsRefused() {
        try (GuardDutyClient client = client(SandboxExtension.VIEWER)) {
            refused(() -> client.listDetectors(r -> {}), 403, "AccessDeniedException");
        }
    }

    private static GuardDutyClient client(AwsCredentials who) {
        return SANDBOX.client(GuardDutyClient.builder(), who, Region.of(Seeded.REGION));
    }
}
