package dev.yagura.telemetry.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.event.EventClass;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordingTest {
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-03-01T00:00:00Z"), ZoneOffset.UTC);
    private static final String LOGON =
            "{\"Channel\":\"Security\",\"EventID\":4624,\"SourceName\":\"P\",\"TargetUserName\":\"jürgen\"}";

    @TempDir private Path folder = Path.of("");

    private final List<Event> events = new ArrayList<>();
    private final List<String> bad = new ArrayList<>();

    @Test
    void readsLogFilesOfCloudTrail() throws IOException {
        read(
                gzip(
                        "{\"Records\":[{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::1:user/eve\",\"userName\":\"eve\"},\"eventTime\":\"2023-07-10T11:42:36Z\",\"eventSource\":\"ec2.amazonaws.com\",\"eventName\":\"RunInstances\",\"sourceIPAddress\":\"192.0.2.9\",\"errorCode\":\"Client.Denied\",\"responseElements\":null,\"readOnly\":false,\"requestParameters\":{\"groups\":[{\"id\":\"a\"},{\"id\":\"b\"}]},\"eventID\":\"e-1\"},{\"eventTime\":\"2023-07-10T11:42:37Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"GetObject\",\"sourceIPAddress\":\"AWS Internal\",\"readOnly\":true}]}"));
        Event event = events.getFirst();
        assertThat(events).hasSize(2);
        assertThat(event.getClassUid()).isEqualTo(EventClass.API);
        assertThat(event.getActivityId()).isEqualTo(EventClass.API_CREATE);
        assertThat(event.getApi().getOperation()).isEqualTo("RunInstances");
        assertThat(event.getApi().getErrorCode()).isEqualTo("Client.Denied");
        assertThat(event.getUser().getName()).isEqualTo("eve");
        assertThat(event.getSrcEndpoint().getIp()).isEqualTo("192.0.2.9");
        assertThat(event.getUnmappedMap())
                .containsEntry("requestParameters.groups.id", "a\nb")
                .containsEntry("userIdentity.type", "IAMUser")
                .doesNotContainKeys("responseElements", "eventName");
        assertThat(events.get(1).getUnmappedMap()).containsEntry("sourceIPAddress", "AWS Internal");
        assertThat(events.get(1).getActivityId()).isEqualTo(EventClass.API_READ);
    }

    @Test
    void readsAnswersOfLookupEvents() throws IOException {
        read(
                file(
                        "{\"Events\":[{\"EventId\":\"e\",\"EventName\":\"x\",\"CloudTrailEvent\":\"{\\\"eventSource\\\":\\\"iam.amazonaws.com\\\",\\\"eventName\\\":\\\"CreateUser\\\",\\\"eventTime\\\":\\\"2023-07-10T11:42:36Z\\\"}\"}]}"));
        assertThat(events.getFirst().getApi().getOperation()).isEqualTo("CreateUser");
    }

    @Test
    void readsSyslogInEveryForm() throws IOException {
        read(
                file(
                        """
                        Feb 28 08:54:06 web1 sshd[77]: Failed password for invalid user bob from 192.0.2.1 port 4242 ssh2
                        Dec  5 08:54:06 web1 CRON[78]: (root) CMD (run-parts)
                        <86>Feb 28 08:54:06 web1 sudo: alice : TTY=pts/0 ; PWD=/home/alice ; USER=#-1 ; COMMAND=/bin/sh
                        2026-02-28T08:54:06.123456+01:00 web1 /usr/sbin/vsftpd[9]: CONNECT
                        <34>1 2026-02-28T08:54:06.5Z web1 guacd 99 ID47 [x y="]"] authentication failed
                        """));
        assertThat(bad).isEmpty();
        assertThat(events)
                .extracting(event -> event.getUnmappedOrThrow("Channel"))
                .containsExactly("sshd", "CRON", "sudo", "vsftpd", "guacd");
        Event logon = events.getFirst();
        assertThat(logon.getClassUid()).isEqualTo(EventClass.AUTHENTICATION);
        assertThat(logon.getUser().getName()).isEqualTo("bob");
        assertThat(logon.getSrcEndpoint().getPort()).isEqualTo(4242);
        assertThat(time(logon)).isEqualTo("2026-02-28T08:54:06Z");
        assertThat(time(events.get(1))).isEqualTo("2025-12-05T08:54:06Z");
        assertThat(events.get(2).getUnmappedMap())
                .containsEntry("USER", "#-1")
                .containsEntry("COMMAND", "/bin/sh")
                .containsEntry("facility", "10");
        assertThat(time(events.get(3))).isEqualTo("2026-02-28T07:54:06.123456Z");
        assertThat(events.get(4).getActor().getPid()).isEqualTo(99);
        assertThat(events.get(4).getUnmappedMap())
                .containsEntry("message", "authentication failed");
    }

    @Test
    void readsSyslogAndSysmonForLinuxInJson() throws IOException {
        read(
                file(
                        """
                        {"MESSAGE":"Accepted publickey for root from 192.0.2.1 port 22 ssh2","__REALTIME_TIMESTAMP":"1772240046123456","SYSLOG_IDENTIFIER":"sshd","_HOSTNAME":"web1","_PID":"7"}
                        {"TimeGenerated":"2026-02-28T08:54:06Z","HostName":"web1","ProcessName":"cron","SyslogMessage":"(root) CMD"}
                        {"Computer":"web1","SyslogMessage":"<Event><System><Provider Name=\\"Linux-Sysmon\\"/><EventID>11</EventID></System><EventData><Data Name=\\"UtcTime\\">2022-05-13 08:54:06.458</Data><Data Name=\\"TargetFilename\\">/etc/x</Data></EventData></Event>"}
                        """));
        assertThat(bad).isEmpty();
        assertThat(events)
                .extracting(Event::getSource)
                .containsExactly("syslog", "syslog", "sysmon_linux");
        assertThat(events.get(0).getUser().getName()).isEqualTo("root");
        assertThat(events.get(1).getUnmappedMap()).containsEntry("Channel", "cron");
        assertThat(events.get(2).getFile().getPath()).isEqualTo("/etc/x");
    }

    @Test
    void readsLogsOfWebServersAndProxies() throws IOException {
        read(
                file(
                        """
                        192.0.2.1 - bob [10/Oct/2025:13:55:36 -0700] "GET /a.php?x=%27 HTTP/1.1" 404 209 "-" "curl/8 \\"x\\""
                        www.example 2001:db8::1 - - [10/Oct/2025:13:55:36 +0000] "POST /b HTTP/2" 200 -
                        [Wed Oct 11 14:32:52.123456 2025] [core:notice] [pid 9] child exit signal Segmentation Fault
                        2025/10/11 14:32:52 [alert] 1#1: worker process 9 exited on signal 11
                        no log line
                        """));
        assertThat(bad).hasSize(1);
        Event request = events.getFirst();
        assertThat(time(request)).isEqualTo("2025-10-10T20:55:36Z");
        assertThat(request.getSrcEndpoint().getIp()).isEqualTo("192.0.2.1");
        assertThat(request.getUnmappedMap())
                .containsEntry("cs-uri", "/a.php?x=%27")
                .containsEntry("cs-uri-stem", "/a.php")
                .containsEntry("cs-username", "bob")
                .containsEntry("sc-status", "404")
                .containsEntry("cs-user-agent", "curl/8 \\\"x\\\"")
                .doesNotContainKey("cs-referer");
        assertThat(events.get(1).getUnmappedMap()).containsEntry("cs-host", "www.example");
        assertThat(events).extracting(Event::getSource).endsWith("apache", "nginx");

        events.clear();
        read(
                file(
                        """
                        #Software: SGOS
                        #Fields: date time c-ip cs-method cs-uri-scheme cs-host cs-uri-path cs(User-Agent) sc-status
                        2025-10-10 13:55:36 192.0.2.1 GET https evil.example /x "Mozilla 5.0" 200
                        2025-10-10 13:55:36 too short
                        """));
        assertThat(bad).hasSize(2);
        assertThat(events.getFirst().getSource()).isEqualTo("proxy");
        assertThat(events.getFirst().getUnmappedMap())
                .containsEntry("cs-host", "evil.example")
                .containsEntry("cs-user-agent", "Mozilla 5.0");
    }

    @Test
    void anUnknownObjectKeepsItsValuesAndItsSource() throws IOException {
        Recording.detect(
                        file(
                                "{\"eventType\":\"user.session.start\",\"actor\":{\"id\":\"u1\"},\"published\":\"2026-02-28T00:00:00Z\"}"),
                        "okta")
                .orElseThrow()
                .read(CLOCK, (line, reason) -> bad.add(line), events::add);
        assertThat(events.getFirst().getSource()).isEqualTo("okta");
        assertThat(events.getFirst().getUnmappedMap()).containsEntry("actor.id", "u1");
        assertThat(time(events.getFirst())).isEqualTo("2026-02-28T00:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({"UTF-16LE, fffe", "UTF-16BE, feff", "UTF-8, efbbbf", "UTF-8, ''"})
    void readsEveryEncoding(String charset, String mark) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(java.util.HexFormat.of().parseHex(mark));
        String text = (LOGON.replace("jürgen", "jürgen \uD83D\uDE00") + "\r\n").repeat(500);
        bytes.writeBytes(text.getBytes(Charset.forName(charset)));
        Path file = folder.resolve("recording");
        Files.write(file, bytes.toByteArray());
        read(file);
        assertThat(events)
                .hasSize(500)
                .allSatisfy(event ->
                        assertThat(event.getUser().getName()).isEqualTo("jürgen \uD83D\uDE00"));
        assertThat(bad).isEmpty();
    }

    @Test
    void bytesThatAreNotUtf8AreReplaced() throws IOException {
        Path file = folder.resolve("latin1");
        Files.write(file, LOGON.getBytes(StandardCharsets.ISO_8859_1));
        read(file);
        assertThat(events.getFirst().getUser().getName()).isEqualTo("j\uFFFDrgen");
    }

    @Test
    void piecesHoldTheSameEventsInTheSameOrder() throws IOException {
        StringBuilder text = new StringBuilder();
        IntStream.range(0, 5000)
                .forEach(i ->
                        text.append(LOGON.replace("jürgen", "user" + i))
                                .append(i % 9 == 0 ? "\nx\n" : "\n"));
        Path file = gzip(text.toString());
        read(file);
        List<String> users = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        int[] pieces = {0};
        Recording.detect(file)
                .orElseThrow()
                .pieces(
                        CLOCK,
                        (line, reason) -> {},
                        piece -> {
                            pieces[0]++;
                            piece.decode(
                                    (line, reason) -> {},
                                    (record, event) -> {
                                        numbers.add(record);
                                        users.add(event.getUser().getName());
                                    });
                        });
        assertThat(pieces[0]).isGreaterThan(1);
        assertThat(users)
                .isEqualTo(events.stream().map(event -> event.getUser().getName()).toList());
        assertThat(numbers)
                .isEqualTo(java.util.stream.LongStream.rangeClosed(1, 5000).boxed().toList());
        assertThat(bad).hasSize(556);
    }

    @Test
    void saysThatAFileIsCutAndKeepsWhatIsBefore() throws IOException {
        Path file = gzip((LOGON + "\n").repeat(10) + random());
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> read(file)).isInstanceOf(EOFException.class);
        assertThat(events).hasSize(10);
    }

    @Test
    void anUnknownFormatIsNoRecording() throws IOException {
        assertThat(Recording.detect(file("some words\nmore words\n"))).isEmpty();
        assertThat(Recording.detect(file(""))).isEmpty();
    }

    private static String random() {
        StringBuilder text = new StringBuilder();
        new Random(1).ints(200_000, 'a', 'z').forEach(c -> text.append((char) c));
        return text.toString();
    }

    private void read(Path file) throws IOException {
        Recording.detect(file)
                .orElseThrow()
                .read(CLOCK, (line, reason) -> bad.add(reason), events::add);
    }

    private static String time(Event event) {
        return Instant.ofEpochSecond(0, event.getTimeNs()).toString();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("recording"), text);
    }

    private Path gzip(String text) throws IOException {
        Path file = folder.resolve("recording.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }
}
