package dev.yagura.common.watch;

import dev.yagura.common.error.InvalidFieldException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/**
 * A place in a feed; on the wire URL-safe base64 of version (1 byte), incarnation (16), number (8).
 *
 * @param incarnation of the feed
 * @param number everything up to it has been seen
 */
record FeedCursor(UUID incarnation, long number) {
    private static final byte VERSION = 1;
    private static final int LENGTH = 1 + 2 * Long.BYTES + Long.BYTES;

    String encode() {
        byte[] bytes =
                ByteBuffer.allocate(LENGTH)
                        .put(VERSION)
                        .putLong(incarnation.getMostSignificantBits())
                        .putLong(incarnation.getLeastSignificantBits())
                        .putLong(number)
                        .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static FeedCursor decode(String cursor) {
        ByteBuffer bytes = ByteBuffer.wrap(decodeBase64(cursor));
        if (bytes.remaining() != LENGTH || bytes.get() != VERSION) {
            throw malformed();
        }
        return new FeedCursor(new UUID(bytes.getLong(), bytes.getLong()), bytes.getLong());
    }

    private static byte[] decodeBase64(String cursor) {
        try {
            return Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static InvalidFieldException malformed() {
        return new InvalidFieldException(
                "cursor",
                "is not a cursor of this server",
                "send one as it came from a list or a watch, or nothing to start from now");
    }
}
