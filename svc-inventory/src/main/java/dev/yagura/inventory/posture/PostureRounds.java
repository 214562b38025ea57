package dev.yagura.inventory.posture;

import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.job.PeriodicJob;
import dev.yagura.common.log.LogKeys;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.AssetCatalog;
import dev.yagura.inventory.asset.AssetHistory;
import dev.yagura.proto.inventory.v1.Posture;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges every host and account again and again, and keeps what each posture was when it becomes
 * another one. Replicas take turns; a round goes on where one that died left it.
 */
@ApplicationScoped
public class PostureRounds {
    private static final Logger LOG = LoggerFactory.getLogger(PostureRounds.class);

    /** Assets of one turn: some hundred milliseconds. */
    private static final int AT_ONCE = 200;

    private static final int FORGOTTEN_AT_ONCE = 500;

    private final AssetCatalog assets;
    private final PostureCatalog catalog;
    private final AccountPostures accounts;
    private final PostureStore store;
    private final AssetHistory history;
    private final Clock clock;
    private final Duration interval;
    private final PeriodicJob job;

    @Inject
    PostureRounds(
            AssetCatalog assets,
            PostureCatalog catalog,
            AccountPostures accounts,
            PostureStore store,
            AssetHistory history,
            Settings settings,
            Clock clock) {
        this.assets = assets;
        this.catalog = catalog;
        this.accounts = accounts;
        this.store = store;
        this.history = history;
        this.clock = clock;
        this.interval = PostureConfig.from(settings).interval();
        this.job = new PeriodicJob("postures", interval, this::once);
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        job.start();
    }

    void stop(@Observes @Priority(1) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        job.close();
    }

    private void once() {
        judge(clock.instant().minus(interval));
        int forgotten;
        do {
            forgotten = store.forget(history.horizon(), FORGOTTEN_AT_ONCE);
            if (forgotten > 0) {
                LOG.atInfo()
                        .addKeyValue(LogKeys.COUNT, forgotten)
                        .log("postures deleted that were kept long enough");
            }
        } while (forgotten > 0 && !Thread.currentThread().isInterrupted());
    }

    /**
     * A round, or what is left of one.
     *
     * @param notAfter begin of the last round that lets another one begin
     */
    public void judge(Instant notAfter) {
        store.begin(clock.instant(), notAfter);
        while (!Thread.currentThread().isInterrupted()) {
            long begun = System.nanoTime();
            if (!store.turn(this::turn, clock.instant())) {
                return;
            }
            // Questions of others come between.
            LockSupport.parkNanos(System.nanoTime() - begun);
        }
    }

    /** Hosts, and accounts with the last of them. */
    private PostureStore.Turn turn(Optional<UUID> after) {
        List<Asset> page = assets.protectable(new Visibility(Set.of()), after, AT_ONCE);
        Stream<Posture> hosts =
                catalog.judge(page.stream().filter(PostureCatalog::isHost).toList()).stream()
                        .map(PostureProtos::message);
        return page.size() < AT_ONCE
                ? new PostureStore.Turn(
                        news(
                                Stream.concat(
                                        hosts,
                                        accounts.judgeAll().stream().map(PostureProtos::message))),
                        Optional.empty())
                : new PostureStore.Turn(news(hosts), Optional.of(page.getLast().id()));
    }

    private List<Posture> news(Stream<Posture> postures) {
        List<Posture> judged = postures.toList();
        Map<String, Posture> before =
                store.newest(judged.stream().map(PostureProtos::subject).toList());
        return judged.stream()
                .filter(each -> PostureProtos.isNews(before.get(PostureProtos.subject(each)), each))
                .toList();
    }
}
