package dev.yagura.response.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalArnTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:iam::111122223333:user/rei",
                "arn:aws-cn:iam::111122223333:role/service-role/web@1",
                "arn:aws:iam::111122223333:role/a/b/web"
            })
    void isWrittenAsItWasRead(String arn) {
        assertThat(PrincipalArn.parse(arn)).map(PrincipalArn::toString).contains(arn);
    }

    @Test
    void aSessionIsItsRoleWhateverThePath() {
        PrincipalArn session =
                parsed("arn:aws:sts::111122223333:assumed-role/YaguraResponse/yagura");

        assertThat(session.isSameAs(parsed("arn:aws:iam::111122223333:role/x/YaguraResponse")))
                .isTrue();
        assertThat(session.isSameAs(parsed("arn:aws:iam::444455556666:role/YaguraResponse")))
                .isFalse();
        assertThat(session.isSameAs(parsed("arn:aws:iam::111122223333:user/YaguraResponse")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:iam::111122223333:root",
                "arn:aws:sts::111122223333:federated-user/rei",
                "arn:aws:iam::111122223333:group/all",
                "rei"
            })
    void nobodyElseHasPoliciesInside(String arn) {
        assertThat(PrincipalArn.parse(arn)).isEmpty();
    }

    private static PrincipalArn parsed(String arn) {
        return PrincipalArn.parse(arn).orElseThrow();
    }
}
