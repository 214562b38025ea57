package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.config.model.ConfigurationRecorder;
import software.amazon.awssdk.services.config.model.ConfigurationRecorderStatus;
import software.amazon.awssdk.services.config.model.RecorderStatus;
import software.amazon.awssdk.services.config.model.RecordingGroup;
import software.amazon.awssdk.services.config.model.RecordingStrategyType;

/** Every way in which AWS Config can be told what to record. */
class ConfigRecordersTest {
    private static final String VOLUME = "AWS::EC2::Volume";
    private static final String ROLE = "AWS::IAM::Role";
    private static final ConfigurationRecorderStatus RUNNING =
            ConfigurationRecorderStatus.builder()
                    .name("default")
                    .recording(true)
                    .lastStatus(RecorderStatus.SUCCESS)
                    .build();

    @Test
    void allSupportedTypesAreAllButGlobalOnesUnlessAskedFor() {
        assertThat(records(VOLUME, group -> group.allSupported(true))).isTrue();
        assertThat(records(ROLE, group -> group.allSupported(true))).isFalse();
        assertThat(
                        records(
                                ROLE,
                                group -> group.allSupported(true).includeGlobalResourceTypes(true)))
                .isTrue();
        assertThat(records(VOLUME, group -> strategy(group, "ALL_SUPPORTED_RESOURCE_TYPES")))
                .isTrue();
        assertThat(records(ROLE, group -> strategy(group, "ALL_SUPPORTED_RESOURCE_TYPES")))
                .isFalse();
    }

    @Test
    void listedTypesAreThose() {
        assertThat(
                        records(
                                VOLUME,
                                group ->
                                        strategy(group, "INCLUSION_BY_RESOURCE_TYPES")
                                                .resourceTypesWithStrings(ROLE)))
                .isFalse();
        assertThat(records(ROLE, group -> group.resourceTypesWithStrings(ROLE))).isTrue();
    }

    @Test
    void excludedTypesAreTheOnlyOnesMissing() {
        Consumer<RecordingGroup.Builder> allButVolumes =
                group ->
                        strategy(group, "EXCLUSION_BY_RESOURCE_TYPES")
                                .exclusionByResourceTypes(
                                        exclusion -> exclusion.resourceTypesWithStrings(VOLUME));
        assertThat(records(VOLUME, allButVolumes)).isFalse();
        assertThat(records(ROLE, allButVolumes)).isTrue();
    }

    @Test
    void recorderThatIsMissingOrStoppedOrFailsRecordsNothingAndTheReasonSaysWhatToDo() {
        assertThat(reason(List.of(), List.of())).contains("create one that records " + VOLUME);
        var recorder = recorder(group -> group.allSupported(true));
        assertThat(reason(List.of(recorder), List.of())).contains("default is stopped; start it");
        assertThat(reason(List.of(recorder), List.of(RUNNING.toBuilder().recording(false).build())))
                .contains("is stopped");
        assertThat(
                        reason(
                                List.of(recorder),
                                List.of(
                                        RUNNING.toBuilder()
                                                .lastStatus(RecorderStatus.FAILURE)
                                                .lastErrorMessage("no role")
                                                .build())))
                .contains("fails; repair it: no role");
        assertThat(
                        reason(
                                List.of(recorder(group -> group.resourceTypesWithStrings(ROLE))),
                                List.of(RUNNING)))
                .contains("does not record AWS::EC2::Volume; add it");
    }

    private static boolean records(String type, Consumer<RecordingGroup.Builder> group) {
        return ConfigRecorders.coverage(type, List.of(recorder(group)), List.of(RUNNING))
                instanceof Coverage.Recorded;
    }

    private static String reason(
            List<ConfigurationRecorder> recorders, List<ConfigurationRecorderStatus> statuses) {
        return ((Coverage.NotRecorded) ConfigRecorders.coverage(VOLUME, recorders, statuses))
                .reason();
    }

    private static ConfigurationRecorder recorder(Consumer<RecordingGroup.Builder> group) {
        return ConfigurationRecorder.builder().name("default").recordingGroup(group).build();
    }

    private static RecordingGroup.Builder strategy(RecordingGroup.Builder group, String useOnly) {
        return group.recordingStrategy(
                strategy -> strategy.useOnly(RecordingStrategyType.fromValue(useOnly)));
    }
}
