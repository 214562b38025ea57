package dev.yagura.inventory.asset;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.watch.ChangeFeed;
import dev.yagura.common.watch.ChangeFeeds;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.filter.Filter;
import dev.yagura.proto.inventory.v1.AssetRelation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Decides what readings and enrolments change. An observation counts only if it is newer than what
 * is known; only what a client would see makes a change in the feed.
 */
@ApplicationScoped
public class AssetCatalog {
    static final String FEED = "assets";

    private final AssetStore store;
    private final RelationStore relations;
    private final TagStore tags;
    private final OwnershipConfig ownership;
    private final VersionStore versions;
    private final ChangeFeeds feeds;
    private final Clock clock;

    /**
     * What a page of a reading did.
     *
     * @param risen native ids of tombstones that the page has without news: in doubt, and not
     *     changed
     */
    public record Observed(List<String> risen, int created, int changed) {
        public Observed {
            risen = List.copyOf(risen);
        }
    }

    @Inject
    AssetCatalog(
            AssetStore store,
            RelationStore relations,
            TagStore tags,
            VersionStore versions,
            Settings settings,
            ChangeFeeds feeds,
            Clock clock) {
        this.store = store;
        this.relations = relations;
        this.tags = tags;
        this.versions = versions;
        this.ownership = OwnershipConfig.from(settings);
        this.feeds = feeds;
        this.clock = clock;
    }

    /** With its configuration, and the names of related assets that are known. */
    Asset get(UUID id, Visibility visibility) {
        return whole(find(id, visibility), store.configuration(id));
    }

    /** With a configuration, and the names of related assets that are known. */
    Asset whole(Asset asset, String configuration) {
        var whole = asset.description().toBuilder().setConfiguration(configuration);
        Map<UUID, UUID> known = relations.resolve(References.named(asset));
        for (AssetRelation.Builder relation : whole.getRelationsBuilderList()) {
            UUID related = known.get(References.of(asset, relation.build()));
            if (related != null) {
                relation.setAsset(ResourceName.of("assets", related));
            }
        }
        return asset.describedAs(whole.build());
    }

    /**
     * Without its configuration, tombstones too.
     *
     * @throws NotFoundException there is none, or none that the caller may see
     */
    public Asset find(UUID id, Visibility visibility) {
        return store.find(id)
                .filter(each -> visibility.covers(each.scope().getAccountId()))
                .orElseThrow(() -> new NotFoundException("asset", ResourceName.of("assets", id)));
    }

    /** The EC2 instance of an id, tombstones too; empty when there is none that is visible. */
    public Optional<Asset> instance(String instanceId, Visibility visibility) {
        AssetSelection selection =
                new AssetSelection(visibility, instanceId, "", "", Optional.empty(), Filter.ALL);
        return store.list(selection, Optional.empty(), 1).assets().stream().findFirst();
    }

    /** What is around an asset. */
    @Transactional
    AssetGraph graph(UUID id, GraphQuery query) {
        Asset start = find(id, query.visibility());
        return new GraphWalk(store, relations, query.from(start)).from(start);
    }

    /** What is around a resource that is named as relations name it. */
    @Transactional
    AssetGraph graph(ReferencedAsset start, GraphQuery query) {
        UUID reference = References.of(start.scope(), start.resourceType(), start.text());
        // Nothing but its id names an instance, and that is the reference itself.
        UUID id = relations.resolve(List.of(reference)).getOrDefault(reference, reference);
        return store.find(id)
                .filter(each -> query.visibility().covers(each.scope().getAccountId()))
                .map(each -> new GraphWalk(store, relations, query.from(each)).from(each))
                .orElseThrow(() -> new NotFoundException("asset", start.text()));
    }

    AssetStore.Page list(AssetSelection selection, Optional<UUID> after, int limit) {
        return store.list(selection, after, limit);
    }

    /** Active instances, hosts, tasks and functions above an id, by id. */
    public List<Asset> protectable(Visibility visibility, Optional<UUID> after, int limit) {
        return store.protectable(visibility, after, limit);
    }

    /** Those that exist, by id, tombstones too; for what the caller may see anyway. */
    public Map<UUID, Asset> load(Collection<UUID> ids) {
        return store.findAll(ids);
    }

    /** What a watcher with this selection sees of the changed ones. */
    Map<UUID, Asset> load(AssetSelection selection, List<UUID> ids) {
        Map<UUID, Asset> found = new HashMap<>(store.findAll(ids));
        found.values().removeIf(asset -> !selection.matches(asset));
        return found;
    }

    ChangeFeed feed() {
        return feeds.feed(FEED);
    }

