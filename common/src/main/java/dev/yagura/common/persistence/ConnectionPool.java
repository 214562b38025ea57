package dev.yagura.common.persistence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;

/** The pool of the runtime role, with every wait bounded. */
public final class ConnectionPool {
    private static final Duration KEEPALIVE = Duration.ofSeconds(30);
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration MAX_LIFETIME = Duration.ofMinutes(10);
    private static final Duration VALIDATION_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration IDLE_TRANSACTION_TIMEOUT = Duration.ofMinutes(1);

    private ConnectionPool() {}

    /**
     * Opens a pool. It starts also while the database is away, and finds back to it: connections
     * that fail are dropped, idle ones are checked every 30 s, all are replaced after 10 minutes.
     *
     * @param applicationName seen in pg_stat_activity
     */
    public static HikariDataSource open(DatabaseConfig config, String applicationName) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName(applicationName);
        pool.setJdbcUrl(config.url());
        pool.setUsername(config.runtime().user());
        pool.setPassword(config.runtime().password());
        pool.setMaximumPoolSize(config.poolSize());
        pool.setMinimumIdle(Math.min(2, config.poolSize()));
        pool.setInitializationFailTimeout(-1);
        pool.setConnectionTimeout(config.connectTimeout().toMillis());
        pool.setValidationTimeout(
                Math.min(VALIDATION_TIMEOUT.toMillis(), config.connectTimeout().toMillis()));
        pool.setKeepaliveTime(KEEPALIVE.toMillis());
        pool.setIdleTimeout(IDLE_TIMEOUT.toMillis());
        pool.setMaxLifetime(MAX_LIFETIME.toMillis());
        pool.setConnectionInitSql(sessionLimits(config));
        pool.addDataSourceProperty("currentSchema", config.schema());
        pool.addDataSourceProperty("ApplicationName", applicationName);
        pool.addDataSourceProperty("connectTimeout", seconds(config.connectTimeout()));
        pool.addDataSourceProperty("loginTimeout", seconds(config.connectTimeout()));
        pool.addDataSourceProperty("socketTimeout", seconds(config.socketTimeout()));
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        pool.addDataSourceProperty("reWriteBatchedInserts", "true");
        // Details of an error quote values of rows, which no log may have.
        pool.addDataSourceProperty("logServerErrorDetail", "false");
        // Texts and nulls without a type: the server takes them for uuid, jsonb or inet columns.
        pool.addDataSourceProperty("stringtype", "unspecified");
        return new HikariDataSource(pool);
    }

    private static String sessionLimits(DatabaseConfig config) {
        return "SET statement_timeout = %d; SET lock_timeout = %d; SET idle_in_transaction_session_timeout = %d"
                .formatted(
                        config.statementTimeout().toMillis(),
                        config.lockTimeout().toMillis(),
                        IDLE_TRANSACTION_TIMEOUT.toMillis());
    }

    private static String seconds(Duration duration) {
        return Long.toString(Math.max(1, duration.toSeconds()));
    }
}
