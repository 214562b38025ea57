package dev.yagura.detection.correlation;

import dev.yagura.detection.alert.CorrelationFinding;
import dev.yagura.detection.alert.Sighting;
import dev.yagura.detection.rule.CorrelationRules;
import dev.yagura.detection.rule.MatchOutcome;
import dev.yagura.detection.rule.RuleCounts;
import dev.yagura.sigma.correlation.BaseMatch;
import dev.yagura.sigma.correlation.CorrelationGraph;
import dev.yagura.sigma.correlation.CorrelationMatch;
import dev.yagura.sigma.correlation.GroupChanges;
import dev.yagura.sigma.correlation.GroupKey;
import dev.yagura.sigma.correlation.GroupState;
import dev.yagura.sigma.correlation.GroupStateFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One group, and what a portion of the inbox makes of it. */
final class GroupWork {
    private final CorrelationRules.InForce correlation;
    private final UUID id;
    private final GroupKey group;
    private final GroupState state;
    private final Duration lateness;
    private final Instant now;
    private Checkpoint checkpoint;
    private final Set<UUID> heldBefore = new HashSet<>();
    private final Map<BaseMatch, CorrelationMember> added = new LinkedHashMap<>();
    private final Set<BaseMatch> removed = new HashSet<>();
    private GroupChanges changes =
            new GroupChanges(
                    List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    /**
     * A group.
     *
     * @param members in the order of the inbox: of what is said twice of one event, the last holds
     * @param stored null when nothing is
     */
    GroupWork(
            CorrelationRules.InForce correlation,
            List<CorrelationMember> members,
            SqlCorrelationGroups.@Nullable Stored stored,
            Duration lateness,
            Instant now) {
        this.correlation = correlation;
        this.id = members.getFirst().groupId();
        this.group = members.getFirst().group();
        this.lateness = lateness;
        this.now = now;
        this.checkpoint = stored == null ? Checkpoint.begin(now) : stored.checkpoint();
        this.state =
                stored == null
                        ? new GroupState(correlation.definition(), group)
                        : GroupStateFormat.read(correlation.definition(), group, stored.state());
        for (CorrelationMember member : members) {
            if (member.removed()) {
                added.remove(member.match());
                removed.add(member.match());
            } else {
                removed.remove(member.match());
                added.put(member.match(), member);
            }
        }
    }

    void apply() {
        checkpoint.closes(now, lateness).ifPresent(state::close);
        state.matches().forEach(match -> heldBefore.add(match.id()));
        changes = state.change(added.keySet(), removed);
        added.keySet().removeAll(changes.tooLate());
        for (BaseMatch match : added.keySet()) {
            checkpoint = checkpoint.seen(match.timeNs());
        }
        checkpoint = checkpoint.next(now, lateness);
    }

    UUID id() {
        return id;
    }

    Collection<CorrelationMember> added() {
        return added.values();
    }

    int tooLate() {
        return changes.tooLate().size();
    }

    /** Events whose evidence is needed. */
    Set<String> eventsAskedFor() {
        Set<String> events = new TreeSet<>();
        for (CorrelationMatch match : changes.raised()) {
            events.addAll(match.firstEventIds());
            events.addAll(match.lastEventIds());
        }
        changes.qualified().forEach(event -> events.add(event.eventId()));
        changes.begun().forEach(inner -> events.add(inner.event().eventId()));
        return events;
    }

    /** What changes for correlations of this one. */
    List<CorrelationMember> further(CorrelationRules inForce, Evidence evidence) {
        List<CorrelationMember> members = new ArrayList<>();
        for (CorrelationRules.Use use : inForce.uses(correlation)) {
            for (CorrelationGraph.Inner inner : use.use().removed(changes)) {
                members.addAll(CorrelationMember.of(use, inner, true, new byte[0]));
            }
            for (CorrelationGraph.Inner inner : use.use().added(changes)) {
                evidence.bytes(id, inner.event().eventId())
                        .ifPresent(bytes ->
                                members.addAll(CorrelationMember.of(use, inner, false, bytes)));
            }
        }
        return members;
    }

    /** Whether its matches are alerts of their own. */
    boolean raisesAlerts(CorrelationRules inForce) {
        return correlation.alerting() && !inForce.takes(correlation.rule().getName());
    }

    /** Counts the matches that are new. */
    void count(CorrelationRules inForce, RuleCounts counts) {
        String name = correlation.rule().getName();
        for (CorrelationMatch match : changes.raised()) {
            if (heldBefore.contains(match.id())) {
                continue;
            }
            if (!correlation.alerting()) {
                counts.add(name, MatchOutcome.SHADOW);
                counts.addShadowAlert(name);
            } else {
                counts.add(name, inForce.takes(name) ? MatchOutcome.TAKEN : MatchOutcome.ALERTING);
            }
        }
    }

    List<CorrelationFinding> findings(Evidence evidence) {
        return changes.raised().stream()
                .map(match ->
                        new CorrelationFinding(
                                match,
                                correlation.rule(),
                                correlation.severity(),
                                correlation.groupBy(),
                                events(match, evidence)))
                .toList();
    }

    private Map<String, Sighting> events(CorrelationMatch match, Evidence evidence) {
        Map<String, Sighting> events = new HashMap<>();
        Stream.concat(match.firstEventIds().stream(), match.lastEventIds().stream())
                .distinct()
                .forEach(event ->
                        evidence.sighting(id, event)
                                .ifPresent(sighting -> events.put(event, sighting)));
        return events;
    }

    /** Ids of matches that do not hold any more. */
    List<UUID> withdrawn() {
        return changes.withdrawn().stream().map(CorrelationMatch::id).toList();
    }

    SqlCorrelationGroups.Saved saved() {
        return new SqlCorrelationGroups.Saved(
                id,
                correlation.key(),
                group,
                GroupStateFormat.write(state),
                checkpoint,
                state.horizonNs(),
                added.values());
    }
}
