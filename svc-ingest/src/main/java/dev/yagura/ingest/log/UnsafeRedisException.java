package dev.yagura.ingest.log;

/** Redis is configured so that it could lose what it acknowledges. */
public final class UnsafeRedisException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnsafeRedisException(String message) {
        super(message);
    }
}
