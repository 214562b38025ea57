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
    public static EventKind of(Device device, SensorEvent event) {
        Event core = event.core();
        return new EventKind(
                device.getOs(),
                core.getSource(),
                core.getClassUid(),
                core.getActivityId(),
                event.channel(),
                event.eventId());
    }

    /** Whether the event is of this kind; makes nothing. */
    public boolean isOf(Device device, SensorEvent event) {
        Event core = event.core();
        return classUid == core.getClassUid()
                && activityId == core.getActivityId()
                && eventId.equals(event.eventId())
                && channel.equals(event.channel())
                && source.equals(core.getSource())
                && os.equals(device.getOs());
    }

    /** The same for all events of one kind; makes nothing. */
    public static int hash(Device device, SensorEvent event) {
        Event core = event.core();
        int hash = core.getClassUid() * 31 + core.getActivityId();
        hash = hash * 31 + event.eventId().hashCode();
        hash = hash * 31 + event.channel().hashCode();
        hash = hash * 31 + core.getSource().hashCode();
        return hash * 31 + device.getOs().hashCode();
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
