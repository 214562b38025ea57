package dev.yagura.inventory.reconcile;

/** Another replica reads the set now; what this one has is not written. */
final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeaseLostException(Reading reading) {
        super(
                "reading %d of %s was taken over"
                        .formatted(reading.generation(), reading.set().text()));
    }
}
