package dev.yagura.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.ingest.TestBatches;
import dev.yagura.proto.type.v1.AgentIdentity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every event log does. */
abstract class EventLogContract {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final AgentIdentity agent = TestBatches.newAgent();
    private final String spool = UUID.randomUUID().toString();

    /** A log that may hold entries of other tests. */
    abstract EventLog log();

    /** Another process's view of the same log. */
    abstract EventLog otherProcess();

    @Test
    void offsetsAreDense() throws Exception {
        SpoolSession session = open(log());
        long first = stored(append(log(), session, 1));

        assertThat(stored(append(log(), session, 2))).isEqualTo(first + 1);
        assertThat(stored(append(log(), session, 3))).isEqualTo(first + 2);
        assertThat(log().bounds(session.partition()).last()).isEqualTo(first + 2);
        assertThat(log().bounds().get(session.partition()))
                .isEqualTo(log().bounds(session.partition()));
    }

    @Test
    void readsInOrderFromAnywhere() throws Exception {
        SpoolSession session = open(log());
        long first = stored(append(log(), session, 1));
        append(log(), session, 2);
        append(log(), session, 3);

        LogPage page = log().read(session.partition(), first, 1, Duration.ZERO);

        assertThat(texts(page)).containsExactly("entry 2");
        assertThat(page.last()).isEqualTo(first + 2);
        assertThat(texts(log().read(session.partition(), first - 1, 10, Duration.ZERO)))
                .containsExactly("entry 1", "entry 2", "entry 3");
    }

    @Test
    void aCanaryIsAnEntryOfNoSpool() throws Exception {
        SpoolSession session = open(log());
        long first = stored(append(log(), session, 1));

        AppendOutcome canary =
                log().appendCanary(session.partition(), "canary".getBytes(StandardCharsets.UTF_8))
                        .get(60, TimeUnit.SECONDS);

        assertThat(stored(canary)).isEqualTo(first + 1);
        assertThat(stored(append(log(), session, 2))).isEqualTo(first + 2);
        assertThat(texts(log().read(session.partition(), first - 1, 10, Duration.ZERO)))
                .containsExactly("entry 1", "canary", "entry 2");
    }

    @Test
    void wakesAReaderAtTheTail() throws Exception {
        SpoolSession session = open(log());
        long tail = log().bounds(session.partition()).last();
        CompletableFuture<LogPage> here = readLater(log(), session.partition(), tail);
        CompletableFuture<LogPage> there = readLater(otherProcess(), session.partition(), tail);

        append(log(), session, 1);

        assertThat(texts(here.get(60, TimeUnit.SECONDS))).containsExactly("entry 1");
        assertThat(texts(there.get(60, TimeUnit.SECONDS))).containsExactly("entry 1");
    }

    @Test
    void readReturnsWithoutEntriesAfterTheWait() throws Exception {
        SpoolSession session = open(log());
        long tail = log().bounds(session.partition()).last();

        assertThat(log().read(session.partition(), tail, 10, Duration.ofMillis(50)).entries())
                .isEmpty();
    }

    @Test
    void takesExactlyTheNextSequence() throws Exception {
        SpoolSession session = open(log());
        append(log(), session, 1);

        assertThat(append(log(), session, 1)).isEqualTo(new AppendOutcome.Duplicate());
        assertThat(append(log(), session, 3)).isEqualTo(new AppendOutcome.Expected(2));
        assertThat(loss(log(), session, 2, 9)).isEqualTo(new AppendOutcome.Recorded());
        assertThat(loss(log(), session, 5, 12)).isEqualTo(new AppendOutcome.Expected(10));
        assertThat(append(log(), session, 10)).isInstanceOf(AppendOutcome.Stored.class);
    }

