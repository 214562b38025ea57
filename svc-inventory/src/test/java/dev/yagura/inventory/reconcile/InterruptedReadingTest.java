package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A reading ends hard before and after each of its writes, and its connection is cut within one:
 * what was known stays, nothing that is there is declared gone, and the next reading goes on.
 */
class InterruptedReadingTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final Knowledge KNOWN = new Knowledge(SERVICE);
    private static final String ACCOUNT = "111122223333";
    private static final AssetSet VOLUMES =
            new AssetSet(Enrolling.scope(ACCOUNT), "AWS::EC2::Volume");
    private static final Duration INTERVAL = Duration.ofMillis(1);
    private static final int PAGE = 3;
    private static final long LIMIT = TimeUnit.MINUTES.toNanos(1);

    /** In three pages; two of them go each time. */
    private static final int ASSETS = 8;

    private final SortedMap<String, Observation> there = new TreeMap<>();
    private final Set<String> gone = new TreeSet<>();
    private int number;

    static List<Coverage> coverages() {
        return List.of(new Coverage.Recorded(), new Coverage.Live());
    }

    @BeforeEach
    void startWithoutAssets() {
        SERVICE.clear();
    }

    @ParameterizedTest
    @MethodSource("coverages")
    void readingThatDiesAtAnyWriteLosesNothingAndTheNextOneGoesOn(Coverage coverage) {
        Source source = new Source(coverage);
        changeWorld();
        read(source, SERVICE.bean(Readings.class));
        assertEqualsWorld();
        int step = 0;
        boolean died;
        do {
            step++;
            died = killAt(source, step, false);
            assertThat(killAt(source, step, true)).isEqualTo(died);
        } while (died);
        // Begin, three pages, what is in doubt, the look, the end; and whether it is recorded.
        assertThat(step - 1).isEqualTo(coverage instanceof Coverage.Live ? 7 : 8);
    }

    @Test
    void readingThatDiesWhereNothingIsRecordedLosesNothing() {
        changeWorld();
        read(new Source(new Coverage.Recorded()), SERVICE.bean(Readings.class));
        Source off = new Source(new Coverage.NotRecorded("recorder default is stopped; start it"));
        for (int step = 1; step <= 5; step++) {
            for (boolean after : List.of(false, true)) {
                Set<String> before = active();
                assertThat(dies(off, step, after)).isTrue();
                assertThat(active()).containsAll(before);
            }
        }
        assertThat(KNOWN.tombstones()).isEmpty();
    }

    @Test
    void pageWhoseConnectionIsCutWithinItsTransactionLeavesNothingOfIt() throws Exception {
        Source source = new Source(new Coverage.Recorded());
        changeWorld();
        read(source, SERVICE.bean(Readings.class));
        Set<String> before = rows();

        changeWorld();
        assertThat(readAndCut(source)).isEqualTo(ScopeReader.Outcome.FAILED);
        assertThat(rows()).isEqualTo(before);
        assertThat(KNOWN.failing(ACCOUNT)).isEqualTo(1);

        read(source, SERVICE.bean(Readings.class));
        assertEqualsWorld();
        assertThat(KNOWN.failing(ACCOUNT)).isZero();
    }

    @Test
    void lookWhoseConnectionIsCutWithinItsTransactionBuriesNothing() throws Exception {
        Source source = new Source(new Coverage.Recorded());
        changeWorld();
        read(source, SERVICE.bean(Readings.class));
        Set<String> before = rows();

        String first = there.firstKey();
        there.remove(first);
        gone.add(first);
        assertThat(readAndCut(source)).isEqualTo(ScopeReader.Outcome.FAILED);
        assertThat(rows()).isEqualTo(before);

        read(source, SERVICE.bean(Readings.class));
        assertEqualsWorld();
    }

    /** False when the reading came to its end first. */
    private boolean killAt(Source source, int step, boolean after) {
        Set<String> before = active();
        Set<String> tombstones = tombstones();
        changeWorld();
        boolean died = dies(source, step, after);
        assertThat(tombstones()).containsAll(tombstones).isSubsetOf(gone);
        before.retainAll(there.keySet());
        assertThat(active()).containsAll(before);

        read(source, SERVICE.bean(Readings.class));
        assertEqualsWorld();
        return died;
    }

    private boolean dies(Source source, int step, boolean after) {
        try {
            read(source, new DyingReadings(SERVICE, step, after));
            return false;
        } catch (DyingReadings.Killed e) {
            return true;
        }
    }

    private static ScopeReader.Outcome read(Source source, Readings readings) {
        SERVICE.postgres()
                .execute(
                        // As time would: the lease of who died is over, and a recorder has settled.
                        "UPDATE scope_reading SET due_time = clock_timestamp(), lease_until ="
                                + " now() - interval '1 second', recorded_since = now() - interval"
                                + " '2 hours'");
        TestClock.CLOCK.advance(Duration.ofMillis(10));
        return new ScopeReader(type -> source, readings, INTERVAL, TestClock.CLOCK).read(VOLUMES);
    }

    /** Cuts the connection that waits for the feed: the assets are written then, and not kept. */
    private static ScopeReader.Outcome readAndCut(Source source) throws Exception {
        try (Connection other = SERVICE.postgres().dataSource().getConnection()) {
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute("SELECT 1 FROM feed_head WHERE feed = 'assets' FOR UPDATE");
                CompletableFuture<ScopeReader.Outcome> reading =
                        CompletableFuture.supplyAsync(
                                () -> read(source, SERVICE.bean(Readings.class)),
                                task -> Thread.ofVirtual().start(task));
                long end = System.nanoTime() + LIMIT;
                while (!cut(statement)) {
                    assertThat(System.nanoTime()).as("a write that waits").isLessThan(end);
                    LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                }
                other.rollback();
                return reading.get(1, TimeUnit.MINUTES);
            }
        }
    }

    private static boolean cut(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                + " WHERE datname = current_database()"
                                + " AND pg_backend_pid() = ANY (pg_blocking_pids(pid))")) {
            return row.next();
        }
    }

    /** Two are gone, two are new, the others are described otherwise. */
    private void changeWorld() {
        number++;
        Instant captured = TestClock.CLOCK.instant().plusMillis(number);
        List<String> ids = new ArrayList<>(there.keySet());
        for (int i = 0; i < Math.min(2, ids.size()); i++) {
            there.remove(ids.get(i));
            gone.add(ids.get(i));
        }
        there.replaceAll((id, before) -> item(id, captured));
        for (int i = there.size(); i < ASSETS; i++) {
            String id = "vol-%04d-%d".formatted(number, i);
            there.put(id, item(id, captured));
        }
    }

    private Observation item(String id, Instant captured) {
        return new Observation(
                id,
                "",
                Asset.newBuilder().setResourceName("wave-" + number).build(),
                Optional.of("{\"wave\":%d}".formatted(number)),
                captured);
    }

    private void assertEqualsWorld() {
        assertThat(rows())
                .isEqualTo(
                        there.values().stream()
                                .map(each ->
                                        each.nativeId() + " " + each.configuration().orElseThrow())
                                .collect(Collectors.toCollection(TreeSet::new)));
        assertThat(tombstones()).isEqualTo(gone);
    }

    private static Set<String> rows() {
        return KNOWN.rows(
                        "SELECT native_id || ' ' || configuration FROM asset"
                                + " WHERE state = 'ACTIVE'")
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> active() {
        return KNOWN.rows("SELECT native_id FROM asset WHERE state = 'ACTIVE'")
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> tombstones() {
        return KNOWN.rows("SELECT native_id FROM asset WHERE state = 'TOMBSTONE'")
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The world, in pages. */
    private final class Source implements AssetSource {
        private final Coverage coverage;

        Source(Coverage coverage) {
            this.coverage = coverage;
        }

        @Override
        public Page page(AssetSet set, Optional<String> token) {
            int from = token.map(Integer::parseInt).orElse(0);
            List<Observation> all = List.copyOf(there.values());
            int to = Math.min(all.size(), from + PAGE);
            return new Page(
                    all.subList(from, to),
                    to < all.size() ? Optional.of(Integer.toString(to)) : Optional.empty());
        }

        @Override
        public Look look(AssetSet set, List<String> nativeIds) {
            return new Look(
                    List.of(),
                    nativeIds.stream().filter(there::containsKey).toList(),
                    nativeIds.stream().filter(id -> !there.containsKey(id)).toList());
        }

        @Override
        public int looksAtOnce() {
            return 100;
        }

        @Override
        public Coverage coverage(AssetSet set) {
            return coverage;
        }

        @Override
        public Duration pause(Duration interval) {
            return interval;
        }
    }
}
