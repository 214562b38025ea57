package dev.yagura.detection.feed;

/** The partition is another replica's now, or the reader stops: what was read is dropped. */
final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeaseLostException(Lease lease) {
        super("partition " + lease.partition() + " is no longer read here", null, false, false);
    }
}
