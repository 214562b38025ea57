package dev.yagura.bench.platform;

import java.util.Locale;

/** The services, in the order of their ports. */
public enum Service {
    INGEST,
    DETECTION,
    RESPONSE,
    INVENTORY,
    GATEWAY;

    /** As the launcher names it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
