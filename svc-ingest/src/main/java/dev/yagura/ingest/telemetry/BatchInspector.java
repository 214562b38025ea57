package dev.yagura.ingest.telemetry;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.yagura.proto.telemetry.v1.EventBatch;
import java.io.IOException;

/**
 * Looks into a blob of events without making objects of them: unpacks it under a cap and walks over
 * the fields of the batch. Reuses its memory; one thread at a time.
 */
final class BatchInspector implements AutoCloseable {
    private static final int SCHEMA_MAJOR = 1;
    private static final int FIRST_BUFFER_BYTES = 256 * 1024;

    private final TelemetryConfig limits;
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private byte[] packed = new byte[FIRST_BUFFER_BYTES];
    private byte[] unpacked = new byte[FIRST_BUFFER_BYTES];

    BatchInspector(TelemetryConfig limits) {
        this.limits = limits;
    }

    /**
     * Checks a blob and counts its events.
     *
     * @throws RejectedBatchException it is no EventBatch of a known version within the limits
     */
    int countEvents(ByteString events) throws RejectedBatchException {
        int size = unpack(events);
        try {
            return walk(CodedInputStream.newInstance(unpacked, 0, size));
        } catch (IOException e) {
            throw new RejectedBatchException(
                    RejectReason.DAMAGED, "events do not parse as EventBatch: " + e.getMessage());
        }
    }

    private int unpack(ByteString events) throws RejectedBatchException {
        int length = events.size();
        if (length == 0) {
            throw new RejectedBatchException(RejectReason.DAMAGED, "events is empty");
        }
        if (packed.length < length) {
            packed = new byte[length];
        }
        events.copyTo(packed, 0);
        long declared = Zstd.getFrameContentSize(packed, 0, length);
        if (declared > limits.maxUnpackedBytes()) {
            throw tooLarge();
        }
        // A frame without declared size gets all that is allowed.
        int room = declared > 0 ? (int) declared : limits.maxUnpackedBytes();
        if (unpacked.length < room) {
            unpacked = new byte[room];
        }
        try {
            return zstd.decompressByteArray(unpacked, 0, room, packed, 0, length);
        } catch (ZstdException e) {
            if (declared <= 0 && e.getErrorCode() == Zstd.errDstSizeTooSmall()) {
                throw tooLarge();
            }
            throw new RejectedBatchException(
                    RejectReason.DAMAGED, "events are no whole zstd frame: " + e.getMessage());
        }
    }

    private RejectedBatchException tooLarge() {
        return new RejectedBatchException(
                RejectReason.TOO_LARGE,
                "events unpack to more than " + limits.maxUnpackedBytes() + " bytes");
    }

    private int walk(CodedInputStream in) throws IOException, RejectedBatchException {
        int schemaMajor = 0;
        int count = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == tag(EventBatch.EVENTS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                skipEvent(in, count++);
            } else if (tag
                    == tag(EventBatch.SCHEMA_MAJOR_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT)) {
                schemaMajor = in.readUInt32();
            } else {
                in.skipField(tag);
            }
        }
        if (schemaMajor != SCHEMA_MAJOR) {
            throw new RejectedBatchException(
                    RejectReason.SCHEMA_VERSION,
                    "schema_major is "
                            + Integer.toUnsignedString(schemaMajor)
                            + "; this server knows "
                            + SCHEMA_MAJOR);
        }
        return count;
    }

    private void skipEvent(CodedInputStream in, int index)
            throws IOException, RejectedBatchException {
        int size = in.readRawVarint32();
        if (size > limits.maxEventBytes()) {
            throw new RejectedBatchException(
                    RejectReason.EVENT_TOO_LARGE,
                    "event %d has %d bytes; at most %d are taken"
                            .formatted(index, size, limits.maxEventBytes()));
        }
        in.skipRawBytes(size);
    }

    private static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }

    @Override
    public void close() {
        zstd.close();
    }
}
