package dev.yagura.common.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.watch.Change;
import dev.yagura.common.watch.ChangeFeed;
import dev.yagura.common.watch.ChangeSubscription;
import dev.yagura.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionPoolTest {
    private TemporaryPostgres postgres;
    private HikariDataSource pool;
    private Transactions transactions;

    @BeforeEach
    void openPool() throws Exception {
        postgres = TemporaryPostgres.start();
        DatabaseConfig prepared = postgres.prepare("sample");
        new SchemaMigration(prepared, "sample").run();
        pool =
                ConnectionPool.open(
                        new DatabaseConfig(
                                prepared.url(),
                                prepared.schema(),
                                prepared.runtime(),
                                prepared.migration(),
                                4,
                                Duration.ofSeconds(1),
                                Duration.ofMillis(500),
                                Duration.ofMillis(200)),
                        "test");
        transactions = new Transactions(pool);
    }

    @AfterEach
    void closePool() throws Exception {
        pool.close();
        postgres.close();
    }

    @Test
    void findsBackToARestartedPostgres() throws Exception {
        assertThat(one()).isEqualTo(1);
        postgres.server().stop();
        assertThatThrownBy(this::one)
                .isInstanceOf(DependencyUnavailableException.class)
                .hasMessageContaining("PostgreSQL");
        postgres.server().start();
        assertThat(one()).isEqualTo(1);
    }

    @Test
    void findsBackToAKilledPostgres() throws Exception {
        assertThat(one()).isEqualTo(1);
        postgres.server().kill();
        assertThatThrownBy(this::one).isInstanceOf(DependencyUnavailableException.class);
        postgres.server().start();
        assertThat(one()).isEqualTo(1);
    }

    @Test
    void transactionCutByAStopIsUnavailable() {
        assertThatThrownBy(() ->
                        transactions.run(transaction -> {
                            postgres.server().stop();
                            execute(transaction.connection(), "SELECT 1");
                        }))
                .isInstanceOf(DependencyUnavailableException.class);
    }

    @Test
    void openWatchGoesOnAfterARestart() throws Exception {
        ChangeFeed feed = ChangeFeed.of("items", transactions);
        UUID key = UUID.randomUUID();
        try (ChangeSubscription subscription = feed.watcher().subscribe("")) {
            postgres.server().stop();
            assertThat(subscription.next(Duration.ofMillis(200))).isEmpty();
            postgres.server().start();
            transactions.run(transaction -> feed.append(transaction, List.of(key)));
            assertThat(subscription.next(Duration.ofSeconds(20)))
                    .extracting(Change::key)
                    .containsExactly(key);
        } finally {
            feed.watcher().close();
        }
    }

    @Test
    void endsStatementsAndLocksThatTakeTooLong() throws Exception {
        assertThatThrownBy(() ->
                        transactions.run(transaction ->
                                execute(transaction.connection(), "SELECT pg_sleep(30)")))
                .isInstanceOf(DependencyUnavailableException.class);
        transactions.run(holder -> {
            execute(holder.connection(), "LOCK TABLE item");
            assertThatThrownBy(() ->
                            transactions.run(
                                    waiter -> execute(waiter.connection(), "SELECT * FROM item")))
                    .isInstanceOf(DependencyUnavailableException.class);
        });
    }

    @Test
    void deadlockRunsAgainAndBothCommit() throws Exception {
        transactions.run(transaction -> insert(transaction.connection(), "a", "b"));
        CountDownLatch bothHoldOne = new CountDownLatch(2);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = executor.submit(() -> updateBoth("a", "b", bothHoldOne));
            Future<?> second = executor.submit(() -> updateBoth("b", "a", bothHoldOne));
            first.get(20, TimeUnit.SECONDS);
            second.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void actionsAfterCommitDoNotFollowARollback() {
        int[] runs = {0};
        transactions.run(transaction -> transaction.afterCommit(() -> runs[0]++));
        assertThatThrownBy(() ->
                        transactions.run(transaction -> {
                            transaction.afterCommit(() -> runs[0]++);
                            execute(transaction.connection(), "no statement");
                        }))
                .isInstanceOf(UncheckedSqlException.class);
        assertThat(runs[0]).isEqualTo(1);
    }

    private void updateBoth(String first, String second, CountDownLatch bothHoldOne) {
        transactions.run(transaction -> {
            // The pool's short lock timeout would end the wait before the deadlock is found.
            execute(transaction.connection(), "SET LOCAL lock_timeout = '10s'");
            execute(transaction.connection(), "SET LOCAL statement_timeout = '10s'");
            update(transaction.connection(), first);
            bothHoldOne.countDown();
            awaitQuietly(bothHoldOne);
            update(transaction.connection(), second);
        });
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int one() {
        return transactions.query(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT 1")) {
                rows.next();
                return rows.getInt(1);
            }
        });
    }

    private static void insert(Connection connection, String... names) throws SQLException {
        for (String name : names) {
            execute(
                    connection,
                    "INSERT INTO item (id, name, created_at, seen_at) VALUES (gen_random_uuid(), '"
                            + name
                            + "', now(), 0)");
        }
    }

    private static void update(Connection connection, String name) throws SQLException {
        execute(connection, "UPDATE item SET seen_at = seen_at + 1 WHERE name = '" + name + "'");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
