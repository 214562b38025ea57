package dev.yagura.response.host;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Section "triage".
 *
 * @param bucket that archives and images go to; empty refuses collect_triage and capture_memory
 * @param region of the bucket; empty for that of the instance
 * @param kmsKey ARN of the key of SSE-KMS; empty leaves it to the bucket
 * @param mostMib of what a host may collect, and of an archive
 */
public record TriageConfig(
        Optional<String> bucket, Optional<String> region, Optional<String> kmsKey, int mostMib) {
    static final String BUCKET = "yagura.response.triage.bucket";

    private static final int STANDARD_MIB = 64;
    private static final int LARGEST_MIB = 1024;
    private static final Pattern BUCKET_NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern KEY =
            Pattern.compile("arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+");

    public static TriageConfig from(Settings settings) {
        Settings triage = settings.section("triage");
        TriageConfig config =
                new TriageConfig(
                        triage.optionalText(
                                "bucket",
                                "S3 bucket that collect_triage and capture_memory put into; without"
                                        + " it both are refused."),
                        triage.optionalText(
                                "region",
                                "Region of that bucket; empty means that of the instance."),
                        triage.optionalText(
                                "kms-key",
                                "ARN of the KMS key that archives and images are encrypted with;"
                                        + " without it the bucket's own default applies."),
                        triage.integer(
                                "most-mib",
                                STANDARD_MIB,
                                1,
                                LARGEST_MIB,
                                "What a host may collect, and how large an archive may be, in"
                                        + " MiB."));
        config.check();
        return config;
    }

    private void check() {
        bucket.filter(name -> !BUCKET_NAME.matcher(name).matches())
                .ifPresent(name -> {
                    throw new InvalidSettingException(
                            BUCKET, name + " is no name of a bucket; write it without s3://");
                });
        kmsKey.filter(key -> !KEY.matcher(key).matches())
                .ifPresent(key -> {
                    throw new InvalidSettingException(
                            "yagura.response.triage.kms-key",
                            key
                                    + " is no ARN of a key; write one like"
                                    + " arn:aws:kms:ap-northeast-1:111122223333:key/5a0c2f6e-…, no"
                                    + " alias");
                });
    }

    long mostBytes() {
        return mostMib * 1024L * 1024;
    }
}
