package dev.yagura.response.aws;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PolicyPrincipalsTest {

    @Test
    void namesEverybodyWhoIsAllowed() {
        assertThat(
                        PolicyPrincipals.of(
                                """
                                {"Statement": [
                                  {"Effect": "Allow", "Principal": {
                                    "Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"],
                                    "AWS": "arn:aws:iam::111122223333:root"}},
                                  {"Effect": "Allow", "Principal": {"Federated": "cognito"}},
                                  {"Effect": "Deny", "Principal": {"AWS": "555566667777"}}]}\
                                """))
                .containsExactly(
                        "AWS arn:aws:iam::111122223333:root",
                        "Federated cognito",
                        "Service ec2.amazonaws.com",
                        "Service lambda.amazonaws.com");
    }

    @Test
    void everybodyIsSaidToBe() {
        assertThat(
                        PolicyPrincipals.of(
                                "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\"}}"))
                .containsExactly("everybody");
        assertThat(
                        PolicyPrincipals.of(
                                "{\"Statement\":{\"Effect\":\"Allow\",\"NotPrincipal\":{\"AWS\":\"x\"}}}"))
                .containsExactly("everybody but those of a NotPrincipal");
    }

    @Test
    void whatCannotBeReadIsNotNobody() {
        assertThat(PolicyPrincipals.of("{}")).containsExactly("a policy that cannot be read");
        assertThat(PolicyPrincipals.of("no JSON")).containsExactly("a policy that cannot be read");
    }
}
