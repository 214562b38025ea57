package dev.yagura.detection.feed;

import com.zaxxer.hikari.HikariDataSource;
import dev.yagura.common.persistence.ConnectionPool;
import dev.yagura.common.persistence.DatabaseConfig;
import dev.yagura.common.persistence.SchemaMigration;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.testkit.TemporaryPostgres;
import java.time.Duration;

/** A PostgreSQL of a test class that does to it what others would not forgive. */
record FeedDatabase(
        TemporaryPostgres postgres,
        DatabaseConfig config,
        HikariDataSource pool,
        Transactions transactions)
        implements AutoCloseable {

    /**
     * Starts one, with the tables of detection.
     *
     * @param poolSize connections at most
     * @param connectTimeout how long a caller waits for one
     */
    static FeedDatabase start(int poolSize, Duration connectTimeout) throws Exception {
        TemporaryPostgres postgres = TemporaryPostgres.start();
        DatabaseConfig config = postgres.prepare("detection");
        new SchemaMigration(config, "detection").run();
        HikariDataSource pool =
                ConnectionPool.open(
                        new DatabaseConfig(
                                config.url(),
                                config.schema(),
                                config.runtime(),
                                config.migration(),
                                poolSize,
                                connectTimeout,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(2)),
                        "test");
        return new FeedDatabase(postgres, config, pool, new Transactions(pool));
    }

    @Override
    public void close() throws Exception {
        pool.close();
        postgres.close();
    }
}
