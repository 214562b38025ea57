package dev.yagura.sigma.correlation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Ids of correlation matches (RFC 9562, version 5). */
final class CorrelationMatchId {
    private static final UUID NAMESPACE = UUID.fromString("6c3d3a52-8f0e-5b0b-9d0e-5d1f6a9a7c11");

    private CorrelationMatchId() {}

    /**
     * The id of the match that first qualified then. Two matches of a group are at least a timespan
     * apart, so no two share a period; a late event that lets the match begin earlier within the
     * period leaves the id as it is.
     */
    static UUID of(String ruleId, GroupKey group, long firstNs, long timespanNs) {
        MessageDigest sha1 = sha1();
        sha1.update(
                ByteBuffer.allocate(16)
                        .putLong(NAMESPACE.getMostSignificantBits())
                        .putLong(NAMESPACE.getLeastSignificantBits())
                        .flip());
        update(sha1, ruleId);
        group.values().forEach(value -> update(sha1, value));
        sha1.update(
                ByteBuffer.allocate(Long.BYTES * 2)
                        .putLong(timespanNs)
                        .putLong(Math.floorDiv(firstNs, timespanNs))
                        .flip());
        ByteBuffer digest = ByteBuffer.wrap(sha1.digest());
        long high = digest.getLong() & ~0xF000L | 0x5000L;
        long low = digest.getLong() & ~(0b11L << 62) | 1L << 63;
        return new UUID(high, low);
    }

    private static void update(MessageDigest digest, String part) {
        byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).flip());
        digest.update(utf8);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
