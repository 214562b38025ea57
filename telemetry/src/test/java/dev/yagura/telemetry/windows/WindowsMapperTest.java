package dev.yagura.telemetry.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.event.EventClass;
import dev.yagura.telemetry.event.EventLimits;
import dev.yagura.telemetry.json.JsonReader;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsMapperTest {
    private static final String SYSTEM =
            "\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\"%s\",\"Guid\":\"x\"}},\"EventID\":%s,\"Level\":4,\"Keywords\":\"0x8020000000000000\",\"TimeCreated\":{\"#attributes\":{\"SystemTime\":\"2025-10-25T13:44:33.440907Z\"}},\"EventRecordID\":77,\"Correlation\":null,\"Execution\":{\"#attributes\":{\"ProcessID\":3308}},\"Channel\":\"%s\",\"Computer\":\"dc.example\",\"Security\":{\"#attributes\":{\"UserID\":\"S-1-5-18\"}}}";

    private final JsonReader reader = new JsonReader();
    private final WindowsMapper mapper =
            new WindowsMapper(Clock.fixed(Instant.ofEpochSecond(1), ZoneOffset.UTC));

    @Test
    void mapsANewProcessOfSysmon() {
        Event event =
                sysmon(
                        1,
                        "\"RuleName\":\"-\",\"UtcTime\":\"2025-10-25 13:44:33.433\",\"ProcessGuid\":\"{5AA13A44-D441}\",\"ProcessId\":7112,\"Image\":\"C:\\\\Windows\\\\reg.exe\",\"OriginalFileName\":\"reg.exe\",\"Company\":\"-\",\"CommandLine\":\"reg query\",\"User\":\"LAB\\\\Admin\",\"LogonId\":\"0x529ae3\",\"IntegrityLevel\":\"High\",\"Hashes\":\"SHA1=AA,MD5=BB,SHA256=CC,IMPHASH=DD\",\"ParentProcessId\":6304,\"ParentImage\":\"C:\\\\cmd.exe\",\"ParentCommandLine\":\"\",\"ParentUser\":\"-\"");
        assertThat(event.getClassUid()).isEqualTo(EventClass.PROCESS);
        assertThat(event.getActivityId()).isEqualTo(EventClass.PROCESS_LAUNCH);
        assertThat(event.getSource()).isEqualTo("sysmon");
        assertThat(event.getSourceRecordId()).isEqualTo("77");
        assertThat(event.getTimeNs()).isEqualTo(1_761_399_873_433_000_000L);
        assertThat(event.getProcess().getUid()).isEqualTo("sysmon:5aa13a44-d441");
        assertThat(event.getProcess().getPid()).isEqualTo(7112);
        assertThat(event.getProcess().getName()).isEqualTo("reg.exe");
        assertThat(event.getProcess().getHashes().getSha256()).isEqualTo("cc");
        assertThat(event.getProcess().getUser().getLoginUid()).isEqualTo("0x529ae3");
        assertThat(event.getActor().getPath()).isEqualTo("C:\\cmd.exe");
        assertThat(event.getUnmappedMap())
                .containsOnly(
                        java.util.Map.entry("Channel", "Microsoft-Windows-Sysmon/Operational"),
                        java.util.Map.entry("EventID", "1"),
                        java.util.Map.entry("Provider_Name", "Microsoft-Windows-Sysmon"),
                        java.util.Map.entry("Computer", "dc.example"),
                        java.util.Map.entry("OriginalFileName", "reg.exe"),
                        java.util.Map.entry("Company", "-"),
                        java.util.Map.entry("IntegrityLevel", "High"),
                        java.util.Map.entry("Imphash", "dd"),
                        java.util.Map.entry("ParentCommandLine", ""),
                        java.util.Map.entry("ParentUser", "-"));
    }

    @Test
    void mapsTheOtherEventsOfSysmon() {
        Event connection =
                sysmon(
                        3,
                        "\"Image\":\"C:\\\\a.exe\",\"Protocol\":\"tcp\",\"Initiated\":true,\"SourceIp\":\"10.0.0.1\",\"SourcePort\":50000,\"DestinationIp\":\"192.0.2.1\",\"DestinationPort\":\"443\",\"DestinationHostname\":\"-\"");
        assertThat(connection.getClassUid()).isEqualTo(EventClass.NETWORK);
        assertThat(connection.getConnection().getInitiated()).isTrue();
        assertThat(connection.getDstEndpoint().getPort()).isEqualTo(443);
        assertThat(connection.getUnmappedMap()).containsEntry("DestinationHostname", "-");
        Event loaded =
                sysmon(
                        7,
                        "\"Image\":\"C:\\\\a.exe\",\"ImageLoaded\":\"C:\\\\b.dll\",\"Signed\":\"false\"");
        assertThat(loaded.getClassUid()).isEqualTo(EventClass.MODULE);
        assertThat(loaded.getFile().getPath()).isEqualTo("C:\\b.dll");
        assertThat(loaded.getUnmappedMap()).containsEntry("Signed", "false");
        Event access =
                sysmon(
                        10,
                        "\"SourceImage\":\"C:\\\\a.exe\",\"SourceProcessGUID\":\"{1}\",\"TargetImage\":\"C:\\\\lsass.exe\",\"GrantedAccess\":\"0x1410\"");
        assertThat(access.getActor().getUid()).isEqualTo("sysmon:1");
        assertThat(access.getProcess().getPath()).isEqualTo("C:\\lsass.exe");
        Event registry =
                sysmon(
                        12,
                        "\"EventType\":\"DeleteKey\",\"TargetObject\":\"HKLM\\\\x\",\"Image\":\"C:\\\\a.exe\"");
        assertThat(registry.getClassUid()).isEqualTo(EventClass.REGISTRY_KEY);
        assertThat(registry.getActivityId()).isEqualTo(EventClass.REGISTRY_KEY_DELETE);
        assertThat(sysmon(23, "\"TargetFilename\":\"C:\\\\x\"").getActivityId())
                .isEqualTo(EventClass.FILE_DELETE);
        assertThat(sysmon(22, "\"QueryName\":\"a.example\"").getDnsQuery().getHostname())
                .isEqualTo("a.example");
    }

    @Test
    void mapsSecurityAndKeepsItsFields() {
        Event event =
                event(
                        "Microsoft-Windows-Security-Auditing",
                        "4688",
                        "Security",
                        "\"EventData\":{\"SubjectUserSid\":\"S-1-5-18\",\"SubjectUserName\":\"HOST$\",\"SubjectDomainName\":\"LAB\",\"SubjectLogonId\":\"0x3e7\",\"NewProcessId\":\"0x1bc8\",\"NewProcessName\":\"C:\\\\Windows\\\\whoami.exe\",\"ProcessId\":\"0x10\",\"CommandLine\":\"whoami /all\",\"TargetUserSid\":\"S-1-0-0\",\"TargetUserName\":\"-\",\"TargetDomainName\":\"-\",\"TargetLogonId\":\"0x0\",\"ParentProcessName\":\"C:\\\\cmd.exe\",\"MandatoryLabel\":\"S-1-16-16384\"}");
        assertThat(event.getClassUid()).isEqualTo(EventClass.PROCESS);
        assertThat(event.getSource()).isEqualTo("windows_event_log");
        assertThat(event.getProcess().getPid()).isEqualTo(0x1bc8);
        assertThat(event.getProcess().getUser().getName()).isEqualTo("LAB\\HOST$");
        assertThat(event.getProcess().getUser().getLoginUid()).isEqualTo("0x3e7");
        assertThat(event.getActor().getPid()).isEqualTo(16);
        assertThat(event.getActor().getPath()).isEqualTo("C:\\cmd.exe");
        assertThat(event.getUnmappedMap())
                .containsEntry("NewProcessId", "0x1bc8")
                .containsEntry("IntegrityLevel", "System")
                .containsEntry("TargetUserName", "-")
                .containsEntry("Keywords", "0x8020000000000000")
                .containsEntry("Security_UserID", "S-1-5-18");
    }

    @Test
    void mapsLogonsAndConnectionsOfSecurity() {
        Event logon =
                security(
                        "4625",
                        "\"TargetUserName\":\"bob\",\"TargetDomainName\":\"LAB\",\"IpAddress\":\"::ffff:192.0.2.7\",\"IpPort\":\"4444\",\"LogonType\":3,\"WorkstationName\":\"WS\"");
        assertThat(logon.getClassUid()).isEqualTo(EventClass.AUTHENTICATION);
        assertThat(logon.getUser().getName()).isEqualTo("LAB\\bob");
        assertThat(logon.getSrcEndpoint().getIp()).isEqualTo("192.0.2.7");
        assertThat(logon.getUnmappedMap())
                .containsEntry("IpAddress", "::ffff:192.0.2.7")
                .containsEntry("LogonType", "3");
        Event connection =
                security(
                        "5156",
                        "\"ProcessID\":\"3428\",\"Application\":\"\\\\device\\\\x.exe\",\"Direction\":\"%%14592\",\"SourceAddress\":\"10.0.0.1\",\"SourcePort\":\"80\",\"DestAddress\":\"10.0.0.2\",\"DestPort\":\"5000\",\"Protocol\":\"17\"");
        assertThat(connection.getConnection().getProtocol()).isEqualTo("udp");
        assertThat(connection.getConnection().getInitiated()).isFalse();
        assertThat(connection.getActor().getPid()).isEqualTo(3428);
        assertThat(connection.getDstEndpoint().getPort()).isEqualTo(5000);
    }

    @Test
    void readsUserDataAndUnnamedValues() {
        Event user =
                event(
                        "Microsoft-Windows-WMI-Activity",
                        "{\"#text\":5858,\"#attributes\":{\"Qualifiers\":0}}",
                        "Microsoft-Windows-WMI-Activity/Operational",
                        "\"UserData\":{\"Operation_ClientFailure\":{\"#attributes\":{\"xmlns\":\"http://x\"},\"Operation\":\"Start\",\"ClientProcessId\":25920,\"PossibleCause\":null}}");
        assertThat(user.getUnmappedMap())
                .containsEntry("EventID", "5858")
                .containsEntry("Operation", "Start")
                .containsEntry("ClientProcessId", "25920")
                .doesNotContainKeys("xmlns", "PossibleCause");
        Event classic =
                event(
                        "MsiInstaller",
                        "1040",
                        "Application",
                        "\"EventData\":{\"Data\":{\"#text\":[\"C:\\\\a.msi\",\"412\",\"(NULL)\"]},\"Binary\":\"\"}");
        assertThat(classic.getUnmappedMap())
                .containsEntry("Data", "C:\\a.msi\n412\n(NULL)")
                .containsEntry("Binary", "");
        Event named =
                event(
                        "x",
                        "1",
                        "System",
                        "\"EventData\":{\"Data\":[{\"@Name\":\"param1\",\"#text\":\"Spooler\"},{\"@Name\":\"param2\",\"#text\":\"stopped\"}]}");
        assertThat(named.getUnmappedMap())
                .containsEntry("param1", "Spooler")
                .containsEntry("param2", "stopped");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Channel\":\"Security\",\"EventID\":4672,\"SourceName\":\"P\",\"Hostname\":\"h\",\"TimeCreated\":\"2020-10-19 03:30:41.104\",\"PrivilegeList\":\"SeDebug\",\"tags\":[\"a\"],\"@version\":\"1\"}",
                "{\"Channel\":\"Security\",\"EventID\":\"4672\",\"ProviderName\":\"P\",\"Computer\":\"h\",\"EventTime\":\"2020-10-19T03:30:41.104Z\",\"EventData\":\"{\\\"PrivilegeList\\\":\\\"SeDebug\\\"}\"}",
                "{\"@timestamp\":\"2020-10-19T03:30:41.104Z\",\"winlog\":{\"channel\":\"Security\",\"event_id\":\"4672\",\"provider_name\":\"P\",\"computer_name\":\"h\",\"event_data\":{\"PrivilegeList\":\"SeDebug\"}},\"agent\":{\"type\":\"winlogbeat\"}}",
                "{\"System\":{\"Provider_attributes\":{\"Name\":\"P\"},\"EventID\":4672,\"EventID_attributes\":{\"Qualifiers\":1},\"TimeCreated_attributes\":{\"SystemTime\":\"2020-10-19T03:30:41.104Z\"},\"Channel\":\"Security\",\"Computer\":\"h\"},\"EventData\":{\"PrivilegeList\":\"SeDebug\"}}",
                "{\"Event\":{\"System\":{\"Provider\":{\"@Name\":\"P\"},\"EventID\":{\"Value\":4672},\"TimeCreated\":{\"SystemTime\":1603078241.104},\"Channel\":\"Security\",\"Computer\":\"h\"},\"EventData\":{\"Data\":[{\"#attributes\":{\"Name\":\"PrivilegeList\"},\"#text\":\"SeDebug\"}]}}}"
            })
    void readsEveryFormOfARecord(String json) {
        Event event = map(json).orElseThrow();
        assertThat(event.getTimeNs()).isEqualTo(1_603_078_241_104_000_000L);
        assertThat(event.getUnmappedMap())
                .containsEntry("Channel", "Security")
                .containsEntry("EventID", "4672")
                .containsEntry("Provider_Name", "P")
                .containsEntry("Computer", "h")
                .containsEntry("PrivilegeList", "SeDebug")
                .doesNotContainKeys("tags", "@version");
    }

    @Test
    void keepsTheTextWhereThereIsNothingElse() {
        Event event =
                map("{\"Channel\":\"Windows PowerShell\",\"EventID\":400,\"SourceName\":\"PowerShell\",\"Message\":\"Engine state\",\"Keywords\":36028797018963968}")
                        .orElseThrow();
        assertThat(event.getUnmappedMap())
                .containsEntry("Message", "Engine state")
                .containsEntry("Keywords", "0x80000000000000");
        assertThat(event.getTimeNs()).isEqualTo(1_000_000_000L);
    }

    @Test
    void namesOfDefenderLoseTheirBlanks() {
        assertThat(
                        event(
                                        "Microsoft-Windows-Windows Defender",
                                        "1116",
                                        "Microsoft-Windows-Windows Defender/Operational",
                                        "\"EventData\":{\"Threat Name\":\"EICAR\"}")
                                .getUnmappedMap())
                .containsEntry("ThreatName", "EICAR");
    }

    @Test
    void recoversTheEventTypeThatShippersOverwrite() {
        Event event =
                map("{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":12,\"TargetObject\":\"HKLM\\\\x\",\"Message\":\"Registry object added or deleted:\\r\\nRuleName: -\\r\\nEventType: CreateKey\\r\\nUtcTime: x\"}")
                        .orElseThrow();
        assertThat(event.getUnmappedMap()).containsEntry("EventType", "CreateKey");
        assertThat(event.getActivityId()).isEqualTo(EventClass.REGISTRY_KEY_CREATE);
    }

    @Test
    void aLargeScriptLosesOnlyItsEnd() {
        Event event =
                event(
                        "Microsoft-Windows-PowerShell",
                        "4104",
                        "Microsoft-Windows-PowerShell/Operational",
                        "\"EventData\":{\"ScriptBlockText\":\""
                                + "ü".repeat(60_000)
                                + "\",\"Path\":\"C:\\\\x.ps1\"}");
        assertThat(event.getSerializedSize()).isLessThanOrEqualTo(EventLimits.MAX_EVENT_BYTES);
        assertThat(event.getUnmappedMap()).containsEntry("EventID", "4104").containsKey("Path");
        assertThat(event.getUnmappedOrThrow("ScriptBlockText")).hasSizeGreaterThan(10_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"EventID\":1}",
                "{\"Channel\":\"Security\"}",
                "{\"eventName\":\"x\",\"EventData\":[1,[2]]}",
                "{\"Event\":{\"System\":null,\"EventData\":\"\"}}"
            })
    void leavesOtherObjectsAlone(String json) {
        assertThat(map(json)).isEmpty();
    }

    private Event sysmon(int id, String data) {
        return event(
                "Microsoft-Windows-Sysmon",
                Integer.toString(id),
                "Microsoft-Windows-Sysmon/Operational",
                "\"EventData\":{" + data + "}");
    }

    private Event security(String id, String data) {
        return event(
                "Microsoft-Windows-Security-Auditing",
                id,
                "Security",
                "\"EventData\":{" + data + "}");
    }

    private Event event(String provider, String id, String channel, String data) {
        return map("{\"Event\":{\"#attributes\":{\"xmlns\":\"x\"},"
                        + SYSTEM.formatted(provider, id, channel)
                        + ","
                        + data
                        + "}}")
                .orElseThrow();
    }

    private Optional<Event> map(String json) {
        return mapper.map(reader.read(json).orElseThrow());
    }
}