    /** A page of a reading; in the transaction that holds the reading's lease. */
    @Transactional(Transactional.TxType.MANDATORY)
    public Observed observe(AssetSet set, long generation, List<Observation> page) {
        Map<UUID, Observation> seen = new HashMap<>();
        page.forEach(each ->
                seen.merge(set.id(each.nativeId()), ownership.applied(each), Observation::newer));
        Map<UUID, Asset> known = store.findAll(seen.keySet());
        Set<UUID> unindexed = store.unindexed(known.keySet());
        Set<UUID> reconfigured = reconfigured(seen);
        List<Asset> changed = new ArrayList<>();
        List<Asset> indexed = new ArrayList<>();
        List<String> risen = new ArrayList<>();
        Map<Instant, List<UUID>> unchanged = new HashMap<>();
        Instant now = now();
        seen.forEach((id, observation) -> {
            Asset before = known.get(id);
            if (before == null) {
                if (!observation.isTerminated()) {
                    changed.add(Asset.first(set, observation, generation, now));
                }
            } else if (before.isRisenBy(observation)) {
                risen.add(observation.nativeId());
            } else if (!before.observedTime().isAfter(observation.time())) {
                Asset after = before.seen(observation, generation, now);
                if (after.differsFrom(before) || reconfigured.contains(id)) {
                    changed.add(after);
                } else if (unindexed.contains(id)) {
                    indexed.add(before.seen(observation, generation, before.updateTime()));
                } else {
                    unchanged.computeIfAbsent(observation.time(), t -> new ArrayList<>()).add(id);
                }
            }
        });
        unchanged.forEach((time, ids) -> store.touch(ids, time, generation));
        keep(indexed);
        write(changed, seen);
        int changes = (int) changed.stream().filter(each -> known.containsKey(each.id())).count();
        return new Observed(risen, changed.size() - changes, changes);
    }

    /**
     * Those with another configuration than before. What AWS Config captured has one only if it was
     * captured at another time, which its description says.
     */
    private Set<UUID> reconfigured(Map<UUID, Observation> seen) {
        Map<UUID, String> said = new HashMap<>();
        seen.forEach((id, each) ->
                each.configuration()
                        .filter(text -> !each.description().hasCaptureTime())
                        .ifPresent(text -> said.put(id, text)));
        return store.configuredOtherwise(said);
    }

    /** What one word about one asset did. */
    public enum Told {
        /** A client sees a difference. */
        CHANGED,
        /** It is no newer than the last one, or says the same. */
        NOTHING_NEW,
        /** It is of a time before the asset was found gone, or missing, and changed nothing. */
        IN_DOUBT
    }

    /** Whether the last word about an asset is as new as this. */
    public boolean isKnown(AssetSet set, Observation said) {
        return store.find(set.id(said.nativeId()))
                .filter(asset -> !said.time().isAfter(asset.observedTime()))
                .isPresent();
    }

