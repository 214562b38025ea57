package dev.yagura.common.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.error.CursorExpiredException;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.testkit.PostgresFixture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ChangeFeedTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("sample");

    private Transactions transactions;
    private ChangeFeed feed;

    @BeforeAll
    static void migrate() {
        POSTGRES.migrate();
    }

    @BeforeEach
    void openFeed() {
        POSTGRES.execute(
                "DELETE FROM feed_change; UPDATE feed_head SET head = 0, incarnation = gen_random_uuid()");
        transactions = POSTGRES.transactions();
        feed = ChangeFeed.of("items", transactions);
    }

    @AfterEach
    void closeFeed() {
        feed.watcher().close();
    }

    @Test
    void watcherSeesEveryNumberOnceAndInOrderWhileEightWrite() throws Exception {
        int writers = 8;
        int commits = 100;
        Set<UUID> written = new HashSet<>();
        List<Change> seen = new ArrayList<>();
        try (ChangeSubscription subscription = feed.watcher().subscribe("");
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<UUID>>> results =
                    Stream.generate(() -> executor.submit(writer(commits))).limit(writers).toList();
            while (seen.size() < writers * commits * 3) {
                seen.addAll(nextChanges(subscription));
            }
            for (Future<List<UUID>> result : results) {
                written.addAll(result.get());
            }
        }
        assertThat(seen.stream().map(Change::number))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, (long) writers * commits * 3).boxed().toList());
        assertThat(seen.stream().map(Change::key)).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void readerNeverSeesARowBeforeOneWithALowerNumber() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<UUID>>> results =
                    Stream.generate(() -> executor.submit(writer(100))).limit(8).toList();
            FeedTable table = new FeedTable("items");
            boolean writing = true;
            while (writing) {
                writing = !results.stream().allMatch(Future::isDone);
                FeedTable.Page page =
                        transactions.query(connection -> table.read(connection, 0, 10_000));
                assertThat(page.changes()).hasSize((int) page.head());
            }
        }
    }

    @Test
    void manyWatchersAtTheirOwnPaceSeeTheSame() throws Exception {
        int changes = 2000;
        String start = feed.cursor();
        Callable<List<Long>> watcher =
                () -> {
                    try (ChangeSubscription subscription = feed.watcher().subscribe(start)) {
                        return numbers(subscription, changes);
                    }
                };
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Long>>> watchers =
                    Stream.generate(() -> executor.submit(watcher)).limit(20).toList();
            for (int batch = 0; batch < changes / 20; batch++) {
                append(keys(20));
            }
            for (Future<List<Long>> numbers : watchers) {
                assertThat(numbers.get())
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(1, changes).boxed().toList());
            }
        }
    }

    @Test
    void cursorGoesOnInAnotherProcess() throws Exception {
        List<UUID> keys = keys(10);
        String cursor;
        try (ChangeSubscription subscription = feed.watcher().subscribe("")) {
            append(keys);
            List<Change> page = nextChanges(subscription);
            assertThat(page.stream().map(Change::key)).containsExactlyElementsOf(keys);
            cursor = subscription.cursorAfter(page.get(3));
        }
        feed.watcher().close();
        ChangeFeed restarted = ChangeFeed.of("items", transactions);
        try (ChangeSubscription subscription = restarted.watcher().subscribe(cursor)) {
            assertThat(nextChanges(subscription).stream().map(Change::key))
                    .containsExactlyElementsOf(keys.subList(4, 10));
        } finally {
            restarted.watcher().close();
        }
    }

    @Test
    void commitOfAnotherProcessIsSeen() throws Exception {
        ChangeFeed elsewhere = ChangeFeed.of("items", transactions);
        UUID key = UUID.randomUUID();
        try (ChangeSubscription subscription = feed.watcher().subscribe("")) {
            transactions.run(transaction -> elsewhere.append(transaction, List.of(key)));
            assertThat(nextChanges(subscription)).containsExactly(new Change(1, key));
        }
    }

    @Test
    void slowWatcherReadsTheTableWhereTheRingBeginsLater() throws Exception {
        int changes = 10_000; // the ring has 8192
        try (ChangeSubscription slow = feed.watcher().subscribe("");
                ChangeSubscription fast = feed.watcher().subscribe("")) {
            append(keys(changes));
            assertThat(numbers(fast, changes)).isSorted().doesNotHaveDuplicates();
            assertThat(numbers(slow, changes)).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void rolledBackChangesTakeNoNumber() throws Exception {
        try (ChangeSubscription subscription = feed.watcher().subscribe("")) {
            assertThatThrownBy(() ->
                            transactions.run(transaction -> {
                                feed.append(transaction, keys(3));
                                throw new IllegalStateException("no");
                            }))
                    .hasMessage("no");
            append(keys(1));
            assertThat(nextChanges(subscription)).extracting(Change::number).containsExactly(1L);
        }
    }

    @Test
    void refusesCursorsBelowWhatIsKept() {
        String old = feed.cursor();
        append(keys(20));
        String kept = cursorAt(15);
        feed.trim(Duration.ofDays(1), 5);
        assertThatThrownBy(() -> feed.watcher().subscribe(old))
                .isInstanceOf(CursorExpiredException.class)
                .hasMessageContaining("list first");
        feed.watcher().subscribe(kept).close();
    }

    @Test
    void watcherThatFellBehindWhatIsKeptIsTold() throws Exception {
        try (ChangeSubscription slow = feed.watcher().subscribe("");
                ChangeSubscription fast = feed.watcher().subscribe("")) {
            append(keys(10_000));
            numbers(fast, 10_000);
            feed.trim(Duration.ofDays(1), 10);
            assertThatThrownBy(() -> slow.next(AT_ONCE)).isInstanceOf(CursorExpiredException.class);
        }
    }

    @Test
    void trimsByAgeAndKeepsNumbering() {
        append(keys(20));
        POSTGRES.execute(
                "UPDATE feed_change SET changed_at = changed_at - interval '2 hours' WHERE number <= 20");
        feed.trim(Duration.ofHours(1), 1_000_000);
        String cursor = feed.cursor();
        assertThat(FeedCursor.decode(cursor).number()).isEqualTo(20);
        feed.watcher().subscribe(cursor).close();
    }

    @Test
    void refusesCursorsOfAnotherFeedOrIncarnation() {
        append(keys(2));
        String other = ChangeFeed.of("things", transactions).cursor();
        String before = feed.cursor();
        POSTGRES.execute("UPDATE feed_head SET incarnation = gen_random_uuid()");
        for (String cursor : List.of(other, before)) {
            assertThatThrownBy(() -> feed.watcher().subscribe(cursor))
                    .isInstanceOf(CursorExpiredException.class);
        }
    }

    @Test
    void openWatchIsToldOfARestoredFeed() throws Exception {
        append(keys(5));
        try (ChangeSubscription subscription = feed.watcher().subscribe("")) {
            POSTGRES.execute("DELETE FROM feed_change; UPDATE feed_head SET head = 2");
            assertThatThrownBy(() -> nextChanges(subscription))
                    .isInstanceOf(CursorExpiredException.class);
        }
        assertThatThrownBy(() -> feed.watcher().subscribe(cursorAt(5)))
                .isInstanceOf(CursorExpiredException.class);
    }

    @Test
    void refusesWhatIsNoCursor() {
        for (String cursor : List.of("x", "AAAA", "%%%", "A".repeat(300))) {
            assertThatThrownBy(() -> feed.watcher().subscribe(cursor))
                    .isInstanceOf(InvalidFieldException.class)
                    .hasMessageContaining("cursor");
        }
    }

    @Test
    void namesTheMissingFeed() {
        ChangeFeed unknown = ChangeFeed.of("nothing", transactions);
        assertThatThrownBy(unknown::cursor).hasMessageContaining("feed_head has no row 'nothing'");
        assertThatThrownBy(
                        () -> transactions.run(transaction -> unknown.append(transaction, keys(1))))
                .hasMessageContaining("feed_head has no row 'nothing'");
    }

    @Test
    void stopEndsOpenWatches() throws Exception {
        try (ChangeSubscription subscription = feed.watcher().subscribe("");
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Change>> waiting = executor.submit(() -> subscription.next(LIMIT));
            feed.watcher().close();
            assertThatThrownBy(waiting::get)
                    .hasCauseInstanceOf(DependencyUnavailableException.class);
        }
    }

    @Test
    void sampleHasTheTemplate() throws IOException {
        String template = resource("/db/template/change_feed.sql").replaceAll("-- INSERT.*\n", "");
        assertThat(resource("/db/migration/sample/V1__items.sql")).startsWith(template);
    }

    private Callable<List<UUID>> writer(int commits) {
        return () -> {
            Random random = new Random();
            List<UUID> written = new ArrayList<>();
            for (int commit = 0; commit < commits; commit++) {
                List<UUID> keys = keys(3);
                transactions.run(transaction -> {
                    try (var statement = transaction.connection().createStatement()) {
                        statement.execute(
                                "SELECT pg_sleep(%f)".formatted(random.nextDouble() / 500));
                    }
                    feed.append(transaction, keys);
                });
                written.addAll(keys);
            }
            return written;
        };
    }

    private void append(List<UUID> keys) {
        transactions.run(transaction -> feed.append(transaction, keys));
    }

    private String cursorAt(long number) {
        return new FeedCursor(FeedCursor.decode(feed.cursor()).incarnation(), number).encode();
    }

    private static List<Long> numbers(ChangeSubscription subscription, int count)
            throws InterruptedException {
        List<Long> numbers = new ArrayList<>();
        while (numbers.size() < count) {
            nextChanges(subscription).forEach(change -> numbers.add(change.number()));
        }
        return numbers;
    }

    private static List<Change> nextChanges(ChangeSubscription subscription)
            throws InterruptedException {
        List<Change> changes = subscription.next(LIMIT);
        assertThat(changes).as("changes within %s", LIMIT).isNotEmpty();
        return changes;
    }

    private static List<UUID> keys(int count) {
        return Stream.generate(UUID::randomUUID).limit(count).toList();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ChangeFeedTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
