package dev.yagura.bench.platform;

import java.util.Locale;

/** The servers below the process "stores"; the name of each program begins with its label. */
public enum Store {
    POSTGRES,
    REDIS;

    /** For people, too. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
