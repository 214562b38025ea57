package dev.yagura.inventory.reconcile;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.config.model.ConfigurationRecorder;
import software.amazon.awssdk.services.config.model.ConfigurationRecorderStatus;
import software.amazon.awssdk.services.config.model.RecordingGroup;
import software.amazon.awssdk.services.config.model.RecordingStrategyType;

/** What the configuration recorders of an account and region record. */
final class ConfigRecorders {
    /** Recorded by "all supported types" only when global types are asked for. */
    private static final Set<String> GLOBAL =
            Set.of("AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User");

    private ConfigRecorders() {}

    static Coverage coverage(
            String resourceType,
            List<ConfigurationRecorder> recorders,
            List<ConfigurationRecorderStatus> statuses) {
        String reason = "AWS Config has no recorder here; create one that records " + resourceType;
        for (ConfigurationRecorder recorder : recorders) {
            Optional<String> problem = problem(resourceType, recorder, statuses);
            if (problem.isEmpty()) {
                return new Coverage.Recorded();
            }
            reason = "recorder " + recorder.name() + " " + problem.get();
        }
        return new Coverage.NotRecorded(reason);
    }

    private static Optional<String> problem(
            String resourceType,
            ConfigurationRecorder recorder,
            List<ConfigurationRecorderStatus> statuses) {
        Optional<ConfigurationRecorderStatus> status =
                statuses.stream().filter(each -> recorder.name().equals(each.name())).findFirst();
        if (!status.map(each -> Boolean.TRUE.equals(each.recording())).orElse(false)) {
            return Optional.of("is stopped; start it");
        }
        // The SDK has the word as Failure, examples of AWS in capitals.
        if ("failure".equalsIgnoreCase(status.get().lastStatusAsString())) {
            return Optional.of("fails; repair it: " + status.get().lastErrorMessage());
        }
        return records(recorder.recordingGroup(), resourceType)
                ? Optional.empty()
                : Optional.of("does not record %s; add it".formatted(resourceType));
    }

    /** As RecordingGroup of AWS Config's API describes the strategies. */
    private static boolean records(@Nullable RecordingGroup group, String resourceType) {
        boolean global = GLOBAL.contains(resourceType);
        if (group == null) {
            return !global;
        }
        RecordingStrategyType strategy =
                group.recordingStrategy() == null ? null : group.recordingStrategy().useOnly();
        if (strategy == RecordingStrategyType.EXCLUSION_BY_RESOURCE_TYPES) {
            return !group.exclusionByResourceTypes()
                    .resourceTypesAsStrings()
                    .contains(resourceType);
        }
        if (strategy == RecordingStrategyType.ALL_SUPPORTED_RESOURCE_TYPES
                || Boolean.TRUE.equals(group.allSupported())) {
            return !global || Boolean.TRUE.equals(group.includeGlobalResourceTypes());
        }
        return group.resourceTypesAsStrings().contains(resourceType);
    }
}
