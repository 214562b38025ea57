package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Where assets are read from. Calls have a deadline; what fails throws. */
interface AssetSource {

    /**
     * A page of all assets of a set.
     *
     * @param next token of the next page; empty after the last
     */
    record Page(List<Observation> assets, Optional<String> next) {
        public Page {
            assets = List.copyOf(assets);
        }
    }

    /**
     * What a second look says of the ids that it was asked for. What it does not mention stays in
     * doubt.
     *
     * @param observations what it found, in any state
     * @param present native ids of those that exist, where it says no more than that
     * @param gone native ids of those that do not, or that have ended
     */
    record Look(List<Observation> observations, List<String> present, List<String> gone) {
        public Look {
            observations = List.copyOf(observations);
            present = List.copyOf(present);
            gone = List.copyOf(gone);
        }

        /** Of ids that were asked for one by one; what was not found is gone. */
        static Look oneByOne(List<String> ids, Function<String, Optional<Observation>> find) {
            List<Observation> found = new ArrayList<>();
            List<String> gone = new ArrayList<>();
            for (String id : ids) {
                find.apply(id).ifPresentOrElse(found::add, () -> gone.add(id));
            }
            return new Look(found, List.of(), gone);
        }

        /** Of ids that a filter named; what it did not have, or has ended, is gone. */
        static Look filtered(List<String> ids, List<Observation> found) {
            Set<String> gone = new LinkedHashSet<>(ids);
            found.stream()
                    .filter(each -> !each.isTerminated())
                    .map(Observation::nativeId)
                    .forEach(gone::remove);
            return new Look(found, List.of(), List.copyOf(gone));
        }
    }

    /** The first page for no token, else the one that the token names. */
    Page page(AssetSet set, Optional<String> token);

    /** Looks by id, at most {@link #looksAtOnce()} of them. */
    Look look(AssetSet set, List<String> nativeIds);

    int looksAtOnce();

    /** Whether what the source does not list can be gone at all. */
    Coverage coverage(AssetSet set);

    /** From the end of a reading to the start of the next. */
    Duration pause(Duration interval);
}
