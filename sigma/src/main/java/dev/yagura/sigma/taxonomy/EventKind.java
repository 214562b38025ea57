package dev.yagura.sigma.taxonomy;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import java.util.Optional;
import java.util.Set;

/**
 * What decides which log sources an event belongs to; nothing else of an event may. Events of one
 * kind are looked at by the same rules.
 *
 * @param os of the device: "linux", "windows", "macos"
 * @param source format of the sensor, as in {@link Event#getSource()}
 * @param classUid OCSF class
 * @param activityId OCSF activity within the class
 * @param channel Windows event log channel, empty elsewhere
 * @param eventId event id within the channel, empty elsewhere
 */
public record EventKind(
        String os, String source, int classUid, int activityId, String channel, String eventId) {
    /** Names in {@link Event#getUnmappedMap()}, and in Sigma. */
    static final String CHANNEL = "Channel";

    static final String EVENT_ID = "EventID";

    /** What a kind may tell. */
    static final Set<String> FIELDS = Set.of(CHANNEL, EVENT_ID);

    /** The kind of an event. */
    public static EventKind of(Device device, Event event) {
        return new EventKind(
                device.getOs(),
                event.getSource(),
                event.getClassUid(),
                event.getActivityId(),
                unmapped(event, CHANNEL),
                unmapped(event, EVENT_ID));
    }

    /** Whether the event is of this kind; makes nothing. */
    public boolean isOf(Device device, Event event) {
        return classUid == event.getClassUid()
                && activityId == event.getActivityId()
                && eventId.equals(unmapped(event, EVENT_ID))
                && channel.equals(unmapped(event, CHANNEL))
                && source.equals(event.getSource())
                && os.equals(device.getOs());
    }

    /** The same for all events of one kind; makes nothing. */
    public static int hash(Device device, Event event) {
        int hash = event.getClassUid() * 31 + event.getActivityId();
        hash = hash * 31 + unmapped(event, EVENT_ID).hashCode();
        hash = hash * 31 + unmapped(event, CHANNEL).hashCode();
        hash = hash * 31 + event.getSource().hashCode();
        return hash * 31 + device.getOs().hashCode();
    }

    private static String unmapped(Event event, String name) {
        String value = event.getUnmappedMap().get(name);
        return value == null ? "" : value;
    }

    /**
     * The value of one of {@link #FIELDS} that all events of the kind have in common.
     *
     * @return empty when events of the kind have none
     */
    Optional<String> valueOf(String field) {
        return switch (field) {
            case CHANNEL -> Optional.of(channel).filter(value -> !value.isEmpty());
            case EVENT_ID -> Optional.of(eventId).filter(value -> !value.isEmpty());
            default -> Optional.empty();
        };
    }
}
