package dev.yagura.response.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.aws.DenyPolicy;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SessionDenyTest {
    private static final ActionTarget TARGET =
            ActionTarget.newBuilder()
                    .setScope(
                            Scope.newBuilder()
                                    .setPartition("aws-cn")
                                    .setAccountId("111122223333")
                                    .setRegion("cn-north-1"))
                    .setInstanceId("i-0123456789abcdef0")
                    .build();

    @Test
    void deniesEverythingToTheInstancesOlderSessions() {
        DenyPolicy deny = SessionDeny.of("ours", TARGET, Instant.parse("2026-07-29T01:02:03Z"));

        assertThat(deny.document())
                .isEqualTo(
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{"
                                + "\"Sid\":\"YaguraContainRoleSession\",\"Effect\":\"Deny\","
                                + "\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{"
                                + "\"DateLessThan\":{\"aws:TokenIssueTime\":\"2026-07-29T01:02:03Z\"},"
                                + "\"ArnEquals\":{\"ec2:SourceInstanceARN\":"
                                + "\"arn:aws-cn:ec2:cn-north-1:111122223333:instance/i-0123456789abcdef0\"}}}]}");
        assertThat(deny.isSameAs(deny.document().replace(",", ",\n  "))).isTrue();
        assertThat(deny.isSameAs(deny.document().replace("Deny", "Allow"))).isFalse();
    }

    @Test
    void hitsWhatWasIssuedInTheSameSecond() {
        assertThat(DenyPolicy.limit(Instant.parse("2026-07-29T01:02:03.999Z")))
                .isEqualTo(Instant.parse("2026-07-29T01:02:04Z"));
        assertThat(DenyPolicy.limit(Instant.parse("2026-07-29T01:02:03Z")))
                .isEqualTo(Instant.parse("2026-07-29T01:02:04Z"));
    }

    @Test
    void isNamedAfterTheAction() {
        String id = "0198c0de-0000-7000-8000-000000000001";
        assertThat(SessionDeny.name(Action.newBuilder().setName("actions/" + id).build()))
                .isEqualTo("yagura-contain-" + id);
    }
}
