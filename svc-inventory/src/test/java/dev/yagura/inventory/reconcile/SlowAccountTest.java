package dev.yagura.inventory.reconcile;

import static dev.yagura.inventory.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.asset.AssetSet;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The loop while one account answers nothing at all. */
class SlowAccountTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final String SLOW = "222233334444";
    private static final int REGIONS = 12;
    private static final Duration INTERVAL = Duration.ofHours(1);

    private final Waiting source = new Waiting();
    private final ReadingLoop loop =
            new ReadingLoop(
                    new SetReader(
                            new ScopeReader(
                                    type -> source,
                                    SERVICE.bean(Readings.class),
                                    INTERVAL,
                                    Clock.systemUTC()),
                            SERVICE.bean(NodeReader.class),
                            SERVICE.bean(AccountReader.class),
                            SERVICE.bean(AccountFactReader.class),
                            SERVICE.bean(DetectorReader.class)),
                    SERVICE.bean(ReadingStore.class),
                    SERVICE.bean(FreshnessGauges.class),
                    SlowAccountTest::sets,
                    INTERVAL);

    @BeforeEach
    void startWithoutReadings() {
        SERVICE.clear();
    }

    @AfterEach
    void stop() throws Exception {
        loop.stop(this);
        SERVICE.bean(FreshnessGauges.class).follow(List.of());
    }

    @Test
    void accountThatDoesNotAnswerTakesItsOwnPlacesOnlyAndOthersAreRead() {
        loop.start(this);
        await("every other account", () -> complete() == 3 * REGIONS);
        assertThat(source.waiting.get()).isEqualTo(4);
        source.answer.countDown();
        // The look is seconds long by now: each reading that ends lets the next one in.
        await("the slow one", () -> complete() == 4 * REGIONS);
        assertThat(source.most.get()).isEqualTo(4);
    }

    /** The slow account is asked for first. */
    private static List<AssetSet> sets() {
        return Stream.of(SLOW, "333344445555", "444455556666", "555566667777")
                .flatMap(account ->
                        IntStream.range(0, REGIONS)
                                .mapToObj(region -> Scopes.of("aws", account, "region-" + region)))
                .map(scope -> new AssetSet(scope, "AWS::EC2::Volume"))
                .toList();
    }

    private static long complete() {
        return SERVICE.bean(ReadingStore.class).freshness().stream()
                .filter(each -> each.completeTime() != null)
                .count();
    }

    /** Has nothing, which it says of one account only when it may. */
    private static final class Waiting implements AssetSource {
        private final CountDownLatch answer = new CountDownLatch(1);
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        @Override
        public Page page(AssetSet set, Optional<String> token) {
            if (set.scope().getAccountId().equals(SLOW)) {
                most.accumulateAndGet(waiting.incrementAndGet(), Math::max);
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                } finally {
                    waiting.decrementAndGet();
                }
            }
            return new Page(List.of(), Optional.empty());
        }

        @Override
        public Look look(AssetSet set, List<String> nativeIds) {
            throw new UnsupportedOperationException("empty pages leave nothing in doubt");
        }

        @Override
        public int looksAtOnce() {
            return 1;
        }

        @Override
        public Coverage coverage(AssetSet set) {
            return new Coverage.Recorded();
        }

        @Override
        public Duration pause(Duration interval) {
            return interval;
        }
    }
}
