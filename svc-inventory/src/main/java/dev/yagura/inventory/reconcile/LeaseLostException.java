package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.access.Scopes;

/** Another replica reads the scope now; what this one has is not written. */
final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeaseLostException(Reading reading) {
        super(
                "reading %d of %s was taken over"
                        .formatted(reading.generation(), Scopes.text(reading.scope())));
    }
}
