package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.asset.AssetSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The sources of a sequence, and what happens between two pages of a reading. */
final class WorldSources implements AutoCloseable {
    private final CloudSources sources;
    private Optional<Runnable> interlude = Optional.empty();

    /**
     * @param aggregated whether AWS Config's pages come from the aggregator
     * @param sets what is read now
     */
    WorldSources(CloudWorld world, boolean aggregated, Supplier<List<AssetSet>> sets) {
        ConfigAssetSource recorded =
                new ConfigAssetSource(
                        world.cloud().clients(),
                        Optional.of(WorldAggregator.PLACE).filter(place -> aggregated),
                        sets,
                        world.clock());
        sources = new CloudSources(world.cloud(), recorded, world.clock());
    }

    AssetSource of(String resourceType) {
        return sources.of(resourceType);
    }

    AssetSource interrupted(String resourceType) {
        return new AfterPage(of(resourceType), (set, token, page) -> takeInterlude());
    }

    /** This happens once, when the next page has come. */
    void interrupt(Runnable wanted) {
        interlude = Optional.of(wanted);
    }

    void interruptNoMore() {
        interlude = Optional.empty();
    }

    private void takeInterlude() {
        Optional<Runnable> now = interlude;
        interlude = Optional.empty();
        now.ifPresent(Runnable::run);
    }

    @Override
    public void close() {
        sources.close();
    }
}
