package dev.yagura.inventory.asset;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.inventory.access.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What assets were. A version begins with a change that the feed announces and ends with the next;
 * what an asset is now is in its own row, and only what it was before is kept apart.
 */
@ApplicationScoped
public class AssetHistory {
    /** Assets that one page of a list looks at, however few of them match. */
    private static final int LOOKED_AT = 5_000;

    private static final int AT_ONCE = 500;

    /** So that an answer stays below what clients take. */
    private static final int MOST_BYTES = 2 << 20;

    /** Beside a page of its own versions. */
    private static final int MOST_RECORDED_BYTES = 1 << 20;

    private static final Instant FAR = Instant.parse("9999-12-31T00:00:00Z");

    private final AssetCatalog catalog;
    private final VersionStore versions;
    private final RecordedHistory recorded;
    private final Duration retention;
    private final Clock clock;

    /**
     * A version as a client sees it.
     *
     * @param until when the next one began; null for what it is now
     */
    record Version(Asset asset, @Nullable Instant until) {}

    /**
     * Versions of an asset.
     *
     * @param next the time before which the next page begins; empty after the last
     */
    record Versions(List<Version> versions, Optional<Instant> next) {}

    /**
     * Versions that AWS Config has kept.
     *
     * @param problem why some are missing; else empty
     */
    record Recorded(List<Version> versions, String problem) {}

    /**
     * Assets as they were.
     *
     * @param next the id after which the next page begins; empty after the last
     */
    record Page(List<Asset> assets, Optional<UUID> next) {}

    @Inject
    AssetHistory(
            AssetCatalog catalog,
            VersionStore versions,
            RecordedHistory recorded,
            Settings settings,
            Clock clock) {
        this(catalog, versions, recorded, HistoryConfig.from(settings).retention(), clock);
    }

    AssetHistory(
            AssetCatalog catalog,
            VersionStore versions,
            RecordedHistory recorded,
            Duration retention,
            Clock clock) {
        this.catalog = catalog;
        this.versions = versions;
        this.recorded = recorded;
        this.retention = retention;
        this.clock = clock;
    }

    /** With its configuration then. */
    Asset get(UUID id, Visibility visibility, Instant time) {
        Asset then = find(id, visibility, time);
        return catalog.whole(then, versions.configuration(id, then.updateTime()));
    }

    /**
     * As it was then, without its configuration, tombstones too.
     *
     * @throws NotFoundException there was none, or none that the caller may see
     * @throws InvalidFieldException the time is not one that is kept
     */
    public Asset find(UUID id, Visibility visibility, Instant time) {
        check(time);
        return at(List.of(catalog.find(id, visibility)), time).stream()
                .findFirst()
                .orElseThrow(() -> new NotFoundException("asset", notYet(id, time)));
    }

    /** Whether it was a tombstone then; false where nothing of then is known. */
    public boolean wasGone(UUID id, Visibility visibility, Instant time) {
        return at(List.of(catalog.find(id, visibility)), time).stream()
                .anyMatch(Asset::isTombstone);
    }

    private static String notYet(UUID id, Instant time) {
        return "%s as of %s, when the inventory did not know it,"
                .formatted(ResourceName.of("assets", id), time);
    }

    /** Assets above an id, by id, that were known then and matched then. */
    Page list(AssetSelection selection, Instant time, Optional<UUID> after, int size) {
        check(time);
        List<Asset> found = new ArrayList<>();
        Optional<UUID> last = after;
        for (int looked = 0; looked < LOOKED_AT; looked += AT_ONCE) {
            AssetStore.Page now = catalog.list(selection.atAnyTime(), last, AT_ONCE);
            for (Asset then : at(now.assets(), time)) {
                if (selection.matches(then)) {
                    found.add(then);
                    if (found.size() == size) {
                        return new Page(found, Optional.of(then.id()));
                    }
                }
            }
            if (now.next().isEmpty()) {
                return new Page(found, Optional.empty());
            }
            last = now.next();
        }
        return new Page(found, last);
    }

