package dev.yagura.inventory.posture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.asset.RecordedAsset;
import dev.yagura.proto.inventory.v1.Asset;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketAccessTest {
    private static final String ALLOW =
            "{'Statement': [{'Effect': 'Allow', 'Principal': %s, 'Action': 's3:GetObject'%s}]}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "*"              |                                      | false | true
                    {"AWS": "*"}     |                                      | false | true
                    {"AWS": ["1", "*"]} |                                   | false | true
                    {"AWS": "arn:aws:iam::1:root"} |                        | false | false
                    "*"              | , "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}} | false | false
                    "*"              |                                      | true  | false
                    """)
    void policyIsPublicWithoutConditionAndBlock(
            String principal, String condition, boolean restricted, boolean open) {
        String policy =
                ALLOW.replace('\'', '"')
                        .formatted(principal, condition == null ? "" : condition)
                        .replace("\"", "\\\"");
        assertThat(
                        bad(
                                """
                                {"BucketPolicy": {"policyText": "%s"},
                                 "PublicAccessBlockConfiguration": {"restrictPublicBuckets": %s}}
                                """
                                        .formatted(policy, restricted)))
                .isEqualTo(open);
    }

    @ParameterizedTest
    @CsvSource({"AllUsers, false, true", "AllUsers, true, false", "1234abcd, false, false"})
    void accessControlListCountsUnlessItIsIgnored(String grantee, boolean ignored, boolean open) {
        assertThat(
                        bad(
                                """
                                {"AccessControlList": "{\\"grantList\\": [{\\"grantee\\": \\"%s\\"}]}",
                                 "PublicAccessBlockConfiguration": "{\\"ignorePublicAcls\\": %s}"}
                                """
                                        .formatted(grantee, ignored)))
                .isEqualTo(open);
    }

    private static boolean bad(String supplementary) {
        return BucketAccess.judge(
                        new RecordedAsset(
                                new UUID(0, 1),
                                Enrolling.scope("111122223333"),
                                Types.BUCKET,
                                "leaflets",
                                Asset.getDefaultInstance(),
                                "{\"supplementaryConfiguration\": " + supplementary + "}",
                                Instant.EPOCH))
                .isPresent();
    }
}
