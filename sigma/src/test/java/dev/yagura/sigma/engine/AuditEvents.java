package dev.yagura.sigma.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.RawRecord;
import dev.yagura.sigma.SigmaDocument;
import dev.yagura.sigma.SigmaParser;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.util.List;
import java.util.Map;

/** Audit events, whose fields may have any name, and rules for them. */
final class AuditEvents {
    static final Device DEVICE = Device.newBuilder().setHostId("host").setOs("linux").build();

    private AuditEvents() {}

    /** An event of records; the entry "type" is the record's type. */
    static Event event(List<Map<String, String>> records) {
        Event.Builder event = Event.newBuilder().setSource("auditd");
        for (Map<String, String> fields : records) {
            RawRecord.Builder raw = RawRecord.newBuilder();
            fields.forEach((name, value) -> {
                if (name.equals("type")) {
                    raw.setType(value);
                } else {
                    raw.putFields(name, value);
                }
            });
            event.addRawRecords(raw);
        }
        return event.build();
    }

    /** The event as it comes in a batch: in its bytes. */
    static SensorEvent encoded(Event event) {
        byte[] bytes = event.toByteArray();
        try {
            return SensorEvent.read(bytes, 0, bytes.length);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("not readable: " + event, e);
        }
    }

    /** A rule with this text as its "detection". */
    static String ruleText(String id, String detection) {
        return """
        title: Case
        id: %s
        logsource:
            product: linux
            service: auditd
        detection:
        %s
        """
                .formatted(id, detection.stripTrailing().indent(4));
    }

    static SigmaRule rule(String text) {
        SigmaDocument document = new SigmaParser().parse(text).getFirst();
        if (document instanceof SigmaDocument.Valid valid) {
            return valid.rule();
        }
        throw new AssertionError(document + "\n" + text);
    }

    static RuleSetCompiler.Input input(SigmaRule rule) {
        return new RuleSetCompiler.Input(
                RuleReference.newBuilder()
                        .setId(rule.id())
                        .setName("rules/test/" + rule.id())
                        .build(),
                Severity.SEVERITY_LOW,
                rule);
    }
}
