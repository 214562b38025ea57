package dev.yagura.common.ids;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Makes ids (RFC 9562). One instance a process: the order of {@link #v7} is per instance. */
public final class Ids {
    /** Fractions of a millisecond in the 12 bits that follow the version. */
    private static final long FRACTIONS = 1 << 12;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong lastTick = new AtomicLong();

    public Ids(Clock clock) {
        this.clock = clock;
    }

    /**
     * A new UUIDv7, greater than every one made before by this instance, also when the clock stands
     * still or steps back: 48 bits of milliseconds, 12 bits of fraction (RFC 9562, 6.2 method 3)
     * that count on when the clock does not, 62 random bits.
     */
    public UUID v7() {
        long now = tick(clock.instant());
        long tick = lastTick.updateAndGet(last -> Math.max(now, last + 1));
        long high = (tick >>> 12) << 16 | 0x7000 | (tick & (FRACTIONS - 1));
        long low = random.nextLong() >>> 2 | 1L << 63;
        return new UUID(high, low);
    }

    /**
     * A UUIDv5 of the parts. Each part is hashed as its length in UTF-8 bytes (int32, big-endian)
     * and the bytes, so ("ab", "c") and ("a", "bc") differ. Put the kind of a value in a part of
     * its own where values of two kinds could be equal.
     *
     * @param namespace one constant for each kind of id
     */
    public static UUID v5(UUID namespace, String... parts) {
        MessageDigest sha1 = sha1();
        sha1.update(bytes(namespace));
        for (String part : parts) {
            byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
            sha1.update(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).flip());
            sha1.update(utf8);
        }
        ByteBuffer digest = ByteBuffer.wrap(sha1.digest());
        long high = digest.getLong() & ~0xF000L | 0x5000L;
        long low = digest.getLong() & ~(0b11L << 62) | 1L << 63;
        return new UUID(high, low);
    }

    private static long tick(Instant instant) {
        long fraction = instant.getNano() % NANOS_PER_MILLI * FRACTIONS / NANOS_PER_MILLI;
        return instant.toEpochMilli() << 12 | fraction;
    }

    private static ByteBuffer bytes(UUID id) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .flip();
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
