package dev.yagura.inventory.coverage;

import dev.yagura.common.config.Settings;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.agent.Agent;
import dev.yagura.inventory.agent.AgentCatalog;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.AssetCatalog;
import dev.yagura.inventory.reconcile.ManagedNode;
import dev.yagura.inventory.reconcile.NodeKnowledge;
import dev.yagura.inventory.reconcile.NodeStore;
import dev.yagura.inventory.reconcile.ReadingStore;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Where each host stands now: computed when it is asked for, from what is known. */
@ApplicationScoped
public class CoverageLedger {
    private static final int BATCH = 500;

    /** 10,000 hosts a call. */
    private static final int BATCHES = 20;

    private final AssetCatalog assets;
    private final AgentCatalog agents;
    private final NodeStore nodes;
    private final ReadingStore readings;
    private final CoverageConfig config;
    private final Clock clock;

    @Inject
    CoverageLedger(
            AssetCatalog assets,
            AgentCatalog agents,
            NodeStore nodes,
            ReadingStore readings,
            Settings settings,
            Clock clock) {
        this.assets = assets;
        this.agents = agents;
        this.nodes = nodes;
        this.readings = readings;
        this.config = CoverageConfig.from(settings);
        this.clock = clock;
    }

    /**
     * A page.
     *
     * @param next where the next one begins; empty after the last
     */
    record Page(List<Coverage> coverage, Optional<UUID> next) {}

    /** Hosts above an id, by id. */
    Page list(CoverageSelection selection, Optional<UUID> after, int size) {
        List<Coverage> found = new ArrayList<>();
        if (selection.visibility().isEmpty()) {
            return new Page(found, Optional.empty());
        }
        Batches batches = new Batches(selection.visibility().get());
        int batch = selection.isWhole() ? size : BATCH;
        Optional<UUID> last = after;
        for (int i = 0; i < BATCHES; i++) {
            List<Coverage> next = batches.next(last, batch);
            for (Coverage each : next) {
                last = Optional.of(each.asset().id());
                if (selection.matches(each, batches.now)) {
                    found.add(each);
                    if (found.size() == size) {
                        return new Page(found, last);
                    }
                }
            }
            if (next.size() < batch) {
                return new Page(found, Optional.empty());
            }
        }
        return new Page(found, last);
    }

    /** Of one host. */
    public Coverage of(Asset host) {
        return new Batches(new Visibility(Set.of())).judge(List.of(host)).getFirst();
    }

    /** Counts of all hosts. */
    CoverageCounts count(Visibility visibility) {
        Batches batches = new Batches(visibility);
        CoverageCounts counts = new CoverageCounts(batches.now);
        Optional<UUID> last = Optional.empty();
        List<Coverage> next;
        do {
            next = batches.next(last, BATCH);
            next.forEach(counts::add);
            last = next.isEmpty() ? last : Optional.of(next.getLast().asset().id());
        } while (next.size() == BATCH);
        return counts;
    }

    /** How fresh each scope's instances are known. */
    List<ReadingStore.Freshness> instances(Visibility visibility) {
        return readings.freshness().stream()
                .filter(each -> each.set().resourceType().equals(Asset.INSTANCE))
                .filter(each -> visibility.covers(each.set().scope().getAccountId()))
                .toList();
    }

    /** How far each scope's nodes are known. */
    public Map<Scope, NodeKnowledge> nodes() {
        return nodes.knowledge().stream()
                .collect(Collectors.toMap(NodeKnowledge::scope, Function.identity()));
    }

    /** Hosts in their order, judged at one moment. */
    private final class Batches {
        private final Visibility visibility;
        private final Instant now = clock.instant();
        private final Map<Scope, NodeKnowledge> known = nodes();

        Batches(Visibility visibility) {
            this.visibility = visibility;
        }

        List<Coverage> next(Optional<UUID> after, int limit) {
            return judge(assets.hosts(visibility, after, limit));
        }

        List<Coverage> judge(List<Asset> hosts) {
            Map<UUID, Agent> agentsById =
                    agents.load(hosts.stream().flatMap(host -> host.agents().stream()).toList());
            Map<UUID, ManagedNode> nodesById = nodes.find(hosts.stream().map(Asset::id).toList());
            return hosts.stream()
                    .map(host ->
                            new Facts(
                                    host,
                                    host.agents().stream()
                                            .map(agentsById::get)
                                            .filter(Objects::nonNull)
                                            .toList(),
                                    nodesById.get(host.id()),
                                    known.get(host.scope())))
                    .map(facts -> CoverageDecision.of(facts, now, config.staleAfter()))
                    .toList();
        }
    }
}
