package dev.yagura.bench.client;

/** Told about each batch of a spool; called while the spool is locked, so it only takes notes. */
public interface SpoolListener {
    /** Takes no notes. */
    SpoolListener NONE =
            new SpoolListener() {
                @Override
                public void sent(long sequence) {}

                @Override
                public void acknowledged(long sequence) {}
            };

    /** Handed to the transport; again after each fault. */
    void sent(long sequence);

    /** Durable: acknowledged, or found stored when the spool was opened again. */
    void acknowledged(long sequence);
}
