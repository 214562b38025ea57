package dev.yagura.detection.alert;

import dev.yagura.proto.detection.v1.Match;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.sigma.correlation.CorrelationMatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        events = Map.copyOf(events);
    }

    /** The event as one that the correlation met. */
    Optional<Sighting> sighting(String eventId) {
        return Optional.ofNullable(events.get(eventId)).map(this::ofCorrelation);
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

    private Sighting ofCorrelation(Sighting event) {
        Match evidence =
                event.match().toBuilder()
                        .setId(
                                AlertIds.match(
                                                rule.getId(),
                                                event.match().getEvidence().getEventId())
                                        .toString())
                        .build();
        return new Sighting(
                match.id(),
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
