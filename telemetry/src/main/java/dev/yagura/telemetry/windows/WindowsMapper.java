package dev.yagura.telemetry.windows;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.event.EventLimits;
import dev.yagura.telemetry.event.EventTimes;
import dev.yagura.telemetry.json.JsonRecord;
import dev.yagura.telemetry.sysmon.SysmonCore;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Records of Windows event logs to events of the contract. Not for several threads. */
public final class WindowsMapper {
    /** {@link Event#getSource()} of the Sysmon channel, and of every other. */
    public static final String SYSMON = "sysmon";

    public static final String EVENT_LOG = "windows_event_log";

    /**
     * The values of an event are all there is, but for these channels: there rules name the text.
     */
    private static final Set<String> WITH_MESSAGE = Set.of("application", "system");

    private static final Set<String> RESERVED =
            Set.of("Channel", "EventID", "Provider_Name", "Computer");

    private final Clock clock;
    private final WindowsRecord record = new WindowsRecord();

    public WindowsMapper(Clock clock) {
        this.clock = clock;
    }

    /** The event; empty when the object is no record of a Windows event log. */
    public Optional<Event> map(JsonRecord json) {
        if (!record.read(json)) {
            return Optional.empty();
        }
        long now = EventTimes.nanos(clock.instant());
        OptionalLong recorded = record.timeNanos();
        long time = recorded.orElse(now);
        Event.Builder event = record.isSysmon() ? sysmon(time) : eventLog(time);
        event.setTimeNs(time).setObservedTimeNs(now).setSourceRecordId(record.recordId);
        record.data.putRest(event);
        event.putUnmapped("Channel", record.channel)
                .putUnmapped("EventID", record.eventId)
                .putUnmapped("Provider_Name", record.provider)
                .putUnmapped("Computer", record.computer);
        return Optional.of(EventLimits.bound(event.build(), json.sourceBytes()));
    }

    private Event.Builder sysmon(long time) {
        record.data.drop("UtcTime");
        record.recoverEventType();
        return SysmonCore.of(id(), record.data, time).setSource(SYSMON);
    }

    private Event.Builder eventLog(long time) {
        Event.Builder event =
                record.channel.equalsIgnoreCase("Security")
                        ? SecurityCore.of(id(), record.data, time)
                        : Event.newBuilder();
        for (String reserved : RESERVED) {
            String value = record.data.text(reserved);
            if (!value.isEmpty()) {
                event.putUnmapped("EventData." + reserved, value);
            }
        }
        record.system.forEach(event::putUnmapped);
        if (!record.message.isEmpty()
                && (record.data.isEmpty()
                        || WITH_MESSAGE.contains(
                                record.channel.toLowerCase(java.util.Locale.ROOT)))) {
            event.putUnmapped("Message", record.message);
        }
        return event.setSource(EVENT_LOG);
    }

    private int id() {
        try {
            return Integer.parseInt(record.eventId);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
