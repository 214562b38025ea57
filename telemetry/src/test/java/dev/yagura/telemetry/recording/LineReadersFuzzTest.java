package dev.yagura.telemetry.recording;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.event.EventLimits;
import dev.yagura.telemetry.event.EventParser;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever lines a sensor's file holds, each reader makes events of them that can be sent, or says
 * that they are bad. The first byte of an input chooses the reader.
 */
class LineReadersFuzzTest {
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    @FuzzTest(maxDuration = "90s")
    @Timeout(20)
    void makesEventsOrTellsBadLines(byte[] input) throws Exception {
        if (input.length == 0) {
            return;
        }
        Format format = Format.values()[Math.floorMod(input[0], Format.values().length)];
        List<Event> events = new ArrayList<>();
        List<String> bad = new ArrayList<>();
        EventParser parser =
                format.parser("boot", CLOCK, (line, reason) -> bad.add(reason), events::add);
        LineSplitter lines =
                new LineSplitter(
                        0,
                        (line, end) -> {
                            format.reads(line);
                            parser.line(line);
                        });
        byte[] text = new byte[input.length - 1];
        System.arraycopy(input, 1, text, 0, text.length);
        lines.accept(text, text.length);
        lines.finish();
        parser.finish();
        assertThat(bad).doesNotContain("");
        for (Event event : events) {
            checkSendable(event);
        }
    }

    /** What is too large would have the batch refused that it is in. */
    static void checkSendable(Event event) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        event.writeTo(bytes);
        assertThat(bytes.size()).isLessThanOrEqualTo(EventLimits.MAX_EVENT_BYTES);
        assertThat(Event.parseFrom(bytes.toByteArray()).getSource()).isEqualTo(event.getSource());
        assertThat(event.getSource()).isNotEmpty();
        assertThat(event.getObservedTimeNs())
                .isEqualTo(CLOCK.instant().toEpochMilli() * 1_000_000L);
    }
}
