package dev.yagura.detection.correlation;

import dev.yagura.detection.alert.LogRecord;
import dev.yagura.detection.alert.Sighting;
import dev.yagura.detection.alert.SightingCodec;
import dev.yagura.detection.rule.CorrelationRules;
import dev.yagura.sigma.correlation.BaseMatch;
import dev.yagura.sigma.correlation.CorrelationGraph;
import dev.yagura.sigma.correlation.GroupKey;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.util.List;
import java.util.UUID;

/**
 * A match of a rule, or an inner correlation's, as a member of a group of a correlation.
 *
 * @param correlation key of its stored state
 * @param removed it was a member, and is not any more
 * @param evidence the event's sighting as bytes; empty when removed
 */
public record CorrelationMember(
        String correlation,
        UUID groupId,
        GroupKey group,
        BaseMatch match,
        boolean removed,
        byte[] evidence) {
    private static final int ROW_BYTES = 200;

    /** What the match of a rule is in the correlations in force. */
    public static List<CorrelationMember> of(
            CorrelationRules rules, LogRecord record, SensorEvent event, Sighting sighting) {
        List<CorrelationRules.Part> parts =
                rules.parts(
                        sighting.rule().getName(),
                        record.entry().getDevice(),
                        event,
                        sighting.match().getEvidence().getEventId(),
                        sighting.occurredNs());
        if (parts.isEmpty()) {
            return List.of();
        }
        byte[] evidence = SightingCodec.encode(sighting);
        return parts.stream()
                .map(part ->
                        new CorrelationMember(
                                part.correlation().key(),
                                part.correlation().groupId(part.member().group()),
                                part.member().group(),
                                part.member().match(),
                                false,
                                evidence))
                .toList();
    }

    /** What an inner correlation's match is in an outer one; none where it lacks a field. */
    static List<CorrelationMember> of(
            CorrelationRules.Use use,
            CorrelationGraph.Inner inner,
            boolean removed,
            byte[] evidence) {
        CorrelationRules.InForce outer = use.correlation();
        return outer
                .definition()
                .member(
                        use.use().rule(),
                        inner.id(),
                        inner.event().timeNs(),
                        inner.event().carried()::get)
                .map(member ->
                        new CorrelationMember(
                                outer.key(),
                                outer.groupId(member.group()),
                                member.group(),
                                member.match(),
                                removed,
                                evidence))
                .stream()
                .toList();
    }

    /** About how many bytes it takes in memory. */
    public int size() {
        return evidence.length + ROW_BYTES;
    }
}
