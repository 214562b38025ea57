package dev.yagura.gateway.audit;

import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "audit" of the gateway.
 *
 * @param queueSize entries that wait for the database at most
 * @param linger how long an entry that nobody waits for may wait for others
 * @param deadline how long a change waits for its entry to be stored
 */
public record AuditConfig(int queueSize, Duration linger, Duration deadline) {

    public static AuditConfig from(Settings settings) {
        Settings audit = settings.section("audit");
        return new AuditConfig(
                audit.integer(
                        "queue-size",
                        20_000,
                        100,
                        10_000_000,
                        "Entries that wait for PostgreSQL at most. When they are all taken, reads"
                                + " are refused; streams of agents go on, and what was lost is"
                                + " counted in an entry."),
                audit.duration(
                        "linger",
                        Duration.ofMillis(500),
                        "How long entries of reads and streams wait to be written together."),
                audit.duration(
                        "deadline",
                        Duration.ofSeconds(5),
                        "How long a change waits for its entry; it is refused when the entry is"
                                + " not stored by then."));
    }
}
