package dev.yagura.response;

import com.google.protobuf.Timestamp;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentMember;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.detection.v1.TacticEvidence;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.FindingsTarget;
import java.time.Instant;
import java.util.UUID;

/** Incidents as detection has them, and what import_findings is asked for. */
public final class TestIncidents {
    private TestIncidents() {}

    /** A new one, on the web server. */
    public static Incident.Builder onWeb() {
        return Incident.newBuilder()
                .setName("incidents/" + UUID.randomUUID())
                .setScope(TestService.TOKYO)
                .setState(IncidentState.INCIDENT_STATE_OPEN)
                .setTitle("Credential theft on web-1")
                .setSeverity(Severity.SEVERITY_HIGH)
                .setConfidence(90)
                .setPriority(70)
                .setAsset(
                        AssetSnapshot.newBuilder()
                                .setHostId("0198c0de-host")
                                .setHostname("web-1")
                                .setInstanceId(TestService.WEB)
                                .setScope(TestService.TOKYO))
                .addMembers(IncidentMember.newBuilder().setTitle("IMDS read by curl"))
                .addTactics(
                        TacticEvidence.newBuilder()
                                .setTactic("credential-access")
                                .addTechniques("T1552.005"))
                .addTactics(TacticEvidence.newBuilder().setTactic("command-and-control"))
                .setCreateTime(at("2026-03-27T02:34:08.120456Z"))
                .setFirstOccurred(at("2026-03-27T02:34:07.123456Z"))
                .setLastOccurred(at("2026-03-27T02:41:00Z"));
    }

    private static Timestamp at(String text) {
        Instant time = Instant.parse(text);
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    public static ActionTarget findings() {
        return ActionTarget.newBuilder()
                .setScope(TestService.TOKYO)
                .setFindings(FindingsTarget.getDefaultInstance())
                .build();
    }
}
