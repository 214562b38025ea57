package dev.yagura.response.forensics;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Section "forensics".
 *
 * @param kmsKeys ARNs of the keys that copies are encrypted with, one for each region
 * @param accountId that copies are shared with
 * @param deadline how long snapshots may take until they are complete
 * @param poll pause between two looks at snapshots
 * @param settle how long EC2 may take to show what it did without answering
 */
public record ForensicsConfig(
        List<String> kmsKeys,
        Optional<String> accountId,
        Duration deadline,
        Duration poll,
        Duration settle) {
    private static final String PREFIX = "yagura.response.forensics.";
    private static final Pattern KEY =
            Pattern.compile("arn:(aws[a-z-]*):kms:([a-z0-9-]+):[0-9]{12}:key/[A-Za-z0-9-]+");
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

    public ForensicsConfig {
        kmsKeys = List.copyOf(kmsKeys);
    }

    public static ForensicsConfig from(Settings settings) {
        Settings forensics = settings.section("forensics");
        ForensicsConfig config =
                new ForensicsConfig(
                        forensics.texts(
                                "kms-keys",
                                List.of(),
                                "ARNs of customer-managed KMS keys, one for each region: snapshots"
                                        + " are copied under the key of their region. Without one"
                                        + " they stay as EC2 makes them."),
                        forensics.optionalText(
                                "account-id",
                                "Forensic account that copies of snapshots are shared with; needs"
                                        + " kms-keys."),
                        forensics.duration(
                                "deadline",
                                Duration.ofHours(24),
                                "How long snapshots, with their copies, may take until they are"
                                        + " complete."),
                        forensics.duration(
                                "poll",
                                Duration.ofSeconds(30),
                                "Pause between two looks at snapshots that are not complete."),
                        forensics.duration(
                                "settle",
                                Duration.ofMinutes(1),
                                "How long snapshots are looked for after EC2 did not answer, before"
                                        + " they are asked for again."));
        config.check();
        return config;
    }

    private void check() {
        for (String key : kmsKeys) {
            if (!KEY.matcher(key).matches()) {
                throw new InvalidSettingException(
                        PREFIX + "kms-keys",
                        key
                                + " is no ARN of a key; write one like"
                                + " arn:aws:kms:ap-northeast-1:111122223333:key/5a0c2f6e-…, no"
                                + " alias");
            }
        }
        long places = kmsKeys.stream().map(ForensicsConfig::place).distinct().count();
        if (places < kmsKeys.size()) {
            throw new InvalidSettingException(
                    PREFIX + "kms-keys", "has two keys of one region; leave one");
        }
        accountId
                .filter(account -> !ACCOUNT.matcher(account).matches())
                .ifPresent(account -> {
                    throw new InvalidSettingException(
                            PREFIX + "account-id", account + " is no account; write twelve digits");
                });
    }

    /** ARN of the key of a region. */
    Optional<String> key(Scope scope) {
        return kmsKeys.stream()
                .filter(key -> place(key).equals(scope.getPartition() + " " + scope.getRegion()))
                .findFirst();
    }

    /** The forensic account, unless the instance is in it. */
    Optional<String> sharedWith(Scope scope) {
        return accountId.filter(account -> !account.equals(scope.getAccountId()));
    }

    private static String place(String key) {
        var parts = KEY.matcher(key);
        return parts.matches() ? parts.group(1) + " " + parts.group(2) : "";
    }
}
