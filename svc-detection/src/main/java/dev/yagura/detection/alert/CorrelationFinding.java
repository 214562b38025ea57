package dev.yagura.detection.alert;

import dev.yagura.proto.detection.v1.Match;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.sigma.correlation.CorrelationMatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A match of a correlation, with all that an alert and an incident need of it.
 *
 * @param groupBy names of the fields that the match's group has values of
 * @param events sightings of the first and last events, by event id; without those whose evidence
 *     is not kept any more
 */
public record CorrelationFinding(
        CorrelationMatch match,
        RuleReference rule,
        Severity severity,
        List<String> groupBy,
        Map<String, Sighting> events) {

    public CorrelationFinding {
        groupBy = List.copyOf(groupBy);
        Map<String, Sighting> met = new HashMap<>();
        events.forEach((id, event) -> met.put(id, met(event, match.id(), rule, severity)));
        events = Map.copyOf(met);
    }

    /** The event as one that the correlation met. */
    Optional<Sighting> sighting(String eventId) {
        return Optional.ofNullable(events.get(eventId));
    }

    /** Those that are kept, in time; the earliest first. */
    public List<Sighting> sightings() {
        return Stream.concat(match.firstEventIds().stream(), match.lastEventIds().stream())
                .distinct()
                .flatMap(id -> sighting(id).stream())
                .toList();
    }

    /** Whether each of the first and last events is kept. */
    boolean isComplete() {
        return events.keySet().containsAll(match.firstEventIds())
                && events.keySet().containsAll(match.lastEventIds());
    }

    private static Sighting met(
            Sighting event, UUID alertId, RuleReference rule, Severity severity) {
        Match evidence =
                event.match().toBuilder()
                        .setId(
                                AlertIds.match(
                                                rule.getId(),
                                                event.match().getEvidence().getEventId())
                                        .toString())
                        .build();
        return new Sighting(
                alertId,
                event.hostId(),
                rule,
                severity,
                event.entity(),
                evidence,
                event.times(),
                event.occurredNs(),
                event.asset(),
                event.lineage());
    }
}
