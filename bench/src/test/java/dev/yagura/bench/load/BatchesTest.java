package dev.yagura.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.EventBatch;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private static final long TIME = 1_790_000_000_000_000_000L;

    private final Batches batches = new Batches("boot-1");

    @Test
    void givesTheSameBytesForTheSameNumber() {
        Batch batch = batches.batch(7, TIME, Batches.Markers.NONE);

        assertThat(new Batches("boot-1").batch(7, TIME, Batches.Markers.NONE)).isEqualTo(batch);
        assertThat(batches.batch(8, TIME, Batches.Markers.NONE)).isNotEqualTo(batch);
        assertThat(new Batches("boot-2").batch(7, TIME, Batches.Markers.NONE)).isNotEqualTo(batch);
    }

    /** The size that the design counts with: 175 to 240 B an event. */
    @Test
    void compressesLikeRealTelemetry() {
        BatchSource prepared = batches.prepared(20, TIME);
        double bytes = 0;
        for (int number = 0; number < 20; number++) {
            bytes += prepared.batch(number).events().size();
        }
        assertThat(bytes / 20 / Batches.EVENTS).isBetween(175.0, 240.0);
    }

    @Test
    void putsMarkersWithConsecutiveSerialsFirst() throws InvalidProtocolBufferException {
        List<Event> events = events(batches.batch(1, TIME, new Batches.Markers(100, 3, 2)));

        assertThat(events).hasSize(Batches.EVENTS);
        assertThat(events.stream().map(MarkerRule::serial).filter(OptionalLong::isPresent))
                .extracting(OptionalLong::getAsLong)
                .containsExactly(100L, 101L, 102L);
        assertThat(events.get(0).getProcess().getUid())
                .isEqualTo(events.get(2).getProcess().getUid())
                .isNotEqualTo(events.get(1).getProcess().getUid());
    }

    @Test
    void givesEachMarkerItsOwnProcessWhenAsked() throws InvalidProtocolBufferException {
        List<Event> events = events(batches.batch(1, TIME, new Batches.Markers(100, 3, 0)));

        assertThat(events.subList(0, 3).stream().map(event -> event.getProcess().getUid()))
                .doesNotHaveDuplicates();
    }

    private static List<Event> events(Batch batch) throws InvalidProtocolBufferException {
        byte[] frame = batch.events().toByteArray();
        byte[] plain = Zstd.decompress(frame, (int) Zstd.getFrameContentSize(frame));
        return EventBatch.parseFrom(plain).getEventsList();
    }
}
