package dev.yagura.ingest.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.yagura.common.config.Settings;
import dev.yagura.ingest.TestBatches;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.EventBatch;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchInspectorTest {
    private final TelemetryConfig limits =
            TelemetryConfig.from(Settings.of("yagura.ingest", Map.of()));
    private final BatchInspector inspector = new BatchInspector(limits);

    @AfterEach
    void close() {
        inspector.close();
    }

    @Test
    void countsEvents() throws Exception {
        assertThat(inspector.countEvents(packed(TestBatches.events(500)))).isEqualTo(500);
        assertThat(inspector.countEvents(packed(TestBatches.events(3)))).isEqualTo(3);
    }

    @Test
    void passesUnknownFields() throws Exception {
        UnknownFieldSet unknown =
                UnknownFieldSet.newBuilder()
                        .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build();
        EventBatch batch =
                TestBatches.events(2).toBuilder()
                        .setUnknownFields(unknown)
                        .addEvents(Event.newBuilder().setUnknownFields(unknown))
                        .build();

        assertThat(inspector.countEvents(packed(batch))).isEqualTo(3);
    }

    @Test
    void rejectsAnUnknownMajorVersion() {
        rejects(
                packed(TestBatches.events(1).toBuilder().setSchemaMajor(2).build()),
                RejectReason.SCHEMA_VERSION);
        rejects(
                packed(TestBatches.events(1).toBuilder().clearSchemaMajor().build()),
                RejectReason.SCHEMA_VERSION);
    }

    @Test
    void rejectsAnOversizedEvent() {
        EventBatch batch =
                TestBatches.events(1).toBuilder()
                        .addEvents(
                                Event.newBuilder()
                                        .putUnmapped("key", "x".repeat(limits.maxEventBytes())))
                        .build();

        rejects(packed(batch), RejectReason.EVENT_TOO_LARGE);
    }

    @Test
    void rejectsABombThatSaysItsSize() {
        rejects(
                TestBatches.packed(new byte[limits.maxUnpackedBytes() + 1]),
                RejectReason.TOO_LARGE);
    }

    @Test
    void rejectsABombThatHidesItsSize() throws Exception {
        rejects(streamed(new byte[4 * limits.maxUnpackedBytes()]), RejectReason.TOO_LARGE);
    }

    @Test
    void takesAFrameWithoutSize() throws Exception {
        assertThat(inspector.countEvents(streamed(TestBatches.events(7).toByteArray())))
                .isEqualTo(7);
    }

    @Test
    void rejectsWhatIsTruncatedOrNoBatch() {
        ByteString whole = packed(TestBatches.events(20));
        rejects(whole.substring(0, whole.size() / 2), RejectReason.DAMAGED);
        rejects(whole.concat(ByteString.copyFromUtf8("garbage")), RejectReason.DAMAGED);
        rejects(ByteString.EMPTY, RejectReason.DAMAGED);
        rejects(ByteString.copyFromUtf8("no zstd at all"), RejectReason.DAMAGED);
        byte[] batch = TestBatches.events(20).toByteArray();
        rejects(
                TestBatches.packed(java.util.Arrays.copyOf(batch, batch.length - 3)),
                RejectReason.DAMAGED);
    }

    private void rejects(ByteString events, RejectReason reason) {
        assertThatThrownBy(() -> inspector.countEvents(events))
                .isInstanceOfSatisfying(
                        RejectedBatchException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }

    private static ByteString packed(EventBatch batch) {
        return TestBatches.packed(batch.toByteArray());
    }

    private static ByteString streamed(byte[] bytes) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZstdOutputStream zstd = new ZstdOutputStream(out)) {
            // Two writes with a flush between: the frame's header cannot know the size.
            zstd.write(bytes, 0, 1);
            zstd.flush();
            zstd.write(bytes, 1, bytes.length - 1);
        }
        return ByteString.copyFrom(out.toByteArray());
    }
}