    /** In the same order; without those that were not known. */
    private List<Asset> at(List<Asset> assets, Instant time) {
        Map<UUID, PastVersion> past =
                versions.at(
                        assets.stream()
                                .filter(asset -> asset.updateTime().isAfter(time))
                                .map(Asset::id)
                                .toList(),
                        time);
        List<Asset> then = new ArrayList<>();
        for (Asset asset : assets) {
            PastVersion version =
                    asset.updateTime().isAfter(time) ? past.get(asset.id()) : asset.current();
            if (version != null) {
                then.add(asset.was(version, time));
            }
        }
        return then;
    }

    /** Newest first, with configurations; at least one when there is one. */
    Versions versions(UUID id, Visibility visibility, Optional<Instant> before, int size) {
        Asset now = catalog.find(id, visibility);
        Instant moment = clock.instant();
        List<Version> page = new ArrayList<>();
        int bytes = 0;
        List<VersionStore.Whole> rows = versions.before(id, before.orElse(FAR), size);
        for (VersionStore.Whole row : rows) {
            PastVersion version = row.version();
            Asset then =
                    catalog.whole(
                            now.was(version, version.until() == null ? moment : version.until()),
                            row.configuration());
            bytes += then.description().getSerializedSize();
            if (!page.isEmpty() && bytes > MOST_BYTES) {
                break;
            }
            page.add(new Version(then, version.until()));
        }
        boolean more = page.size() < rows.size() || rows.size() == size;
        return new Versions(
                page, more ? Optional.of(page.getLast().asset().updateTime()) : Optional.empty());
    }

    /**
     * What AWS Config has kept from before the inventory's first version.
     *
     * @param begin of that version
     */
    Recorded recorded(UUID id, Visibility visibility, Instant begin) {
        Asset now = catalog.find(id, visibility);
        Instant until =
                versions.before(id, begin.plus(1, ChronoUnit.MICROS), 1).stream()
                        .findFirst()
                        .map(VersionStore.Whole::version)
                        .map(AssetHistory::captured)
                        .orElse(begin);
        RecordedHistory.Items items =
                recorded.before(
                        new AssetSet(now.scope(), now.resourceType()), now.nativeId(), until);
        List<Version> found = new ArrayList<>();
        int bytes = 0;
        for (RecordedHistory.Item item : items.items()) {
            Version version = version(now, item, until);
            bytes += version.asset().description().getSerializedSize();
            if (bytes > MOST_RECORDED_BYTES) {
                return new Recorded(found, "what AWS Config has from before is too long");
            }
            found.add(version);
            until = item.seen().time();
        }
        return new Recorded(found, items.problem());
    }

    private Version version(Asset now, RecordedHistory.Item item, Instant until) {
        Observation seen = item.seen();
        PastVersion past =
                new PastVersion(
                        now.id(),
                        seen.time(),
                        until,
                        "",
                        item.deleted() ? seen.time() : null,
                        seen.description());
        return new Version(
                catalog.whole(now.was(past, until), seen.configuration().orElse("")), until);
    }

    /** When AWS Config captured it; else when the inventory learned of it. */
    private static Instant captured(PastVersion version) {
        return version.description().hasCaptureTime()
                ? Instant.ofEpochSecond(
                        version.description().getCaptureTime().getSeconds(),
                        version.description().getCaptureTime().getNanos())
                : version.from();
    }

    /**
     * Deletes some of what is too old.
     *
     * @return how many versions; 0 when there is nothing left to delete
     */
    public int forget() {
        return versions.forget(horizon(), AT_ONCE);
    }

    /** What ended before is kept no longer. */
    public Instant horizon() {
        return clock.instant().minus(retention);
    }

    /**
     * Refuses a time of which nothing is kept.
     *
     * @throws InvalidFieldException names read_time
     */
    public void check(Instant time) {
        Instant now = clock.instant();
        if (time.isAfter(now)) {
            throw new InvalidFieldException(
                    "read_time", "is in the future", "send a time before " + now);
        }
        Instant kept = now.minus(retention);
        Instant begin = versions.begin();
        Instant first = begin.isAfter(kept) ? begin : kept;
        if (time.isBefore(first)) {
            throw new InvalidFieldException(
                    "read_time",
                    "is before what is kept of the history of assets",
                    "send a time from " + first + " on");
        }
    }
}
