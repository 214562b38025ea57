package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether the inventory equals the world where it says that it knows it. */
final class WorldComparison {
    private final Knowledge known;
    private final KnownFacts shown;
    private final WorldFacts facts;
    private final WorldStory story;
    private final Map<Scope, Instant> changed = new HashMap<>();
    private final Map<AssetSet, Instant> sound = new HashMap<>();
    private final Set<Scope> lagging = new HashSet<>();
    private int compared;

    WorldComparison(InventoryService service, WorldFacts facts, WorldStory story) {
        this.known = new Knowledge(service);
        this.shown = new KnownFacts(service, known);
        this.facts = facts;
        this.story = story;
    }

    /** How often a set was compared with the world. */
    int compared() {
        return compared;
    }

    /** What was read of a scope before is not known to be so any more. */
    void changed(Scope scope) {
        changed.put(scope, Instant.now());
    }

    /** A recorder tells later what it notices now. */
    void lags(Scope scope) {
        lagging.add(scope);
    }

    /** Whether a recorder had lagged. */
    boolean catchUp() {
        boolean any = !lagging.isEmpty();
        lagging.clear();
        return any;
    }

    /** A set was read, by somebody who was not far behind. */
    void readSoundly(AssetSet set) {
        sound.put(set, Instant.now());
    }

    static List<AssetSet> sets() {
        return AssetSets.of(CloudWorld.SCOPES).stream()
                .filter(WorldComparison::isCompared)
                .toList();
    }

    static boolean isCompared(AssetSet set) {
        return WorldFacts.TYPES.contains(set.resourceType());
    }

    void checkAllKnown(Set<String> again) {
        assertThat(knownSets()).as(story::told).containsAll(sets());
        assertThat(settling()).as(story::told).isEmpty();
        check(Set.of(), again);
    }

    /**
     * Compares what is known.
     *
     * @param away accounts that cannot be asked
     * @param again ids that were used twice
     */
    void check(Set<String> away, Set<String> again) {
        Set<AssetSet> sure = knownSets();
        Set<AssetSet> settling = settling();
        Map<AssetSet, SortedMap<String, String>> instances = shown.instances();
        for (AssetSet set : sets()) {
            if (away.contains(set.scope().getAccountId())) {
                continue;
            }
            SortedMap<String, String> there = facts.of(set);
            Set<String> wrong = shown.tombstones(set);
            wrong.retainAll(there.keySet());
            wrong.removeAll(again);
            assertThat(wrong).as(() -> "gone, but there: " + set.text() + story.told()).isEmpty();
            if (sure.contains(set)) {
                compared++;
                SortedMap<String, String> told =
                        set.resourceType().equals(WorldFacts.INSTANCE)
                                ? instances.getOrDefault(set, new TreeMap<>())
                                : shown.recorded(set);
                if (settling.contains(set)) {
                    told.keySet().retainAll(there.keySet());
                } else if (AssetSets.isToldElsewhere(set)) {
                    Set<String> early = shown.listedByNoReading(set);
                    early.removeAll(there.keySet());
                    told.keySet().removeAll(early);
                }
                assertThat(told).as(() -> set.text() + story.told()).isEqualTo(there);
            }
        }
    }

    /** Of which the inventory says that it may still show what is gone. */
    private Set<AssetSet> settling() {
        return known.freshness().stream()
                .filter(ReadingStore.Freshness::isSettling)
                .map(ReadingStore.Freshness::set)
                .collect(Collectors.toSet());
    }

    /** Read completely since the scope has changed, and nothing says that it is not so. */
    private Set<AssetSet> knownSets() {
        Set<AssetSet> sure = new HashSet<>();
        for (ReadingStore.Freshness each : known.freshness()) {
            Instant complete = each.completeTime();
            Scope scope = each.set().scope();
            Instant change = changed.getOrDefault(scope, Instant.EPOCH);
            if (complete != null
                    && each.failures() == 0
                    && each.notRecorded().isEmpty()
                    && each.notRead().isEmpty()
                    && !lagging.contains(scope)
                    && complete.isAfter(change)
                    && sound.getOrDefault(each.set(), Instant.EPOCH).isAfter(change)) {
                sure.add(each.set());
            }
        }
        return sure;
    }
}
