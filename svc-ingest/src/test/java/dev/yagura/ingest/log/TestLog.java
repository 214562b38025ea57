package dev.yagura.ingest.log;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/** A log with its connections, as one process has it. */
public record TestLog(RedisEventLog log, RedisConnections connections) implements AutoCloseable {
    /** A disk that stalls for seconds, as those of build machines do, is no outage here. */
    private static final Duration PATIENT = Duration.ofSeconds(60);

    public static TestLog open(String url, int partitions) throws InterruptedException {
        return open(url, partitions, LogConfig.Durability.FSYNC, 0, PATIENT);
    }

    static TestLog open(String url, int partitions, LogConfig.Durability durability)
            throws InterruptedException {
        return open(url, partitions, durability, 0, PATIENT);
    }

    /**
     * @param timeout of a command; replicas have half of it
     */
    static TestLog replicated(String url, int partitions, int replicas, Duration timeout)
            throws InterruptedException {
        return open(url, partitions, LogConfig.Durability.FSYNC, replicas, timeout);
    }

    private static TestLog open(
            String url,
            int partitions,
            LogConfig.Durability durability,
            int replicas,
            Duration timeout)
            throws InterruptedException {
        LogConfig config =
                new LogConfig(URI.create(url), partitions, 4, timeout, durability, replicas, 80);
        RedisConnections connections = new RedisConnections(config);
        return new TestLog(new RedisEventLog(config, connections, Clock.systemUTC()), connections);
    }

    @Override
    public void close() {
        log.close();
        connections.close();
    }
}
