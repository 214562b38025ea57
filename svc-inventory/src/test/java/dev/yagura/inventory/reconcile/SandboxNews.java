package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.asset.AssetCatalog;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.control.SandboxClient;
import jakarta.enterprise.inject.Vetoed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** News about the sandbox's account, applied by the running service's stores. */
public final class SandboxNews implements AutoCloseable {
    public static final String ACCOUNT = "111122223333";
    public static final Scope SCOPE = Enrolling.scope(ACCOUNT);

    private final SandboxCloud cloud = new SandboxCloud();
    private final Clock clock = new CloudClock(cloud.control());
    private final CloudSources sources = new CloudSources(cloud, clock);
    private final InventoryService service;

    public SandboxNews(InventoryService service) throws Exception {
        this.service = service;
    }

    public News news() {
        return news(service.bean(ToldItems.class));
    }

    /** Whose database does not answer as long as that is wanted. */
    public News news(AtomicBoolean away) {
        return news(new AwayItems(service, away));
    }

    private News news(ToldItems items) {
        return new News(sources::of, items, () -> AssetSets.of(List.of(SCOPE)), clock);
    }

    /** What is captured and what is read are told apart by the time of the sandbox. */
    private static final class CloudClock extends Clock {
        private final SandboxClient control;

        CloudClock(SandboxClient control) {
            this.control = control;
        }

        @Override
        public Instant instant() {
            return control.advance(Duration.ZERO);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Vetoed
    private static final class AwayItems extends ToldItems {
        private final ToldItems items;
        private final AtomicBoolean away;

        AwayItems(InventoryService service, AtomicBoolean away) {
            super(service.bean(ReadingStore.class), service.bean(AssetCatalog.class));
            this.items = service.bean(ToldItems.class);
            this.away = away;
        }

        @Override
        void check() {
            if (away.get()) {
                throw new DependencyUnavailableException("PostgreSQL", Duration.ofSeconds(1));
            }
        }

        @Override
        AssetCatalog.Told tell(AssetSet set, Observation said, boolean looked) {
            check();
            return items.tell(set, said, looked);
        }
    }

    /** Reads all of a type that AWS Config records; false unless it is complete. */
    public boolean read(String type) {
        return new ScopeReader(
                                sources::of,
                                service.bean(Readings.class),
                                Duration.ofMillis(1),
                                clock)
                        .read(new AssetSet(SCOPE, type))
                == ScopeReader.Outcome.COMPLETE;
    }

    public SandboxClient control() {
        return cloud.control();
    }

    /** As the service has them. */
    public AwsClients clients() {
        return cloud.clients();
    }

    public AwsClients operator() {
        return cloud.operator();
    }

    @Override
    public void close() throws Exception {
        sources.close();
        cloud.close();
    }
}
