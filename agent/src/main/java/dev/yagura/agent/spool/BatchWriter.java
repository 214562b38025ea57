package dev.yagura.agent.spool;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.yagura.agent.event.AgentCounters;
import dev.yagura.proto.ingest.v1.TelemetryBatch;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.EventBatch;
import dev.yagura.telemetry.event.EventSink;

/**
 * Collects events of one host into batches and spools them. A batch ends at a number of events, at
 * a size, after a delay, or when the boot of the host changes. Not for several threads.
 */
public final class BatchWriter implements EventSink {
    private static final int SCHEMA_MAJOR = 1;
    private static final int COMPRESSION_LEVEL = 3;

    /** Tag and length in front of each event. */
    private static final int EVENT_OVERHEAD =
            1 + CodedOutputStream.computeUInt32SizeNoTag(Integer.MAX_VALUE);

    private final Spool spool;
    private final BatchConfig config;
    private final AgentCounters counters;
    private final EventBatch.Builder events = EventBatch.newBuilder().setSchemaMajor(SCHEMA_MAJOR);
    private Device device;
    private int bytes;
    private long begunNanos;
    private long lost;

    public BatchWriter(Spool spool, BatchConfig config, Device device, AgentCounters counters) {
        this.spool = spool;
        this.config = config;
        this.device = device;
        this.counters = counters;
    }

    /** Events from now on are of this boot. */
    public void boot(String bootId) {
        if (!device.getBootId().equals(bootId)) {
            flush();
            device = device.toBuilder().setBootId(bootId).build();
        }
    }

    @Override
    public void accept(Event event) {
        counters.read(1);
        int size = event.getSerializedSize() + EVENT_OVERHEAD;
        if (bytes + size > config.maxBytes()) {
            flush();
        }
        if (events.getEventsCount() == 0) {
            begunNanos = System.nanoTime();
        }
        events.addEvents(event);
        bytes += size;
        if (events.getEventsCount() >= config.maxEvents()) {
            flush();
        }
    }

    /** Spools a batch whose first event has waited long enough. */
    public void tick() {
        if (events.getEventsCount() > 0
                && System.nanoTime() - begunNanos >= config.maxDelay().toNanos()) {
            flush();
        }
    }

    /** Spools what was collected. */
    public void flush() {
        int count = events.getEventsCount();
        if (count == 0) {
            return;
        }
        TelemetryBatch.Builder batch =
                TelemetryBatch.newBuilder()
                        .setDevice(device)
                        .setEventCount(count)
                        .setFirstEventTimeNs(events.getEvents(0).getTimeNs())
                        .setEvents(
                                ByteString.copyFrom(
                                        Zstd.compress(
                                                events.build().toByteArray(), COMPRESSION_LEVEL)))
                        .setDeclaredLost((int) Math.min(lost, Integer.MAX_VALUE));
        if (spool.append(batch)) {
            lost = 0;
        } else {
            lost += count;
            counters.lost(count);
        }
        events.clearEvents();
        bytes = 0;
    }

    /** True when no event waits to be spooled. */
    public boolean isEmpty() {
        return events.getEventsCount() == 0;
    }
}
