package dev.yagura.telemetry.auditd;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.RawRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The records themselves, decoded, for rules on raw fields (Sigma's service auditd); bounded. */
final class RawRecords {
    private static final int MOST_CHARACTERS = 24 * 1024;
    private static final String LEFT_OUT = "yagura.raw_records_left_out";

    /** Capabilities of files, zero nearly always, and in no rule: a third of a PATH record. */
    private static final Set<String> LEFT_OUT_FIELDS =
            Set.of("cap_fp", "cap_fi", "cap_fe", "cap_fver", "cap_frootid");

    private RawRecords() {}

    static void addTo(Event.Builder event, AuditEvent audit) {
        int characters = 0;
        int leftOut = 0;
        for (AuditRecord record : audit.records()) {
            Map<String, String> fields = fields(record);
            int size =
                    fields.entrySet().stream()
                            .mapToInt(field -> field.getKey().length() + field.getValue().length())
                            .sum();
            if (characters + size > MOST_CHARACTERS) {
                leftOut++;
                continue;
            }
            characters += size;
            event.addRawRecords(RawRecord.newBuilder().setType(record.type()).putAllFields(fields));
        }
        if (leftOut > 0) {
            event.putUnmapped(LEFT_OUT, Integer.toString(leftOut));
        }
    }

    private static Map<String, String> fields(AuditRecord record) {
        Map<String, String> fields = new LinkedHashMap<>(record.fields());
        fields.keySet().removeAll(LEFT_OUT_FIELDS);
        if (record.type().equals("SYSCALL")) {
            fields.putIfAbsent("SYSCALL", SystemCalls.name(record));
        }
        return fields;
    }
}
