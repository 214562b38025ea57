package dev.yagura.telemetry.auditd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.event.EventClass;
import dev.yagura.telemetry.event.EventLimits;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditdParserTest {
    private static final String CWD = "CWD|cwd=\"/srv\"";
    private static final String PARENT = "PATH|item=0 name=\"/srv/\" nametype=PARENT mode=040755";

    private final List<Event> events = new ArrayList<>();
    private final List<String> bad = new ArrayList<>();
    private final AuditdParser parser =
            new AuditdParser(
                    "boot", Clock.systemUTC(), (line, reason) -> bad.add(line), events::add);
    private int serial;

    @Test
    void groupsInterleavedRecordsAndSerialsOutOfOrder() {
        parser.line(line(2, "SYSCALL", syscall(59, 11, 10, "/bin/b", "")));
        parser.line(line(1, "SYSCALL", syscall(59, 12, 10, "/bin/a", "")));
        parser.line(line(2, "EXECVE", "argc=1 a0=\"b\""));
        parser.line(line(1, "EXECVE", "argc=1 a0=\"a\""));
        parser.line(line(1, "PROCTITLE", "proctitle=\"a\""));
        parser.line(line(2, "PROCTITLE", "proctitle=\"b\""));
        assertThat(events)
                .extracting(event -> event.getProcess().getCmdLine())
                .containsExactly("a", "b");
        assertThat(parser.isHolding()).isFalse();
    }

    @Test
    void completesAnEventWithoutItsLastRecordAfterAWhile() {
        parser.line(line(1, "SYSCALL", syscall(59, 11, 10, "/bin/a", "")));
        parser.tick(1);
        assertThat(events).isEmpty();
        parser.tick(5_000_000_000L);
        assertThat(events).hasSize(1);
    }

    @Test
    void isNotSilentBecauseItsReaderIsSlow() {
        parser.tick(1);
        parser.line(line(1, "SYSCALL", syscall(59, 11, 10, "/bin/a", "")));
        parser.tick(5_000_000_000L);
        assertThat(events).isEmpty();
        parser.line(line(1, "EXECVE", "argc=1 a0=\"a\""));
        parser.tick(9_000_000_000L);
        assertThat(events).isEmpty();
        parser.line(line(1, "PROCTITLE", "proctitle=\"a\""));
        assertThat(events).hasSize(1);
    }

    @Test
    void keepsTheFirstParentAndThePathOfAForkThatNeverExecuted() {
        execute(10, 1, "/usr/bin/python3", "python3 app.py");
        execute(11, 10, "/bin/sh", "sh -c payload");
        execute(12, 11, "/tmp/payload", "/tmp/payload");
        event(
                syscall(42, 12, 1, "/tmp/payload", ""),
                "SOCKADDR|saddr=020020FBCB0071420000000000000000");
        assertThat(last().getActor().getParentPid()).isEqualTo(11);
        assertThat(last().getActor().getParentCmdLine()).isEqualTo("sh -c payload");

        event(
                syscall(42, 13, 10, "/usr/bin/python3", ""),
                "SOCKADDR|saddr=020020FBCB0071420000000000000000");
        assertThat(last().getActor().getCmdLine()).isEqualTo("python3 app.py");
        assertThat(last().getActor().getUid()).isNotEqualTo(last().getActor().getParentUid());
    }

    @Test
    void takesAPidWithAnotherParentForAnotherProcess() {
        execute(11, 10, "/bin/a", "a");
        String before = last().getProcess().getUid();
        execute(11, 20, "/bin/b", "b");
        assertThat(last().getProcess().getUid()).isNotEqualTo(before);
        assertThat(last().getActor().getPid()).isEqualTo(20);
        assertThat(last().getActor().getPath()).isEmpty();
    }

    @Test
    void keepsTheIdOfAProcessThatExecutesAgain() {
        execute(11, 10, "/usr/bin/env", "env sh");
        String before = last().getProcess().getUid();
        execute(11, 10, "/bin/sh", "sh");
        assertThat(last().getProcess().getUid()).isEqualTo(before);
    }

    @ParameterizedTest(name = "{0} is activity {4} on {5}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    257 | a0=ffffff9c a2=241 | PATH#item=1 name="new" nametype=CREATE mode=0100644                | -  | 1 | /srv/new
                    257 | a0=ffffff9c a2=0   | PATH#item=0 name="/etc/shadow" nametype=NORMAL mode=0100640        | -  | 2 | /etc/shadow
                    257 | a0=ffffff9c a2=401 | PATH#item=0 name="/etc/crontab" nametype=NORMAL mode=0100640       | -  | 3 | /etc/crontab
                    2   | a0=7f a1=200       | PATH#item=0 name="/etc/crontab" nametype=NORMAL mode=0100640       | -  | 3 | /etc/crontab
                    263 | a0=ffffff9c        | PATH#item=1 name="../srv/old" nametype=DELETE mode=0100644         | -  | 4 | /srv/old
                    263 | a0=5               | PATH#item=1 name="sub/old" nametype=DELETE mode=0100644            | -  | 4 | /srv/old
                    82  | a0=1               | PATH#item=2 name="/srv/a" nametype=DELETE mode=0100644             | PATH#item=3 name="/srv/b" nametype=CREATE mode=0100644 | 5 | /srv/b
                    90  | a0=1 a1=1ed        | PATH#item=0 name="tool" nametype=NORMAL mode=0100644               | -  | 6 | /srv/tool
                    268 | a0=ffffff9c a2=1ed | PATH#item=0 name="/tmp/tool" nametype=NORMAL mode=0100644          | -  | 6 | /tmp/tool
                    """)
    void mapsFileCalls(
            int call, String arguments, String item, String second, int activity, String path) {
        event(
                syscall(call, 11, 10, "/bin/tool", arguments),
                CWD,
                PARENT,
                item.replace('#', '|'),
                second.replace('#', '|'));
        assertThat(last().getClassUid()).isEqualTo(EventClass.FILE);
        assertThat(last().getActivityId()).isEqualTo(activity);
        assertThat(last().getFile().getPath()).isEqualTo(path);
        if (activity == EventClass.FILE_RENAME) {
            assertThat(last().getFile().getPreviousPath()).isEqualTo("/srv/a");
        }
        if (activity == EventClass.FILE_SET_ATTRIBUTES) {
            assertThat(last().getFile().getMode()).isEqualTo(0755);
        }
    }

    @Test
    void mapsAFailedConnectionApartFromOneInProgress() {
        event(
                "arch=c000003e syscall=42 success=no exit=-111 ppid=1 pid=5 uid=0 exe=\"/usr/bin/curl\"",
                "SOCKADDR|saddr=020020FBCB0071420000000000000000");
        assertThat(last().getActivityId()).isEqualTo(EventClass.NETWORK_FAIL);
        event(
                "arch=c000003e syscall=42 success=no exit=-115 ppid=1 pid=5 uid=0 exe=\"/usr/bin/curl\"",
                "SOCKADDR|saddr=020020FBCB0071420000000000000000");
        assertThat(last().getActivityId()).isEqualTo(EventClass.NETWORK_OPEN);
    }

    @Test
    void mapsGravitonCallsByTheirOwnNumbers() {
        event(
                "arch=c00000b7 syscall=221 success=yes exit=0 ppid=1 pid=5 uid=0 exe=\"/bin/ls\"",
                "EXECVE|argc=1 a0=\"ls\"");
        assertThat(last().getClassUid()).isEqualTo(EventClass.PROCESS);
    }

    @Test
    void mapsExits() {
        execute(11, 10, "/bin/a", "a");
        event(syscall(231, 11, 10, "/bin/a", ""));
        assertThat(last().getActivityId()).isEqualTo(EventClass.PROCESS_TERMINATE);
        assertThat(last().getProcess().getUid()).isEqualTo(events.getFirst().getProcess().getUid());
    }

    @Test
    void mapsLoginsAndCommandsOfSudo() {
        parser.line(
                line(
                        1,
                        "USER_LOGIN",
                        "pid=20712 uid=0 auid=1001 ses=18 msg='op=login id=1001 exe=\"/usr/sbin/sshd\" hostname=198.51.100.20 addr=198.51.100.20 terminal=/dev/pts/0 res=success'"));
        assertThat(last().getClassUid()).isEqualTo(EventClass.AUTHENTICATION);
        assertThat(last().getUser().getUid()).isEqualTo("1001");
        assertThat(last().getSrcEndpoint().getIp()).isEqualTo("198.51.100.20");
        assertThat(last().getUnmappedMap()).containsEntry("res", "success");

        parser.line(
                line(
                        2,
                        "USER_CMD",
                        "pid=20752 uid=1001 auid=1001 ses=18 msg='cwd=\"/home/deploy\" cmd=6C73202D6C exe=\"/usr/bin/sudo\" res=success'"));
        assertThat(last().getClassUid()).isZero();
        assertThat(last().getUnmappedMap())
                .containsEntry("cmd", "ls -l")
                .containsEntry("type", "USER_CMD");
        assertThat(last().getRawRecords(0).getFieldsMap()).containsEntry("cmd", "ls -l");
    }

    @Test
    void keepsEventsBelowTheirLimit() {
        StringBuilder arguments = new StringBuilder("argc=3 a0=\"a\"");
        String large = "61".repeat(60_000);
        arguments.append(" a1=").append(large).append(" a2=").append(large);
        event(syscall(59, 11, 10, "/bin/a", ""), "EXECVE|" + arguments);
        assertThat(last().getSerializedSize()).isLessThanOrEqualTo(EventLimits.MAX_EVENT_BYTES);
        assertThat(last().getProcess().getCmdLine()).startsWith("a aaa");
        assertThat(last().getUnmappedMap()).containsKey("yagura.truncated");
    }

    @Test
    void countsGarbageAndNeverFails() {
        Random random = new Random(3);
        byte[] noise = new byte[300];
        for (int i = 0; i < 2_000; i++) {
            random.nextBytes(noise);
            parser.line(new String(noise, StandardCharsets.ISO_8859_1));
        }
        String good =
                line(1, "SYSCALL", syscall(59, 11, 10, "/bin/a", ""))
                        + " key="
                        + HexFormat.of().formatHex(noise);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder broken = new StringBuilder(good);
            for (int j = 0; j < 5; j++) {
                broken.setCharAt(random.nextInt(broken.length()), (char) random.nextInt(128));
            }
            parser.line(broken.toString());
        }
        parser.finish();
        assertThat(bad).hasSizeGreaterThan(1_900);
    }

    private void execute(int pid, int parent, String exe, String commandLine) {
        String[] words = commandLine.split(" ");
        StringBuilder arguments = new StringBuilder("EXECVE|argc=" + words.length);
        for (int i = 0; i < words.length; i++) {
            arguments.append(" a").append(i).append("=\"").append(words[i]).append('"');
        }
        event(syscall(59, pid, parent, exe, ""), arguments.toString());
    }

    private void event(String syscall, String... records) {
        serial++;
        parser.line(line(serial, "SYSCALL", syscall));
        for (String record : records) {
            int bar = record.indexOf('|');
            if (bar > 0) {
                parser.line(line(serial, record.substring(0, bar), record.substring(bar + 1)));
            }
        }
        parser.line(line(serial, "PROCTITLE", "proctitle=\"title\""));
    }

    private Event last() {
        return events.getLast();
    }

    private static String syscall(int number, int pid, int parent, String exe, String arguments) {
        return "arch=c000003e syscall=%d success=yes exit=0 %s ppid=%d pid=%d auid=1001 uid=33 exe=\"%s\" key=\"k\""
                .formatted(number, arguments, parent, pid, exe);
    }

    private static String line(int serial, String type, String body) {
        return "type=%s msg=audit(1795493345.%03d:%d): %s".formatted(type, serial, serial, body);
    }
}
