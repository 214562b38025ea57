package dev.yagura.telemetry.sysmon;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.event.EventData;
import dev.yagura.telemetry.event.EventLimits;
import dev.yagura.telemetry.event.EventTimes;
import java.time.Clock;

/** Events of Sysmon for Linux to events of the contract. */
final class SysmonMapper {
    static final String SOURCE = "sysmon_linux";

    private final Clock clock;

    SysmonMapper(Clock clock) {
        this.clock = clock;
    }

    Event map(SysmonEvent sysmon, long timeNanos) {
        EventData data = new EventData();
        sysmon.data().forEach(data::set);
        data.drop("UtcTime");
        Event.Builder event = SysmonCore.of(sysmon.id(), data, timeNanos);
        event.setTimeNs(timeNanos)
                .setObservedTimeNs(EventTimes.nanos(clock.instant()))
                .setSource(SOURCE)
                .setSourceRecordId(sysmon.recordId())
                .putUnmapped("EventID", Integer.toString(sysmon.id()));
        data.putRest(event);
        return EventLimits.bound(event.build());
    }
}
