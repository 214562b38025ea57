package dev.yagura.sigma.taxonomy;

import java.util.List;
import java.util.Set;

/**
 * Kinds of events. An empty part stands for any.
 *
 * @param sources "sysmon", "auditd", …; an empty name is a sensor that does not say
 * @param systems of the device: "linux", "windows"; asked only of an event without a source
 * @param channels Windows channels or syslog programs, without regard to case
 */
record EventFilter(
        Set<String> sources,
        Set<String> systems,
        Set<Integer> classes,
        Set<Integer> activities,
        List<String> channels,
        Set<String> eventIds) {
    EventFilter {
        sources = Set.copyOf(sources);
        systems = Set.copyOf(systems);
        classes = Set.copyOf(classes);
        activities = Set.copyOf(activities);
        channels = List.copyOf(channels);
        eventIds = Set.copyOf(eventIds);
    }

    boolean accepts(EventKind kind) {
        return isFrom(kind)
                && (classes.isEmpty() || classes.contains(kind.classUid()))
                && (activities.isEmpty() || activities.contains(kind.activityId()))
                && (eventIds.isEmpty() || eventIds.contains(kind.eventId()))
                && (channels.isEmpty()
                        || channels.stream().anyMatch(kind.channel()::equalsIgnoreCase));
    }

    private boolean isFrom(EventKind kind) {
        if (!sources.isEmpty() && !sources.contains(kind.source())) {
            return false;
        }
        return !kind.source().isEmpty() || systems.isEmpty() || systems.contains(kind.os());
    }
}
