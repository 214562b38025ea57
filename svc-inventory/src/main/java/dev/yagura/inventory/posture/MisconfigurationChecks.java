package dev.yagura.inventory.posture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.inventory.account.AccountFacts;
import dev.yagura.inventory.account.IamUser;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.RecordedAsset;
import dev.yagura.inventory.posture.MisconfigurationCheck.Judge;
import dev.yagura.inventory.posture.MisconfigurationCheck.OfAccount;
import dev.yagura.inventory.posture.MisconfigurationCheck.OfAsset;
import dev.yagura.inventory.posture.MisconfigurationCheck.OfUser;
import dev.yagura.proto.inventory.v1.MisconfigurationSeverity;
import java.util.List;

/** Every check for misconfigurations, by resource type in the order of the pages. */
final class MisconfigurationChecks {
    static final List<MisconfigurationCheck> ALL =
            List.of(
                    high(
                            "imdsv2-required",
                            Asset.INSTANCE,
                            OfAsset.alone(MisconfigurationChecks::metadata)),
                    high(
                            "no-open-management-port",
                            Types.SECURITY_GROUP,
                            OfAsset.alone(MisconfigurationChecks::managementPort)),
                    medium(
                            "volume-encrypted",
                            Types.VOLUME,
                            OfAsset.alone(MisconfigurationChecks::disk)),
                    critical("bucket-not-public", Types.BUCKET, new OfAsset(BucketAccess::judge)),
                    critical(
                            AccountChecks.ROOT_MFA,
                            AccountFacts.TYPE,
                            new OfAccount(AccountChecks::rootMfa)),
                    critical(
                            AccountChecks.ROOT_KEY,
                            AccountFacts.TYPE,
                            new OfAccount(AccountChecks::rootKey)),
                    medium(
                            AccountChecks.PASSWORDS,
                            AccountFacts.TYPE,
                            new OfAccount(AccountChecks::passwords)),
                    medium(
                            AccountChecks.BUCKETS,
                            AccountFacts.TYPE,
                            new OfAccount(AccountChecks::buckets)),
                    high(
                            "user-mfa",
                            IamUser.TYPE,
                            new OfUser((user, now) -> AccountChecks.withoutMfa(user))),
                    medium("user-keys-rotated", IamUser.TYPE, new OfUser(AccountChecks::oldKey)));

    private MisconfigurationChecks() {}

    private static MisconfigurationCheck critical(String id, String type, Judge judge) {
        return new MisconfigurationCheck(
                id, type, MisconfigurationSeverity.MISCONFIGURATION_SEVERITY_CRITICAL, judge);
    }

    private static MisconfigurationCheck high(String id, String type, Judge judge) {
        return new MisconfigurationCheck(
                id, type, MisconfigurationSeverity.MISCONFIGURATION_SEVERITY_HIGH, judge);
    }

    private static MisconfigurationCheck medium(String id, String type, Judge judge) {
        return new MisconfigurationCheck(
                id, type, MisconfigurationSeverity.MISCONFIGURATION_SEVERITY_MEDIUM, judge);
    }

    private static CheckResult metadata(RecordedAsset instance) {
        return MetadataCheck.of(
                instance.description(), instance.nativeId(), instance.observedTime());
    }

    private static CheckResult managementPort(RecordedAsset group) {
        JsonNode rules = Configurations.of(group);
        if (!rules.has("ipPermissions")) {
            return untold("its rules");
        }
        return ManagementPortCheck.open(rules)
                .map(open -> CheckResult.fail("lets in " + open, ManagementPortCheck.REMEDY, null))
                .orElseGet(() -> CheckResult.pass("", null));
    }

    private static CheckResult disk(RecordedAsset volume) {
        return DiskCheck.isEncrypted(Configurations.of(volume))
                .map(encrypted ->
                        encrypted
                                ? CheckResult.pass("", null)
                                : CheckResult.fail("it is not encrypted", DiskCheck.REMEDY, null))
                .orElseGet(() -> untold("whether it is encrypted"));
    }

    /** An asset is there, but without what it is judged by. */
    static CheckResult untold(String what) {
        return CheckResult.unknown(
                "AWS Config has not told " + what,
                "let the role of AWS Config's recorder read it; ./yagura logs inventory",
                null);
    }
}
