package dev.yagura.sigma.canary;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.sigma.Detection;
import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.taxonomy.EventKind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is made up for one log source as one sensor delivers it.
 *
 * @param id for example "linux.process_creation.auditd"
 * @param perRecord whether rules look at one raw record at a time
 * @param kinds of events that it stands for
 * @param places of fields, by Sigma's names; fields that are where their own name says are not here
 */
public record Canary(
        String id,
        LogSource logSource,
        boolean perRecord,
        Kinds kinds,
        Map<String, String> places) {
    /** Name in the events' own map, and in a record, that tells which canary one is. */
    public static final String MARK = "yagura.canary";

    private static final String PREFIX = "canaries/";

    /**
     * Kinds of events. An empty part stands for any.
     *
     * @param os of the device: "linux", "windows"; empty where it does not matter
     * @param sensor as in Event.source; empty where any will do
     * @param channels without regard to case
     */
    public record Kinds(
            String os,
            String sensor,
            List<Integer> classes,
            List<Integer> activities,
            List<String> channels,
            List<String> eventIds) {
        public Kinds {
            classes = List.copyOf(classes);
            activities = List.copyOf(activities);
            channels = List.copyOf(channels);
            eventIds = List.copyOf(eventIds);
        }

        boolean accepts(EventKind kind) {
            return (sensor.isEmpty() || sensor.equals(kind.source()))
                    && (classes.isEmpty() || classes.contains(kind.classUid()))
                    && (activities.isEmpty() || activities.contains(kind.activityId()))
                    && (eventIds.isEmpty() || eventIds.contains(kind.eventId()))
                    && (channels.isEmpty()
                            || channels.stream().anyMatch(kind.channel()::equalsIgnoreCase));
        }
    }

    public Canary {
        places = Map.copyOf(places);
    }

    /** "canaries/{id}"; never the name of a rule of a pack. */
    public String name() {
        return PREFIX + id;
    }

    /** Whether a rule of this name is a canary's. */
    public static boolean isCanary(String ruleName) {
        return ruleName.startsWith(PREFIX);
    }

    /** Whether rules for the log source are for this one too; as in the mappings. */
    public boolean isFor(LogSource wanted) {
        boolean product =
                wanted.product().isEmpty()
                        || logSource.product().isEmpty()
                        || wanted.product().equals(logSource.product());
        return product
                && wanted.category().equals(logSource.category())
                && wanted.service().equals(logSource.service());
    }

    /** Whether an event of this kind is of the log source and sensor. */
    public boolean standsFor(EventKind kind) {
        return kinds.accepts(kind);
    }

    /** The host that the event is from. */
    public Device device() {
        return Device.newBuilder().setOs(kinds.os()).build();
    }

    /**
     * The event and the rule that it meets.
     *
     * @param fields that rules use; those that are in no place of their own are taken as they are
     */
    public CanaryProbe probe(Iterable<String> fields) {
        CanaryEvent event = new CanaryEvent(this);
        Map<String, String> values = new TreeMap<>();
        // The event has all that has a place, whatever rules use: replicas may differ in that.
        new TreeMap<>(places).forEach((field, place) -> values.put(field, event.put(place)));
        Map<String, String> used = new TreeMap<>();
        for (String field : fields) {
            if (field.equals(Detection.KEYWORDS)) {
                used.put(field, name());
            } else {
                String value = values.get(field);
                used.put(field, value == null ? event.putOwnName(field) : value);
            }
        }
        if (used.isEmpty()) {
            used.putAll(values);
        }
        if (used.isEmpty()) {
            used.put(Detection.KEYWORDS, name());
        }
        return new CanaryProbe(this, event.build(), used);
    }
}
