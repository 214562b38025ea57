package dev.yagura.telemetry.sysmon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.event.EventClass;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SysmonParserTest {
    private static final String COMMON =
            "UtcTime=2022-05-13 08:54:06.458;ProcessGuid={f3329a35-9475-627d-4300-000000000600};ProcessId=3012;Image=/usr/bin/curl;User=www-data";

    private final List<Event> events = new ArrayList<>();
    private final List<String> bad = new ArrayList<>();
    private final SysmonParser parser =
            new SysmonParser(Clock.systemUTC(), (line, reason) -> bad.add(line), events::add);

    @Test
    void mapsANewProcessWithItsParent() {
        Event event =
                parse(
                        1,
                        COMMON
                                + ";CommandLine=curl http://x/?a=1&amp;b=2;CurrentDirectory=/tmp;Hashes=SHA256=AB,MD5=CD;ParentProcessGuid={aa};ParentProcessId=7;ParentImage=/bin/sh;ParentCommandLine=-;LogonId=33");
        assertThat(event.getClassUid()).isEqualTo(EventClass.PROCESS);
        assertThat(event.getActivityId()).isEqualTo(EventClass.PROCESS_LAUNCH);
        assertThat(event.getTimeNs()).isEqualTo(1_652_432_046_458_000_000L);
        assertThat(event.getSourceRecordId()).isEqualTo("42");
        assertThat(event.getProcess().getUid())
                .isEqualTo("sysmon:f3329a35-9475-627d-4300-000000000600");
        assertThat(event.getProcess().getCmdLine()).isEqualTo("curl http://x/?a=1&b=2");
        assertThat(event.getProcess().getHashes().getSha256()).isEqualTo("ab");
        assertThat(event.getActor().getPath()).isEqualTo("/bin/sh");
        assertThat(event.getActor().getCmdLine()).isEmpty();
        assertThat(event.getProcess().getUser().getLoginUid()).isEqualTo("33");
        assertThat(event.getUnmappedMap()).containsOnlyKeys("EventID");
    }

    @Test
    void mapsConnections() {
        Event event =
                parse(
                        3,
                        COMMON
                                + ";Protocol=tcp;Initiated=true;SourceIp=10.0.0.1;SourcePort=5000;DestinationIp=203.0.113.66;DestinationPort=8443;DestinationHostname=-");
        assertThat(event.getClassUid()).isEqualTo(EventClass.NETWORK);
        assertThat(event.getConnection().getInitiated()).isTrue();
        assertThat(event.getDstEndpoint().getPort()).isEqualTo(8443);
        assertThat(event.getDstEndpoint().getHostname()).isEmpty();
        assertThat(event.getActor().getPid()).isEqualTo(3012);
    }

    @Test
    void mapsTheOtherEvents() {
        assertThat(parse(5, COMMON).getActivityId()).isEqualTo(EventClass.PROCESS_TERMINATE);
        Event created = parse(11, COMMON + ";TargetFilename=/etc/cron.d/x");
        assertThat(created.getFile().getPath()).isEqualTo("/etc/cron.d/x");
        assertThat(created.getActivityId()).isEqualTo(EventClass.FILE_CREATE);
        assertThat(parse(23, COMMON + ";TargetFilename=/tmp/x").getActivityId())
                .isEqualTo(EventClass.FILE_DELETE);
        assertThat(parse(9, COMMON + ";Device=/dev/sda").getFile().getPath()).isEqualTo("/dev/sda");
        Event access =
                parse(
                        10,
                        "UtcTime=2022-05-13 08:54:06.458;SourceProcessGUID={bb};SourceProcessId=9;SourceImage=/usr/bin/gdb;TargetImage=/bin/x");
        assertThat(access.getClassUid()).isZero();
        assertThat(access.getActor().getPath()).isEqualTo("/usr/bin/gdb");
        assertThat(access.getProcess().getPath()).isEqualTo("/bin/x");
    }

    @Test
    void passesOverLinesOfOtherPrograms() {
        parser.line("May 13 08:54:06 host sshd[1]: Accepted publickey for deploy");
        assertThat(events).isEmpty();
        assertThat(bad).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host sysmon: <Event><System><EventID>1</EventID>",
                "host sysmon: <Event><System><EventID>x</EventID></System></Event>",
                "host sysmon: <Event><System><EventID>1</EventID></System></Event>",
                "host sysmon: <Event>&xxe;</Event>",
                "host sysmon: <Event></Event></Event>"
            })
    void countsGarbledEvents(String line) {
        parser.line(line);
        assertThat(events).isEmpty();
        assertThat(bad).hasSize(1);
    }

    private Event parse(int id, String data) {
        StringBuilder xml =
                new StringBuilder(
                        "May 13 08:54:06 host sysmon: <Event><System><Provider Name=\"Linux-Sysmon\" Guid=\"{x}\"/><EventID>"
                                + id
                                + "</EventID><EventRecordID>42</EventRecordID></System><EventData>");
        for (String field : data.split("(?<!amp);")) {
            int equals = field.indexOf('=');
            xml.append("<Data Name=\"")
                    .append(field, 0, equals)
                    .append("\">")
                    .append(field.substring(equals + 1))
                    .append("</Data>");
        }
        parser.line(xml + "</EventData></Event>");
        return events.getLast();
    }
}
