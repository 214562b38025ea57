package dev.yagura.gateway.proxy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * One direction of a relay: the sender is asked for one more message only when the receiver can
 * take it, so that at most one message is between them. The two ends run on different threads.
 */
final class Coupling {
    private final BooleanSupplier receiverIsReady;
    private final Runnable askSender;
    private final AtomicBoolean owed = new AtomicBoolean();

    Coupling(BooleanSupplier receiverIsReady, Runnable askSender) {
        this.receiverIsReady = receiverIsReady;
        this.askSender = askSender;
    }

    /** A message was handed to the receiver. */
    void passed() {
        owed.set(true);
        if (receiverIsReady.getAsBoolean()) {
            ready();
        }
    }

    /** The receiver can take another message. */
    void ready() {
        if (owed.compareAndSet(true, false)) {
            askSender.run();
        }
    }
}
