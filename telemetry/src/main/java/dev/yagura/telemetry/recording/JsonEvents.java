package dev.yagura.telemetry.recording;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.cloudtrail.CloudTrailMapper;
import dev.yagura.telemetry.event.BadLines;
import dev.yagura.telemetry.event.EventData;
import dev.yagura.telemetry.event.EventLimits;
import dev.yagura.telemetry.event.EventSink;
import dev.yagura.telemetry.event.EventTimes;
import dev.yagura.telemetry.json.JsonReader;
import dev.yagura.telemetry.json.JsonRecord;
import dev.yagura.telemetry.syslog.SyslogRecords;
import dev.yagura.telemetry.sysmon.SysmonParser;
import dev.yagura.telemetry.windows.WindowsMapper;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * JSON objects to events, each by what it holds: a record of a Windows event log, of CloudTrail, a
 * syslog message, Sysmon for Linux in the text of one, or else an object of a source that only
 * custom mappings know, with all its values unmapped. Not for several threads.
 */
final class JsonEvents {
    /** {@link Event#getSource()} of objects that no reader knows. */
    static final String DEFAULT_SOURCE = "json";

    private static final int SHOWN = 200;

    private static final List<String> TIMES =
            List.of(
                    "@timestamp",
                    "timestamp",
                    "time",
                    "eventTime",
                    "published",
                    "TimeGenerated",
                    "TimeCreated",
                    "date",
                    "ts");

    private final Clock clock;
    private final String source;
    private final JsonReader reader = new JsonReader();
    private final JsonReader nested = new JsonReader();
    private final EventData data = new EventData();
    private final CloudTrailMapper cloudTrail;

    /** The one that knew the last object comes first. */
    private final List<Function<JsonRecord, Optional<Event>>> mappers = new ArrayList<>();

    JsonEvents(Clock clock, String source) {
        this.clock = clock;
        this.source = source;
        this.cloudTrail = new CloudTrailMapper(clock);
        mappers.add(new WindowsMapper(clock)::map);
        mappers.add(cloudTrail::map);
        mappers.add(new SyslogRecords(clock)::map);
    }

    /** One object. */
    void read(byte[] bytes, int from, int to, BadLines badLines, EventSink sink) {
        Optional<JsonRecord> record = reader.read(bytes, from, to);
        if (record.isEmpty()) {
            badLines.add(
                    new String(bytes, from, Math.min(SHOWN, to - from), StandardCharsets.UTF_8),
                    "no JSON object");
        } else if (!sysmonOfLinux(record.get(), badLines, sink)) {
            sink.accept(event(record.get()));
        }
    }

    private Event event(JsonRecord record) {
        for (int i = 0; i < mappers.size(); i++) {
            Optional<Event> event = mappers.get(i).apply(record);
            if (event.isPresent()) {
                mappers.addFirst(mappers.remove(i));
                return event.get();
            }
        }
        // An answer of CloudTrail's LookupEvents has the record as a text.
        return nested.read(record.text("CloudTrailEvent"))
                .flatMap(cloudTrail::map)
                .orElseGet(() -> unknown(record));
    }

    private boolean sysmonOfLinux(JsonRecord record, BadLines badLines, EventSink sink) {
        for (int i = 0; i < record.size(); i++) {
            String value = record.value(i);
            if (value.length() > 100 && SysmonParser.reads(value)) {
                new SysmonParser(clock, badLines, sink).line(value);
                return true;
            }
        }
        return false;
    }

    private Event unknown(JsonRecord record) {
        long now = EventTimes.nanos(clock.instant());
        data.clear();
        for (int i = 0; i < record.size(); i++) {
            data.add(record.path(i).text(), record.value(i));
        }
        long time =
                TIMES.stream()
                        .map(name -> EventTimes.parse(data.text(name)))
                        .filter(java.util.OptionalLong::isPresent)
                        .mapToLong(java.util.OptionalLong::getAsLong)
                        .findFirst()
                        .orElse(now);
        Event.Builder event =
                Event.newBuilder().setTimeNs(time).setObservedTimeNs(now).setSource(source);
        data.putRest(event);
        return EventLimits.bound(event.build());
    }
}
