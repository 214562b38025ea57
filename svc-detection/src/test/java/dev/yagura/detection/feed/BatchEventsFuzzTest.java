package dev.yagura.detection.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.util.Arrays;
import org.junit.jupiter.api.Timeout;

/**
 * Any bytes as a batch of the log: events with their very bytes, or the one error that says why
 * not. An input is tried as a packed batch, and as what one unpacks to: a fuzzer hardly finds the
 * way through a checksum.
 */
class BatchEventsFuzzTest {
    private static final int MAX_BYTES = 64 * 1024;

    @FuzzTest(maxDuration = "35s")
    @Timeout(20)
    void unpacksAnyBytes(byte[] input) throws Exception {
        check(input);
        check(Zstd.compress(input));
        byte[] cut = Zstd.compress(input);
        check(Arrays.copyOf(cut, cut.length - 1));
    }

    private static void check(byte[] blob) throws Exception {
        try {
            for (SensorEvent event : BatchEvents.unpack(ByteString.copyFrom(blob), MAX_BYTES)) {
                assertThat(Event.parseFrom(event.bytes())).isEqualTo(event.whole());
            }
        } catch (BatchEvents.UnreadableBatchException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
