package dev.yagura.detection.alert;

import dev.yagura.detection.process.Lineage;
import dev.yagura.proto.detection.v1.AlertTimes;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Entity;
import dev.yagura.proto.detection.v1.IndicatorEvidence;
import dev.yagura.proto.detection.v1.Match;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import java.util.List;
import java.util.UUID;

/**
 * One rule met by one event, with all that an alert and an incident need of it.
 *
 * @param alertId the alert it belongs to
 * @param entity what it is about
 * @param times without the time of the commit
 * @param occurredNs corrected
 * @param lineage of the process that the event is about
 */
public record Sighting(
        UUID alertId,
        UUID hostId,
        RuleReference rule,
        Severity severity,
        Entity entity,
        Match match,
        AlertTimes times,
        long occurredNs,
        AssetSnapshot asset,
        Lineage lineage) {

    /**
     * The same, of indicators.
     *
     * @param retro found in the kept log, not when the event came
     */
    public Sighting of(List<IndicatorEvidence> indicators, boolean retro) {
        return new Sighting(
                alertId,
                hostId,
                rule,
                severity,
                entity,
                match.toBuilder().addAllIndicators(indicators).setRetro(retro).build(),
                times,
                occurredNs,
                asset,
                lineage);
    }
}
