package dev.yagura.inventory.posture;

import dev.yagura.common.config.Settings;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.RecordedAsset;
import dev.yagura.inventory.asset.RecordedAssets;
import dev.yagura.inventory.reconcile.ReadingStore;
import dev.yagura.proto.inventory.v1.UnreadAssets;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Finds what is set up badly when it is asked for. */
@ApplicationScoped
class Misconfigurations {
    private static final int BATCH = 500;

    /** 10,000 assets a call. */
    private static final int BATCHES = 20;

    private final RecordedAssets recorded;
    private final ReadingStore readings;
    private final PostureConfig config;
    private final Clock clock;

    @Inject
    Misconfigurations(
            RecordedAssets recorded, ReadingStore readings, Settings settings, Clock clock) {
        this.recorded = recorded;
        this.readings = readings;
        this.config = PostureConfig.from(settings);
        this.clock = clock;
    }

    /**
     * Where a page ends.
     *
     * @param check of those that are asked for, from 0
     * @param asset that was looked at last; empty before the first
     */
    record Place(int check, Optional<UUID> asset) {
        static final Place START = new Place(0, Optional.empty());
    }

    /**
     * A page.
     *
     * @param next where the next one begins; empty after the last
     */
    record Page(List<MisconfigurationCheck.Found> found, Optional<Place> next) {}

    /** After a place, check by check and asset by asset. */
    Page list(List<MisconfigurationCheck> checks, Visibility visibility, Place after, int size) {
        List<MisconfigurationCheck.Found> found = new ArrayList<>();
        Readings known = readings();
        Place place = after;
        for (int batch = 0; batch < BATCHES && place.check() < checks.size(); batch++) {
            MisconfigurationCheck check = checks.get(place.check());
            List<RecordedAsset> assets =
                    recorded.list(check.resourceType(), visibility, place.asset(), BATCH);
            for (RecordedAsset asset : assets) {
                place = new Place(place.check(), Optional.of(asset.id()));
                Optional<MisconfigurationCheck.Bad> bad = check.judge().of(asset);
                if (bad.isPresent()) {
                    found.add(found(check, asset, bad.get(), known));
                    if (found.size() == size) {
                        return new Page(found, Optional.of(place));
                    }
                }
            }
            if (assets.size() < BATCH) {
                place = new Place(place.check() + 1, Optional.empty());
            }
        }
        return new Page(
                found, place.check() < checks.size() ? Optional.of(place) : Optional.empty());
    }

    /** What of the checks' types is not known. */
    List<UnreadAssets> unread(List<MisconfigurationCheck> checks, Visibility visibility) {
        List<String> types =
                checks.stream().map(MisconfigurationCheck::resourceType).distinct().toList();
        Readings known = readings();
        return readings.freshness().stream()
                .map(ReadingStore.Freshness::set)
                .filter(set -> types.contains(set.resourceType()))
                .filter(set -> visibility.covers(set.scope().getAccountId()))
                .flatMap(set ->
                        known
                                .gap(set.scope(), set.resourceType())
                                .map(reason ->
                                        UnreadAssets.newBuilder()
                                                .setScope(set.scope())
                                                .setResourceType(set.resourceType())
                                                .setReason(reason)
                                                .build())
                                .stream())
                .toList();
    }

    private Readings readings() {
        return new Readings(readings.freshness(), clock.instant(), config.staleAfter());
    }

    private static MisconfigurationCheck.Found found(
            MisconfigurationCheck check,
            RecordedAsset asset,
            MisconfigurationCheck.Bad bad,
            Readings known) {
        return new MisconfigurationCheck.Found(
                check,
                asset,
                bad,
                asset.resourceType().equals(Asset.INSTANCE)
                        ? asset.observedTime()
                        : known.read(asset.scope(), asset.resourceType()));
    }
}
