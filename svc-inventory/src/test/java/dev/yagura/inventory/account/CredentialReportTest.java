package dev.yagura.inventory.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CredentialReportTest {
    private static final String HEAD =
            "user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated,"
                    + "access_key_2_active,access_key_2_last_rotated,new_column\n";
    private static final String ROOT =
            "<root_account>,arn:aws:iam::111122223333:root,not_supported,true,false,N/A,false,N/A,\n";

    @Test
    void readsUsersByTheNamesOfColumnsAndWithoutRoot() {
        assertThat(
                        CredentialReport.users(
                                HEAD
                                        + ROOT
                                        + "ana,arn,true,false,true,2026-01-02T03:04:05+00:00,false,"
                                        + "2020-01-01T00:00:00+00:00,x\n"
                                        + "\"o,tto\",arn,FALSE,TRUE,false,N/A,false,N/A,\n"))
                .containsExactly(
                        new IamUser(
                                "ana", true, false, List.of(Instant.parse("2026-01-02T03:04:05Z"))),
                        new IamUser("o,tto", false, true, List.of()));
        assertThat(CredentialReport.users(HEAD + ROOT)).isEmpty();
    }

    @Test
    void whatIsNotUnderstoodIsNoReport() {
        assertThatThrownBy(() -> CredentialReport.users(""))
                .hasMessage("the credential report is empty");
        assertThatThrownBy(() -> CredentialReport.users("user,arn\n"))
                .hasMessageContaining("lacks password_enabled, mfa_active");
        assertThatThrownBy(() ->
                        CredentialReport.users(HEAD + "o,tto,arn,true,true,false,N/A,false,N/A,\n"))
                .hasMessageContaining("10 fields of user o where its head has 9");
        assertThatThrownBy(() ->
                        CredentialReport.users(
                                HEAD + "ana,arn,true,perhaps,false,N/A,false,N/A,\n"))
                .hasMessageContaining("\"perhaps\" of mfa_active of user ana");
        assertThatThrownBy(() ->
                        CredentialReport.users(HEAD + "ana,arn,true,true,true,never,false,N/A,\n"))
                .hasMessageContaining("\"never\" for a time");
    }
}
