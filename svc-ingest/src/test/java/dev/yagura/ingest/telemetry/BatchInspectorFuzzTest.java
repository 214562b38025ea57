package dev.yagura.ingest.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.telemetry.v1.EventBatch;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/**
 * Any bytes as a batch of an agent: it is counted as protobuf counts it, or rejected with a reason.
 * An input is tried as it is, and packed.
 */
class BatchInspectorFuzzTest {
    private static final BatchInspector INSPECTOR =
            new BatchInspector(TelemetryConfig.from(Settings.of("yagura.ingest", Map.of())));

    @FuzzTest(maxDuration = "35s")
    @Timeout(20)
    void countsOrRejects(byte[] input) {
        try {
            INSPECTOR.countEvents(ByteString.copyFrom(input));
        } catch (RejectedBatchException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        try {
            int count = INSPECTOR.countEvents(ByteString.copyFrom(Zstd.compress(input)));
            assertThat(count).isEqualTo(EventBatch.parseFrom(input).getEventsCount());
        } catch (RejectedBatchException e) {
            assertThat(e.getMessage()).isNotBlank();
        } catch (InvalidProtocolBufferException e) {
            // An event is damaged inside, where the inspector does not look.
            assertThat(e).hasMessageNotContaining("null");
        }
    }
}
