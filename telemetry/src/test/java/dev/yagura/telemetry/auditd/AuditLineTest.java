package dev.yagura.telemetry.auditd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLineTest {
    private static final String ID = " msg=audit(1795493345.375:869): ";

    @ParameterizedTest(name = "{0} {1} is {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    EXECVE    | a0="sh"                        | a0        | sh
                    EXECVE    | a2=7368206C73                  | a2        | sh ls
                    EXECVE    | a7_len=22500                   | a7_len    | 22500
                    SYSCALL   | a0=1400                        | a0        | 1400
                    SYSCALL   | key=(null)                     | key       | (null)
                    SYSCALL   | exe=2F746D702F6120622028646529 | exe       | /tmp/a b (de)
                    SYSCALL   | comm="start-stop-daem" uid=33  | uid       | 33
                    PATH      | name="/etc/cron.d" inode=98    | inode     | 98
                    PATH      | name=(null)                    | name      | (null)
                    CWD       | cwd="/home/deploy/hello"       | cwd       | /home/deploy/hello
                    CWD       | cwd="/unterminated             | cwd       | /unterminated
                    USER_CMD  | pid=1 msg='cwd="/" cmd=6C73202D6C exe="/usr/bin/sudo" res=success' | cmd | ls -l
                    USER_ACCT | msg='op=PAM:accounting grantors=pam_permit acct="deploy" hostname=? res=success' | acct | deploy
                    USER_ACCT | msg='op=PAM:accounting acct="deploy" res=failed'                   | res | failed
                    PROCTITLE | proctitle="bash"               | proctitle | bash
                    """)
    void decodesValuesByTypeAndForm(String type, String body, String field, String expected) {
        AuditRecord parsed = AuditLine.parse("type=" + type + ID + body).orElseThrow();
        assertThat(parsed.type()).isEqualTo(type);
        assertThat(parsed.fields()).containsEntry(field, expected);
    }

    @Test
    void readsTimeAndSerial() {
        AuditRecord parsed =
                AuditLine.parse("node=web-1 type=CWD" + ID + "cwd=\"/\"").orElseThrow();
        assertThat(parsed.id()).isEqualTo(new AuditId(1_795_493_345_375_000_000L, 869));
    }

    @Test
    void readsEnrichedFields() {
        AuditRecord parsed =
                AuditLine.parse(
                                "type=SYSCALL"
                                        + ID
                                        + "arch=c000003e syscall=59 uid=33 key=\"exec\"\u001dARCH=x86_64 SYSCALL=execve UID=\"www-data\"")
                        .orElseThrow();
        assertThat(SystemCalls.name(parsed)).isEqualTo("execve");
        assertThat(ProcessProtos.user(parsed).getName()).isEqualTo("www-data");
    }

    @Test
    void keepsArgumentsOfSeveralRecordsTogetherAlsoWhenACharacterIsCut() {
        // "é" is C3 A9: cut between two parts.
        AuditRecord first =
                AuditLine.parse("type=EXECVE" + ID + "argc=2 a0=\"echo\" a1_len=8 a1[0]=61C3")
                        .orElseThrow();
        AuditRecord second = AuditLine.parse("type=EXECVE" + ID + "a1[1]=A962").orElseThrow();
        assertThat(new AuditEvent(first.id(), java.util.List.of(first, second)).arguments())
                .containsExactly("echo", "aéb");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "type=",
                "type=SYSCALL",
                "type=SYSCALL msg=audit(",
                "type=SYSCALL msg=audit(x.y:z): a=b",
                "type=SYSCALL msg=audit(99999999999999999999.1:1): ",
                "=', \"",
                "msg=audit(1.2:3): type=CWD"
            })
    void refusesWhatIsNoRecord(String line) {
        assertThat(AuditLine.parse(line)).isEmpty();
    }

    @ParameterizedTest(name = "{0} is {1}:{2}")
    @CsvSource({
        "020001BBCB0071420000000000000000, 203.0.113.66, 443",
        "0A0020FB0000000020010DB800000000000000000000000100000000, 2001:db8:0:0:0:0:0:1, 8443",
        "0A0020FB0000000000000000000000000000FFFFCB00714200000000, 203.0.113.66, 8443"
    })
    void decodesSocketAddresses(String saddr, String ip, int port) {
        assertThat(SocketAddress.parse(saddr)).contains(new SocketAddress(ip, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "02",
                "XYZ",
                "0100",
                "100000000000000000000000",
                "0A0020FB",
                "01002F7661722F72756E2F6E7363642F736F636B657400"
            })
    void knowsNoInternetAddressInOthers(String saddr) {
        assertThat(SocketAddress.parse(saddr)).isEmpty();
    }
}
