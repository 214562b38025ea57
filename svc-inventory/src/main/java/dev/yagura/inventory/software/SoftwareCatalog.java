package dev.yagura.inventory.software;

import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.AssetCatalog;
import dev.yagura.inventory.asset.SoftwareListing;
import dev.yagura.inventory.reconcile.NodeKnowledge;
import dev.yagura.inventory.reconcile.NodeStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers what is installed where, and where that is not known. */
@ApplicationScoped
class SoftwareCatalog implements SoftwareListing {
    /** It looks at every host; their readings are hourly. */
    private static final Duration COUNTED = Duration.ofMinutes(1);

    private final SoftwareStore store;
    private final AssetCatalog assets;
    private final NodeStore nodes;
    private final Clock clock;
    private Counted counted = new Counted(Map.of(), Instant.MIN);

    /** Hosts in doubt, by account. */
    private record Counted(Map<String, Unsure> byAccount, Instant time) {}

    @Inject
    SoftwareCatalog(SoftwareStore store, AssetCatalog assets, NodeStore nodes, Clock clock) {
        this.store = store;
        this.assets = assets;
        this.nodes = nodes;
        this.clock = clock;
    }

    @Override
    public Page list(Query query, Optional<Place> after, int size) {
        List<Entry> found = store.list(query, after, size + 1);
        return found.size() <= size
                ? new Page(found, Optional.empty())
                : new Page(found.subList(0, size), Optional.of(found.get(size - 1).place()));
    }

    @Override
    public String problem(UUID assetId, Visibility visibility) {
        Asset host = assets.find(assetId, visibility);
        if (!host.resourceType().equals(Asset.INSTANCE)
                && !host.resourceType().equals(Asset.HOST)) {
            throw new PreconditionFailedException(
                    ResourceName.of("assets", assetId),
                    "is " + host.resourceType() + ", no host; ask for an instance");
        }
        return new SoftwareDoubt(
                        host,
                        store.known(host.scope(), assetId),
                        nodes.find(Set.of(assetId)).get(assetId),
                        nodesOf(host))
                .text(clock.instant());
    }

    private @Nullable NodeKnowledge nodesOf(Asset host) {
        return nodes.knowledge().stream()
                .filter(each -> each.scope().equals(host.scope()))
                .findFirst()
                .orElse(null);
    }

    @Override
    public Unsure unsure(Visibility visibility) {
        return counted().byAccount.entrySet().stream()
                .filter(each -> visibility.covers(each.getKey()))
                .map(Map.Entry::getValue)
                .reduce(new Unsure(0, 0, 0), Unsure::plus);
    }

    /** Who asks while others count waits for their answer. */
    private synchronized Counted counted() {
        Instant now = clock.instant();
        if (now.isBefore(counted.time) || !now.isBefore(counted.time.plus(COUNTED))) {
            counted = new Counted(store.unsure(now.minus(SoftwareDoubt.OUTDATED)), now);
        }
        return counted;
    }
}
