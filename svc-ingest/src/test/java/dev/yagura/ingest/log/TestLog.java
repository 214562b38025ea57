package dev.yagura.ingest.log;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/** A log with its connections, as one process has it. */
public record TestLog(RedisEventLog log, RedisConnections connections) implements AutoCloseable {

    public static TestLog open(String url, int partitions) throws InterruptedException {
        return open(url, partitions, LogConfig.Durability.FSYNC, 0);
    }

    static TestLog open(String url, int partitions, LogConfig.Durability durability, int replicas)
            throws InterruptedException {
        LogConfig config =
                new LogConfig(
                        URI.create(url),
                        partitions,
                        4,
                        Duration.ofSeconds(5),
                        durability,
                        replicas,
                        80);
        RedisConnections connections = new RedisConnections(config);
        return new TestLog(new RedisEventLog(config, connections, Clock.systemUTC()), connections);
    }

    @Override
    public void close() {
        log.close();
        connections.close();
    }
}
