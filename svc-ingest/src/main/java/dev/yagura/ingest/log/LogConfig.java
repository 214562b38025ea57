package dev.yagura.ingest.log;

import dev.yagura.common.config.Settings;
import java.net.URI;
import java.time.Duration;

/**
 * Section "log": the event log in Redis.
 *
 * @param url "redis://[user]:[password]@host:port/database", "rediss://…" for TLS
 * @param partitions written into the log when it is made, never changed after
 * @param appenders connections that append; partitions are spread over them
 * @param timeout of one command
 * @param durability what Redis must promise
 * @param replicas that have a batch before it is acknowledged
 * @param memoryWarning percent of maxmemory
 */
public record LogConfig(
        URI url,
        int partitions,
        int appenders,
        Duration timeout,
        Durability durability,
        int replicas,
        int memoryWarning) {

    /** What is checked before anything is acknowledged. */
    public enum Durability {
        /** Append-only file synced before each answer, nothing evicted; anything else stops. */
        FSYNC,
        /** A managed service whose durability cannot be asked, such as MemoryDB. */
        MANAGED,
        /** Anything goes, with a warning: acknowledged batches may be lost. */
        RELAXED
    }

    public static LogConfig from(Settings settings) {
        Settings log = settings.section("log");
        return new LogConfig(
                URI.create(
                        log.secret(
                                "url",
                                "Redis of the event log: redis://[user]:[password]@host:port/database, rediss:// for TLS.")),
                log.integer(
                        "partitions",
                        64,
                        1,
                        4096,
                        "Partitions of the log; fixed when it is made, another value refuses to start."),
                log.integer(
                        "appenders",
                        8,
                        1,
                        64,
                        "Connections that append. Redis reads 16 KiB of each between two fsyncs, so several share one."),
                log.duration("timeout", Duration.ofSeconds(3), "Limit of one Redis command."),
                log.choice(
                        "durability",
                        Durability.class,
                        Durability.FSYNC,
                        "fsync demands appendonly yes, appendfsync always and noeviction; managed trusts the service; relaxed only warns."),
                log.integer(
                        "replicas",
                        0,
                        0,
                        5,
                        "Replicas that must have a batch (WAIT) before it is acknowledged; else agents are held back."),
                log.integer(
                        "memory-warning",
                        80,
                        1,
                        100,
                        "Percent of Redis' maxmemory from which the log warns."));
    }
}
