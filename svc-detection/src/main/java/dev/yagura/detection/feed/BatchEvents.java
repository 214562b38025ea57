package dev.yagura.detection.feed;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStream;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.yagura.proto.telemetry.v1.EventBatch;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of a batch, each with its own bytes: evidence is hashed as the agent wrote it, unknown
 * fields included.
 */
final class BatchEvents {
    private static final int SCHEMA_MAJOR = 1;

    private BatchEvents() {}

    /** The batch cannot be used; the text says why. */
    static final class UnreadableBatchException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableBatchException(String problem) {
            super(problem);
        }
    }

    static List<SensorEvent> unpack(ByteString blob, int maxBytes) throws UnreadableBatchException {
        try {
            return parse(decompress(blob.toByteArray(), maxBytes));
        } catch (IOException e) {
            throw new UnreadableBatchException("is no batch of events: " + e.getMessage());
        }
    }

    private static byte[] decompress(byte[] blob, int maxBytes)
            throws UnreadableBatchException, IOException {
        if (blob.length == 0) {
            throw new UnreadableBatchException("is empty");
        }
        long size = Zstd.getFrameContentSize(blob);
        if (size > maxBytes) {
            throw new UnreadableBatchException("unpacks to more than " + maxBytes + " bytes");
        }
        if (size > 0) {
            byte[] unpacked = new byte[(int) size];
            if (unpacked.length != decompress(unpacked, blob)) {
                throw new UnreadableBatchException("is damaged");
            }
            return unpacked;
        }
        // A frame that does not say its size.
        try (var in = new ZstdInputStream(new ByteArrayInputStream(blob))) {
            byte[] unpacked = in.readNBytes(maxBytes + 1);
            if (unpacked.length > maxBytes) {
                throw new UnreadableBatchException("unpacks to more than " + maxBytes + " bytes");
            }
            return unpacked;
        }
    }

    private static long decompress(byte[] unpacked, byte[] blob) throws UnreadableBatchException {
        try {
            return Zstd.decompress(unpacked, blob);
        } catch (ZstdException e) {
            throw new UnreadableBatchException("is damaged: " + e.getMessage());
        }
    }

    private static List<SensorEvent> parse(byte[] bytes)
            throws IOException, UnreadableBatchException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        List<SensorEvent> events = new ArrayList<>();
        int major = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case EventBatch.SCHEMA_MAJOR_FIELD_NUMBER -> major = in.readUInt32();
                case EventBatch.EVENTS_FIELD_NUMBER -> events.add(event(bytes, in));
                default -> {
                    if (!in.skipField(tag)) {
                        throw new UnreadableBatchException("ends within a field");
                    }
                }
            }
        }
        if (major != SCHEMA_MAJOR) {
            throw new UnreadableBatchException("has the unknown schema version " + major);
        }
        return events;
    }

    private static SensorEvent event(byte[] bytes, CodedInputStream in) throws IOException {
        int length = in.readRawVarint32();
        int start = in.getTotalBytesRead();
        in.skipRawBytes(length);
        return SensorEvent.read(bytes, start, start + length);
    }
}
