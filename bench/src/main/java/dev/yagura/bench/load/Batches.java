package dev.yagura.bench.load;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.UnsafeByteOperations;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.EventBatch;
import java.util.ArrayList;
import java.util.List;

/** Makes the batches of one host. */
public final class Batches {
    /** Events in each batch of every measurement and campaign. */
    public static final int EVENTS = 50;

    private static final int SCHEMA_MAJOR = 1;
    private static final int ZSTD_LEVEL = 3;

    private final ProcessEvents events;
    private final long hostSeed;

    /**
     * Markers among the ordinary events of one batch.
     *
     * @param serial of the first marker; the others follow
     * @param count markers in the batch, at most {@link #EVENTS}
     * @param processes over how many processes of the host markers are spread; 0 gives each its own
     */
    public record Markers(long serial, int count, int processes) {
        /** Ordinary events only. */
        public static final Markers NONE = new Markers(0, 0, 0);

        long process(long serial) {
            return processes == 0 ? serial : serial % processes;
        }
    }

    /**
     * Batches that follow from the boot id alone.
     *
     * @param bootId of the host, part of its process ids
     */
    public Batches(String bootId) {
        this.events = new ProcessEvents(bootId);
        this.hostSeed = (long) bootId.hashCode() << Integer.SIZE;
    }

    /**
     * A batch of {@link #EVENTS} events, one millisecond apart.
     *
     * @param number gives the content, with the markers
     * @param firstTimeNanos time of the first event, nanoseconds UTC
     */
    public Batch batch(long number, long firstTimeNanos, Markers markers) {
        List<Event> all = new ArrayList<>(EVENTS);
        for (int index = 0; index < EVENTS; index++) {
            long time = firstTimeNanos + index * 1_000_000L;
            long serial = markers.serial() + index;
            all.add(
                    index < markers.count()
                            ? events.marker(serial, markers.process(serial), time)
                            : events.launch(hostSeed + number * EVENTS + index, time));
        }
        byte[] plain =
                EventBatch.newBuilder()
                        .setSchemaMajor(SCHEMA_MAJOR)
                        .addAllEvents(all)
                        .build()
                        .toByteArray();
        return new Batch(
                UnsafeByteOperations.unsafeWrap(Zstd.compress(plain, ZSTD_LEVEL)),
                EVENTS,
                firstTimeNanos);
    }

    /**
     * Ordinary batches made beforehand and used in turn, so that making them costs nothing while
     * something else is measured.
     *
     * @param different how many
     */
    public BatchSource prepared(int different, long firstTimeNanos) {
        List<Batch> pool = new ArrayList<>(different);
        for (int number = 0; number < different; number++) {
            pool.add(batch(number, firstTimeNanos, Markers.NONE));
        }
        return sequence -> pool.get((int) (sequence % different));
    }
}