    @Test
    void anOpenInAnyProcessFencesOlderSessions() throws Exception {
        SpoolSession older = open(log());
        append(log(), older, 1);
        OpenOutcome.Opened newer =
                (OpenOutcome.Opened) otherProcess().open(agent, spool).get(60, TimeUnit.SECONDS);

        assertThat(newer.expectedSequence()).isEqualTo(2);
        assertThat(append(log(), older, 2)).isEqualTo(new AppendOutcome.Fenced());
        assertThat(loss(log(), older, 2, 2)).isEqualTo(new AppendOutcome.Fenced());
        assertThat(append(otherProcess(), newer.session(), 2))
                .isInstanceOf(AppendOutcome.Stored.class);
    }

    @Test
    void aSpoolBelongsToOneAgent() throws Exception {
        open(log());
        AgentIdentity other = agent.toBuilder().setAgentId("other").build();

        assertThat(log().open(other, spool).get(60, TimeUnit.SECONDS))
                .isEqualTo(new OpenOutcome.OtherAgent());
    }

    @Test
    void keepsTheOrderOfManyAppends() throws Exception {
        SpoolSession session = open(log());
        long before = log().bounds(session.partition()).last();
        List<CompletableFuture<AppendOutcome>> outcomes = new ArrayList<>();
        for (int sequence = 1; sequence <= 500; sequence++) {
            outcomes.add(log().append(batch(session, sequence)));
        }

        for (int i = 0; i < outcomes.size(); i++) {
            assertThat(outcomes.get(i).get(60, TimeUnit.SECONDS))
                    .isEqualTo(new AppendOutcome.Stored(before + 1 + i));
        }
    }

    @Test
    void trimsBelowAnOffsetAndKeepsTheOthers() throws Exception {
        SpoolSession session = open(log());
        long first = stored(append(log(), session, 1));
        append(log(), session, 2);
        append(log(), session, 3);

        log().trim(session.partition(), first + 1);

        assertThat(log().bounds(session.partition())).isEqualTo(new Bounds(first + 1, first + 2));
        assertThat(texts(otherProcess().read(session.partition(), first, 9, Duration.ZERO)))
                .containsExactly("entry 2", "entry 3");
        assertThat(log().trim(session.partition(), first + 1)).isZero();
        assertThat(log().trim(session.partition(), Long.MAX_VALUE >> 11)).isEqualTo(2);
        assertThat(log().bounds(session.partition())).isEqualTo(new Bounds(first + 3, first + 2));
        assertThat(stored(append(log(), session, 4))).isEqualTo(first + 3);
    }

    private SpoolSession open(EventLog log) throws Exception {
        return ((OpenOutcome.Opened) log.open(agent, spool).get(60, TimeUnit.SECONDS)).session();
    }

    private static Append batch(SpoolSession session, long sequence) {
        byte[] entry = ("entry " + sequence).getBytes(StandardCharsets.UTF_8);
        return Append.batch(session, sequence, entry, new Append.Count(490_000, 1, 7, 0, ""));
    }

    private static AppendOutcome append(EventLog log, SpoolSession session, long sequence)
            throws Exception {
        return log.append(batch(session, sequence)).get(60, TimeUnit.SECONDS);
    }

    private static AppendOutcome loss(EventLog log, SpoolSession session, long first, long last)
            throws Exception {
        return log.append(
                        Append.loss(
                                session,
                                first,
                                last,
                                new Append.Count(490_000, 0, 0, 5, "evicted")))
                .get(60, TimeUnit.SECONDS);
    }

    private static long stored(AppendOutcome outcome) {
        return ((AppendOutcome.Stored) outcome).offset();
    }

    private static List<String> texts(LogPage page) {
        return page.entries().stream()
                .map(entry -> new String(entry.bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    private static CompletableFuture<LogPage> readLater(EventLog log, int partition, long after) {
        CompletableFuture<LogPage> page = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        page.complete(log.read(partition, after, 10, LONG));
                    } catch (Exception e) {
                        page.completeExceptionally(e);
                    }
                });
        return page;
    }
}
