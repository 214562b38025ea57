package dev.yagura.inventory.posture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.account.AccountFacts;
import dev.yagura.inventory.account.Fact;
import dev.yagura.inventory.account.PublicAccessBlock;
import dev.yagura.inventory.asset.RecordedAsset;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.PostureOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketAccessTest {
    private static final String ACCOUNT = "111122223333";
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
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

    @ParameterizedTest
    @CsvSource({
        "true, true, POSTURE_OUTCOME_PASS",
        "true, false, POSTURE_OUTCOME_FAIL",
        "false, true, POSTURE_OUTCOME_FAIL"
    })
    void whatTheAccountBlocksCountsWhileItIsKnown(
            boolean blocked, boolean fresh, PostureOutcome outcome) {
        AccountFacts unknown = AccountFacts.unknown("aws", ACCOUNT);
        AccountFacts facts =
                new AccountFacts(
                        "aws",
                        ACCOUNT,
                        unknown.root(),
                        unknown.passwords(),
                        unknown.users(),
                        new Fact<>(
                                "s3:GetAccountPublicAccessBlock",
                                new PublicAccessBlock(blocked, blocked, blocked, blocked),
                                fresh ? NOW : NOW.minus(Duration.ofHours(1)),
                                ""));
        CheckResult result =
                judge(
                        """
                        {"BucketPolicy": {"policyText":
                            "{\\"Statement\\": {\\"Effect\\": \\"Allow\\", \\"Principal\\": \\"*\\"}}"}}
                        """,
                        facts);
        assertThat(result.outcome()).isEqualTo(outcome);
        if (!fresh) {
            assertThat(result.detail())
                    .contains("unless its account blocks that: s3:GetAccountPublicAccessBlock");
        }
    }

    @Test
    void everybodyButSomeIsEverybody() {
        assertThat(
                        bad(
                                """
                                {"BucketPolicy": {"policyText": "{\\"Statement\\": {\\"Effect\\": \\"Allow\\",
                                 \\"NotPrincipal\\": {\\"AWS\\": \\"arn:aws:iam::1:root\\"}}}"}}
                                """
                                        .replace("\n", "")))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"false, POSTURE_OUTCOME_UNKNOWN", "true, POSTURE_OUTCOME_PASS"})
    void policyThatCannotBeReadIsNotKnownWhereItCounts(boolean restricted, PostureOutcome outcome) {
        assertThat(
                        judge(
                                        """
                                        {"BucketPolicy": {"policyText": "{\\"Statement\\": [{"},
                                         "AccessControlList": {"grantList": []},
                                         "PublicAccessBlockConfiguration": {"restrictPublicBuckets": %s}}
                                        """
                                                .formatted(restricted),
                                        AccountFacts.unknown("aws", ACCOUNT))
                                .outcome())
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({"false, POSTURE_OUTCOME_UNKNOWN", "true, POSTURE_OUTCOME_PASS"})
    void accessControlListThatIsNotToldIsNotKnownWhereItCounts(
            boolean ignored, PostureOutcome outcome) {
        CheckResult result =
                judge(
                        """
                        {"BucketPolicy": {"policyText": null},
                         "PublicAccessBlockConfiguration": {"ignorePublicAcls": %s}}
                        """
                                .formatted(ignored),
                        AccountFacts.unknown("aws", ACCOUNT));
        assertThat(result.outcome()).isEqualTo(outcome);
    }

    @Test
    void bucketWithoutItsSettingsIsNotKnown() {
        assertThat(judge("{}", AccountFacts.unknown("aws", ACCOUNT)).outcome())
                .isEqualTo(PostureOutcome.POSTURE_OUTCOME_UNKNOWN);
    }

    private static boolean bad(String supplementary) {
        return judge(supplementary, AccountFacts.unknown("aws", ACCOUNT)).outcome()
                == PostureOutcome.POSTURE_OUTCOME_FAIL;
    }

    private static CheckResult judge(String supplementary, AccountFacts facts) {
        return BucketAccess.judge(
                new RecordedAsset(
                        new UUID(0, 1),
                        Enrolling.scope(ACCOUNT),
                        Types.BUCKET,
                        "leaflets",
                        Asset.getDefaultInstance(),
                        "{\"supplementaryConfiguration\": " + supplementary + "}",
                        Instant.EPOCH),
                new AccountView(facts, "", NOW, Duration.ofMinutes(15)));
    }
}
