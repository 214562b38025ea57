package dev.yagura.ingest.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.ingest.RunningIngest;
import dev.yagura.ingest.TestBatches;
import dev.yagura.ingest.log.Append;
import dev.yagura.ingest.log.OpenOutcome;
import dev.yagura.ingest.log.RedisEventLog;
import dev.yagura.ingest.log.SpoolSession;
import dev.yagura.proto.type.v1.AgentIdentity;
import dev.yagura.testkit.PostgresFixture;
import dev.yagura.testkit.RedisFixture;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Numbers stay exact while hours move from Redis to PostgreSQL. */
class LedgerFoldTest {
    private static final long HOUR = 400_000;

    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("ingest");
    @RegisterExtension static final RedisFixture REDIS = new RedisFixture();

    private static @TempDir Path folder;
    private static RunningIngest ingest;
    private static RedisEventLog log;
    private static OpenCounts open;
    private static LedgerStore closed;
    private static Ledger ledger;
    private static LedgerFold fold;

    private final AgentIdentity agent = TestBatches.newAgent();
    private @Nullable SpoolSession session;
    private long sequence = 1;

    @BeforeAll
    static void start() throws Exception {
        Map<String, String> settings = new HashMap<>(POSTGRES.settings());
        settings.put("yagura.ingest.log.url", REDIS.url());
        ingest = new RunningIngest(folder, settings);
        log = ingest.bean(RedisEventLog.class);
        open = ingest.bean(OpenCounts.class);
        closed = ingest.bean(LedgerStore.class);
        ledger = ingest.bean(Ledger.class);
        fold = new LedgerFold(log, open, closed, Duration.ofNanos(1), Clock.systemUTC());
    }

    @AfterAll
    static void stop() {
        ingest.close();
    }

    @Test
    void foldingChangesNoNumber() throws Exception {
        count(HOUR, 7, 3);
        LedgerCount before = find(HOUR);

        assertThat(fold.fold()).isPositive();

        assertThat(find(HOUR)).isEqualTo(before);
        assertThat(before.stored()).isEqualTo(7);
        assertThat(before.losses()).containsExactly(Map.entry("evicted", 3L));
        assertThat(open.counts(List.of(new LedgerCount.Key(HOUR, agent.getAgentId())))).isEmpty();
    }

    @Test
    void aCrashBetweenTheStoresCountsNothingTwice() throws Exception {
        count(HOUR, 7, 3);
        LedgerCount before = find(HOUR);
        closed.save(List.of(openCount()));
        assertThat(find(HOUR)).isEqualTo(before);

        count(HOUR, 1, 0);
        assertThat(find(HOUR).stored()).isEqualTo(8);
        fold.fold();
        fold.fold();

        assertThat(find(HOUR).stored()).isEqualTo(8);
        assertThat(find(HOUR).declaredLost()).isEqualTo(3);
    }

    @Test
    void whatWasCountedWhileFoldingIsKept() throws Exception {
        count(HOUR, 7, 0);
        OpenCounts.Open read =
                open.counts(List.of(new LedgerCount.Key(HOUR, agent.getAgentId()))).getFirst();
        count(HOUR, 2, 0);

        closed.save(List.of(read.count()));
        open.forget(read);

        assertThat(find(HOUR).stored()).isEqualTo(9);
    }

    @Test
    void anEarlierVersionNeverReplacesALaterOne() throws Exception {
        count(HOUR, 7, 0);
        LedgerCount earlier = openCount();
        count(HOUR, 2, 0);
        fold.fold();

        closed.save(List.of(earlier));

        assertThat(find(HOUR).stored()).isEqualTo(9);
    }

    @Test
    void lateBatchesAddToAFoldedHour() throws Exception {
        count(HOUR, 7, 3);
        fold.fold();
        count(HOUR, 2, 1);
        assertThat(find(HOUR).stored()).isEqualTo(9);
        fold.fold();

        assertThat(find(HOUR).stored()).isEqualTo(9);
        assertThat(find(HOUR).losses()).containsExactly(Map.entry("evicted", 4L));
    }

    @Test
    void pagesOverBothStoresWithoutHoles() throws Exception {
        for (long hour = HOUR; hour < HOUR + 5; hour++) {
            count(hour, 1, hour % 2);
        }
        fold.fold();
        for (long hour = HOUR + 3; hour < HOUR + 8; hour++) {
            count(hour, 1, 0);
        }

        assertThat(pages(false))
                .containsExactly(
                        HOUR + 7, HOUR + 6, HOUR + 5, HOUR + 4, HOUR + 3, HOUR + 2, HOUR + 1, HOUR);
        assertThat(pages(true)).containsExactly(HOUR + 3, HOUR + 1);
    }

    private List<Long> pages(boolean onlyLosses) {
        List<Long> hours = new ArrayList<>();
        Optional<LedgerCount.Key> after = Optional.empty();
        while (true) {
            List<LedgerCount> page =
                    ledger.list(
                            new LedgerQuery(
                                    Set.of("111122223333"),
                                    Optional.of(agent.getAgentId()),
                                    onlyLosses,
                                    after),
                            3);
            if (page.isEmpty()) {
                return hours;
            }
            page.forEach(count -> hours.add(count.key().hour()));
            after = Optional.of(page.getLast().key());
        }
    }

    private void count(long hour, long events, long lost) throws Exception {
        if (session == null) {
            OpenOutcome outcome =
                    log.open(agent, UUID.randomUUID().toString()).get(60, TimeUnit.SECONDS);
            session = ((OpenOutcome.Opened) outcome).session();
        }
        Append.Count count = new Append.Count(hour, events, events * 10, lost, "evicted");
        log.append(Append.batch(session, sequence++, new byte[10], count))
                .get(60, TimeUnit.SECONDS);
    }

    private LedgerCount openCount() {
        return open.counts(List.of(new LedgerCount.Key(HOUR, agent.getAgentId())))
                .getFirst()
                .count();
    }

    private LedgerCount find(long hour) {
        LedgerQuery everything =
                new LedgerQuery(Set.of(), Optional.empty(), false, Optional.empty());
        return ledger.find(new LedgerCount.Key(hour, agent.getAgentId()), everything).orElseThrow();
    }
}
