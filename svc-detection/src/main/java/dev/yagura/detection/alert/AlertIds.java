package dev.yagura.detection.alert;

import dev.yagura.common.ids.Ids;
import dev.yagura.proto.detection.v1.Entity;
import java.time.Duration;
import java.util.UUID;

/** Ids that every replay derives alike. */
final class AlertIds {
    private static final UUID MATCHES = UUID.fromString("5b2f2d0a-1f6f-5f0e-8f63-5a6f6f3f9c01");
    private static final UUID ALERTS = UUID.fromString("5b2f2d0a-1f6f-5f0e-8f63-5a6f6f3f9c02");

    private AlertIds() {}

    static UUID match(String ruleId, String eventId) {
        return Ids.v5(MATCHES, ruleId, eventId);
    }

    /**
     * The alert that a match belongs to.
     *
     * @param occurredNs corrected time of the event
     */
    static UUID alert(String ruleId, UUID hostId, Entity entity, long occurredNs, Duration period) {
        long start = Math.floorDiv(occurredNs, period.toNanos()) * period.toNanos();
        return Ids.v5(
                ALERTS,
                ruleId,
                hostId.toString(),
                entity.getKind().name(),
                entity.getId(),
                Long.toString(start));
    }
}
