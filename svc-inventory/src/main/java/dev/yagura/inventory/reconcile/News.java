package dev.yagura.inventory.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.inventory.asset.AssetCatalog.Told;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Configuration items that AWS Config tells by itself: late, twice and out of order. An item counts
 * by its capture time only.
 *
 * <p>That a resource was deleted is believed when a second look does not find it either. An item is
 * old when it comes, and the resource may have been made again since under the same name; and who
 * can write to the queue can make up an item, but not what AWS answers. It costs a call for each
 * deletion, and those are rare beside changes. Left to the next reading instead, what is gone would
 * be shown as active for minutes more.
 */
@ApplicationScoped
public class News {
    /** AWS Config's region of what is the same in all of them. */
    private static final String EVERYWHERE = "global";

    /** What clocks may be apart. An item of later times would silence every true one until then. */
    private static final Duration SKEW = Duration.ofMinutes(15);

    /** Of the connections to the database, most are for those who ask. */
    private static final int WRITERS = 4;

    private final Semaphore writers = new Semaphore(WRITERS);
    private final Function<String, AssetSource> sources;
    private final ToldItems items;
    private final Supplier<List<AssetSet>> sets;
    private final Clock clock;

    @Inject
    News(AssetSources sources, ToldItems items, ReadScopes scopes, Clock clock) {
        this(sources::of, items, scopes::sets, clock);
    }

    /**
     * @param sources by resource type
     * @param sets what is read now
     */
    News(
            Function<String, AssetSource> sources,
            ToldItems items,
            Supplier<List<AssetSet>> sets,
            Clock clock) {
        this.sources = sources;
        this.items = items;
        this.sets = sets;
        this.clock = clock;
    }

    /** What became of an item. */
    public enum Outcome {
        /** An asset is another than before. */
        CHANGED,
        /** It was known, or AWS Config does not record the type any more. */
        NOTHING_NEW,
        /** Of an account, region or type that is not read. */
        NOT_READ
    }

    /** Whether an item has to be whole; {@link #take} takes the summary of any other as well. */
    public boolean needsWhole(JsonNode summary) {
        return set(summary)
                .filter(set -> !AssetSets.isLive(set))
                .filter(set -> ConfigItems.isDescription(ConfigItems.status(summary)))
                .isPresent();
    }

    /**
     * Applies an item.
     *
     * @param item as a notification has it
     * @throws IllegalArgumentException it is none: the reason, for people
     * @throws IllegalStateException a second look does not confirm it yet
     */
    public Outcome take(JsonNode item) {
        Optional<AssetSet> set = set(item);
        if (set.isEmpty()) {
            return Outcome.NOT_READ;
        }
        Observation said = ConfigItems.described(item);
        if (said.time().isAfter(clock.instant().plus(SKEW))) {
            throw new IllegalArgumentException("captured in the future, at " + said.time());
        }
        Told told = take(set.get(), said, ConfigItems.status(item));
        return told == Told.CHANGED ? Outcome.CHANGED : Outcome.NOTHING_NEW;
    }

    /** Throws if nothing could be applied now, because the database does not answer. */
    public void check() {
        items.check();
    }

    private Told take(AssetSet set, Observation said, String status) {
        if (!AssetSets.isLive(set) && ConfigItems.isDescription(status)) {
            Told told = write(() -> items.tell(set, said, false));
            return told == Told.IN_DOUBT ? lookForDescribed(set, said) : told;
        }
        if (write(() -> items.isKnown(set, said))) {
            return Told.NOTHING_NEW;
        }
        if (AssetSets.isLive(set)) {
            // That it has changed is news; how, its own API says better, and now.
            Instant asked = clock.instant();
            AssetSource.Look look = look(set, List.of(said.nativeId()));
            return write(() -> items.confirm(set, look, asked));
        }
        // Of a type that is not recorded, AWS Config would not find what is still there.
        return status.equals(ConfigItems.DELETED_WHILE_RECORDED)
                ? lookForDeleted(set, said)
                : Told.NOTHING_NEW;
    }

    private Told lookForDescribed(AssetSet set, Observation said) {
        AssetSource.Look look = look(set, List.of(said.nativeId()));
        if (look.present().contains(said.nativeId())) {
            return write(() -> items.tell(set, said, true));
        }
        if (look.gone().contains(said.nativeId())) {
            return Told.NOTHING_NEW;
        }
        throw new IllegalStateException("a second look does not say whether it is still there");
    }

    private Told lookForDeleted(AssetSet set, Observation last) {
        AssetSource.Look look = look(set, List.of(last.nativeId()));
        if (look.gone().contains(last.nativeId())) {
            return write(() -> items.tellGone(set, last));
        }
        // AWS is behind, or the resource was made again: then that is told too, and is newer.
        throw new IllegalStateException("a second look does not confirm that it is deleted");
    }

    private AssetSource.Look look(AssetSet set, List<String> nativeIds) {
        return sources.apply(set.resourceType()).look(set, nativeIds);
    }

    private <T> T write(Supplier<T> transaction) {
        try {
            writers.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped before it was written", e);
        }
        try {
            return transaction.get();
        } finally {
            writers.release();
        }
    }

    private Optional<AssetSet> set(JsonNode item) {
        String account = item.path("awsAccountId").asText(item.path("accountId").asText(""));
        String region = item.path("awsRegion").asText("");
        String type = item.path("resourceType").asText("");
        return sets.get().stream()
                .filter(set -> set.scope().getAccountId().equals(account))
                .filter(set -> set.resourceType().equals(type))
                .filter(set -> set.scope().getRegion().equals(region) || region.equals(EVERYWHERE))
                .findFirst();
    }
}