    /**
     * What a source says of one asset outside of a reading, in any order and any number of times;
     * in the transaction that keeps readings of the set waiting. It counts for no reading: whether
     * one has seen the asset is left as it is.
     *
     * @param looked whether it was looked for since: then it is there, whatever was found before
     * @param read end of the last complete reading of the set: what it did not find may have come
     *     and gone before it
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public Told tell(AssetSet set, Observation news, boolean looked, Instant read) {
        Observation said = ownership.applied(news);
        Asset before = store.find(set.id(said.nativeId())).orElse(null);
        Instant now = now();
        if (before == null && said.isTerminated()) {
            return Told.NOTHING_NEW;
        }
        if (before != null && !said.time().isAfter(before.observedTime())) {
            return Told.NOTHING_NEW;
        }
        boolean late = before == null ? !said.time().isAfter(read) : before.isBuriedAfter(said);
        if (late && !looked) {
            return Told.IN_DOUBT;
        }
        Asset after =
                before == null
                        ? Asset.first(set, said, 0, now)
                        : before.seen(said, before.generation(), now);
        Map<UUID, Observation> seen = Map.of(after.id(), said);
        if (before != null && !after.differsFrom(before) && reconfigured(seen).isEmpty()) {
            store.touch(List.of(after.id()), said.time(), after.generation());
            return Told.NOTHING_NEW;
        }
        write(List.of(after), seen);
        return Told.CHANGED;
    }

    /**
     * The same of a source's word that an asset is gone, which a second look did not find. One that
     * was not known becomes a tombstone too: what was said of it before may still come.
     *
     * @param last what is left to say of it, and when it was
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public Told tellGone(AssetSet set, Observation last) {
        Instant now = now();
        Asset before = store.find(set.id(last.nativeId())).orElse(null);
        if (before != null && !last.time().isAfter(before.observedTime())) {
            return Told.NOTHING_NEW;
        }
        if (before != null && before.isTombstone()) {
            store.touch(List.of(before.id()), last.time(), before.generation());
            return Told.NOTHING_NEW;
        }
        Asset alive = before == null ? Asset.first(set, ownership.applied(last), 0, now) : before;
        write(List.of(alive.gone(last.time(), now)), Map.of());
        return Told.CHANGED;
    }

    /**
     * Native ids that a complete reading leaves in doubt: not seen, or terminated.
     *
     * @param behind how far readings of the set may be behind what is told of it: what no reading
     *     has had yet is not in doubt for so long
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public List<String> doubtful(AssetSet set, long generation, Duration behind) {
        return store.doubtful(set, generation, now().minus(behind));
    }

    /**
     * What a second look found: seen by this reading, and no tombstone, though nothing is new.
     *
     * @return how many were tombstones
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public int found(AssetSet set, long generation, Collection<String> nativeIds) {
        List<Asset> back = new ArrayList<>();
        Instant now = now();
        for (Asset asset : store.findAll(nativeIds.stream().map(set::id).toList()).values()) {
            if (asset.isTombstone()) {
                back.add(asset.back(generation, now));
            } else if (asset.generation() != generation) {
                store.touch(List.of(asset.id()), asset.observedTime(), generation);
            }
        }
        write(back, Map.of());
        return back.size();
    }

    /**
     * Those that a second look did not find, or found terminated.
     *
     * @param confirmedTime when the second look began; what was seen later stays
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public int bury(AssetSet set, Collection<String> nativeIds, Instant confirmedTime) {
        List<UUID> ids = nativeIds.stream().map(set::id).toList();
        Instant now = now();
        List<Asset> gone =
                store.findAll(ids).values().stream()
                        .filter(asset -> !asset.isTombstone())
                        .filter(asset ->
                                asset.isTerminated()
                                        || asset.observedTime().isBefore(confirmedTime))
                        .map(asset -> asset.gone(now))
                        .toList();
        write(gone, Map.of());
        return gone.size();
    }

    /**
     * An agent belongs to a host. A host outside EC2 becomes an asset; an instance becomes one when
     * EC2 is read, for an agent's word is no proof that it exists.
     *
     * @param host the asset as the agent describes it
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void enrolled(UUID agentId, EnrolledHost host) {
        if (host.resourceType().equals(Asset.HOST)) {
            Instant now = now();
            Observation said =
                    new Observation(
                            host.nativeId(),
                            "",
                            dev.yagura.proto.inventory.v1.Asset.newBuilder()
                                    .setHostname(host.hostname())
                                    .build(),
                            now);
            AssetSet hosts = new AssetSet(host.scope(), Asset.HOST);
            store.insertIfAbsent(Asset.first(hosts, said, 0, now));
            store.find(host.id())
                    .filter(Asset::isTombstone)
                    .ifPresent(asset -> writeQuietly(List.of(asset.back(0, now))));
        }
        store.link(agentId, host.id(), host.scope());
    }

    /**
     * A host that no source reads is gone, as its administrator says. The caller announces it.
     *
     * @return false when it was gone before
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public boolean retired(UUID hostId) {
        List<Asset> gone =
                store.find(hostId).filter(asset -> !asset.isTombstone()).stream()
                        .map(asset -> asset.gone(now()))
                        .toList();
        writeQuietly(gone);
        return !gone.isEmpty();
    }

    private void writeQuietly(List<Asset> assets) {
        versions.keep(assets, Map.of());
        keep(assets);
    }

    /** Tells watchers that the host has changed; the last statement of the transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void announce(UUID id) {
        store.announce(List.of(id));
    }

    /** As PostgreSQL keeps it: a version ends exactly where the next begins. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * @param said what was said of them; nothing of those whose configuration stays
     */
    private void write(List<Asset> assets, Map<UUID, Observation> said) {
        Map<UUID, String> configurations = new HashMap<>();
        assets.forEach(asset ->
                Optional.ofNullable(said.get(asset.id()))
                        .flatMap(Observation::configuration)
                        .ifPresent(text -> configurations.put(asset.id(), text)));
        versions.keep(assets, configurations);
        keep(assets);
        store.configure(configurations);
        store.announce(assets.stream().map(Asset::id).toList());
    }

    /** With all that they are found by. */
    private void keep(List<Asset> assets) {
        store.save(assets);
        relations.keep(assets);
        tags.keep(assets);
    }
}
