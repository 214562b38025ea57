package dev.yagura.agent.spool;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One record of a segment: int32 length of the payload, int32 CRC-32C of sequence and payload,
 * int64 sequence, payload; big-endian.
 */
record SpoolRecord(long sequence, byte[] payload) {
    static final int HEADER_BYTES = 16;

    /** Larger than any batch; a greater length means damage. */
    static final int MAX_PAYLOAD_BYTES = 1024 * 1024;

    long bytes() {
        return HEADER_BYTES + (long) payload.length;
    }

    ByteBuffer encode() {
        ByteBuffer buffer = ByteBuffer.allocate(HEADER_BYTES + payload.length);
        return buffer.putInt(payload.length)
                .putInt(checksum(sequence, payload))
                .putLong(sequence)
                .put(payload)
                .flip();
    }

    /** The record at a position; empty when there is no whole and undamaged one. */
    static Optional<SpoolRecord> read(FileChannel channel, long position) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        if (!readFully(channel, header, position)) {
            return Optional.empty();
        }
        int length = header.getInt();
        int checksum = header.getInt();
        long sequence = header.getLong();
        if (length < 0 || length > MAX_PAYLOAD_BYTES || sequence <= 0) {
            return Optional.empty();
        }
        ByteBuffer payload = ByteBuffer.allocate(length);
        if (!readFully(channel, payload, position + HEADER_BYTES)) {
            return Optional.empty();
        }
        byte[] bytes = payload.array();
        return checksum(sequence, bytes) == checksum
                ? Optional.of(new SpoolRecord(sequence, bytes))
                : Optional.empty();
    }

    static void writeFully(FileChannel channel, ByteBuffer buffer, long position)
            throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            int written = channel.write(buffer, at);
            if (written <= 0) {
                throw new EOFException("the disk takes no more");
            }
            at += written;
        }
    }

    private static boolean readFully(FileChannel channel, ByteBuffer buffer, long position)
            throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, at);
            if (read < 0) {
                return false;
            }
            at += read;
        }
        buffer.flip();
        return true;
    }

    private static int checksum(long sequence, byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(sequence).flip());
        crc.update(payload);
        return (int) crc.getValue();
    }
}
