package dev.yagura.inventory.posture;

import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.RecordedAsset;
import dev.yagura.inventory.posture.MisconfigurationCheck.Bad;
import dev.yagura.proto.inventory.v1.MisconfigurationSeverity;
import dev.yagura.proto.inventory.v1.PostureOutcome;
import java.util.List;
import java.util.Optional;

/** Every check for misconfigurations, by resource type in the order of the pages. */
final class MisconfigurationChecks {
    static final List<MisconfigurationCheck> ALL =
            List.of(
                    new MisconfigurationCheck(
                            "imdsv2-required",
                            Asset.INSTANCE,
                            MisconfigurationSeverity.MISCONFIGURATION_SEVERITY_HIGH,
                            MisconfigurationChecks::metadata),
                    new MisconfigurationCheck(
                            "no-open-management-port",
                            Types.SECURITY_GROUP,
                            MisconfigurationSeverity.MISCONFIGURATION_SEVERITY_HIGH,
                            MisconfigurationChecks::managementPort),
                    new MisconfigurationCheck(
                            "volume-encrypted",
                            Types.VOLUME,
                            MisconfigurationSeverity.MISCONFIGURATION_SEVERITY_MEDIUM,
                            MisconfigurationChecks::disk),
                    new MisconfigurationCheck(
                            "bucket-not-public",
                            Types.BUCKET,
                            MisconfigurationSeverity.MISCONFIGURATION_SEVERITY_CRITICAL,
                            BucketAccess::judge));

    private MisconfigurationChecks() {}

    private static Optional<Bad> metadata(RecordedAsset instance) {
        CheckResult result =
                MetadataCheck.of(
                        instance.description(), instance.nativeId(), instance.observedTime());
        return result.outcome() == PostureOutcome.POSTURE_OUTCOME_FAIL
                ? Optional.of(new Bad(result.detail(), result.remedy()))
                : Optional.empty();
    }

    private static Optional<Bad> managementPort(RecordedAsset group) {
        return ManagementPortCheck.open(Configurations.of(group))
                .map(open -> new Bad("lets in " + open, ManagementPortCheck.REMEDY));
    }

    private static Optional<Bad> disk(RecordedAsset volume) {
        return DiskCheck.isEncrypted(Configurations.of(volume))
                .filter(encrypted -> !encrypted)
                .map(plain -> new Bad("it is not encrypted", DiskCheck.REMEDY));
    }
}
