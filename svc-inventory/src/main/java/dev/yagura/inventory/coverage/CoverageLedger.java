package dev.yagura.inventory.coverage;

import dev.yagura.common.config.Settings;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.agent.Agent;
import dev.yagura.inventory.agent.AgentCatalog;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.AssetCatalog;
import dev.yagura.inventory.reconcile.DetectorKnowledge;
import dev.yagura.inventory.reconcile.DetectorStore;
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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where each host, task and function stands now: computed when it is asked for, from what is known.
 */
@ApplicationScoped
public class CoverageLedger {
    private static final Set<String> LIVE = Set.of(Asset.INSTANCE, Asset.TASK, Asset.FUNCTION);

    /** Interfaces, security groups, networks, disks. */
    private static final String AROUND_HOSTS = "AWS::EC2::";

    private static final int BATCH = 500;

    /** 10,000 assets a call. */
    private static final int BATCHES = 20;

    private final AssetCatalog assets;
    private final AgentCatalog agents;
    private final NodeStore nodes;
    private final DetectorStore detectors;
    private final ReadingStore readings;
    private final CoverageConfig config;
    private final Clock clock;

    @Inject
    CoverageLedger(
            AssetCatalog assets,
            AgentCatalog agents,
            NodeStore nodes,
            DetectorStore detectors,
            ReadingStore readings,
            Settings settings,
            Clock clock) {
        this.assets = assets;
        this.agents = agents;
        this.nodes = nodes;
        this.detectors = detectors;
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

    /** Those above an id, by id. */
    Page list(CoverageSelection selection, Optional<UUID> after, int size) {
        List<Coverage> found = new ArrayList<>();
        if (selection.visibility().isEmpty()) {
            return new Page(found, Optional.empty());
        }
        Batches batches = new Batches(selection.visibility().get(), readings.freshness());
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

    /**
     * Where a host stands, with what that was judged by.
     *
     * @param agent that speaks for it; null where none is enrolled
     * @param node as Systems Manager knows it; null where it never did
     * @param nodesRead when Systems Manager was last read; null before the first time
     */
    public record Standing(
            Coverage coverage,
            @Nullable Agent agent,
            @Nullable ManagedNode node,
            @Nullable Instant nodesRead) {}

    /**
     * Of each, in their order.
     *
     * @param fresh how far the types of their scopes are known
     */
    public List<Standing> of(List<Asset> hosts, List<ReadingStore.Freshness> fresh) {
        Batches batches = new Batches(new Visibility(Set.of()), fresh);
        return batches.facts(hosts).stream()
                .map(facts -> standing(facts, batches.judge(facts)))
                .toList();
    }

    private static Standing standing(Facts facts, Coverage judged) {
        NodeKnowledge read = facts.nodes();
        return new Standing(
                judged,
                facts.agents().stream()
                        .filter(agent -> agent.id().equals(judged.agentId()))
                        .findFirst()
                        .orElse(null),
                facts.node(),
                read == null ? null : read.observedTime());
    }

    /** Counts of all. */
    CoverageCounts count(Visibility visibility) {
        Batches batches = new Batches(visibility, readings.freshness());
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

    /** How fresh each scope's instances, tasks and functions are known. */
    List<ReadingStore.Freshness> live(Visibility visibility) {
        return readings.freshness().stream()
                .filter(each -> LIVE.contains(each.set().resourceType()))
                .filter(each -> visibility.covers(each.set().scope().getAccountId()))
                .toList();
    }

    /** What AWS Config does not record around the hosts of a scope, and why. */
    private static Map<Scope, String> notRecordedIn(List<ReadingStore.Freshness> fresh) {
        return fresh.stream()
                .filter(each -> each.set().resourceType().startsWith(AROUND_HOSTS))
                .filter(each -> !each.notRecorded().isEmpty() && each.notRead().isEmpty())
                .sorted(Comparator.comparing(each -> each.set().resourceType()))
                .collect(
                        Collectors.groupingBy(
                                each -> each.set().scope(),
                                Collectors.collectingAndThen(
                                        Collectors.toList(), CoverageLedger::notRecorded)));
    }

    private static String notRecorded(List<ReadingStore.Freshness> sets) {
        return "AWS Config does not record %s: %s"
                .formatted(
                        sets.stream()
                                .map(each -> each.set().resourceType())
                                .collect(Collectors.joining(", ")),
                        sets.getFirst().notRecorded());
    }

    /** The instance that a task runs on. */
    private static Optional<UUID> hostOf(Asset asset) {
        return asset.resourceType().equals(Asset.TASK)
                ? asset.description().getRelationsList().stream()
                        .filter(each -> each.getResourceType().equals(Asset.INSTANCE))
                        .map(each -> Asset.id(asset.scope(), Asset.INSTANCE, each.getNativeId()))
                        .findFirst()
                : Optional.empty();
    }

    /** How far each scope's nodes are known. */
    Map<Scope, NodeKnowledge> nodes() {
        return nodes.knowledge().stream()
                .collect(Collectors.toMap(NodeKnowledge::scope, Function.identity()));
    }

    /** How far GuardDuty is known in each scope. */
    Map<Scope, DetectorKnowledge> detectors() {
        return detectors.knowledge().stream()
                .collect(Collectors.toMap(DetectorKnowledge::scope, Function.identity()));
    }

    /** Hosts in their order, judged at one moment. */
    private final class Batches {
        private final Visibility visibility;
        private final Instant now = clock.instant();
        private final Map<Scope, NodeKnowledge> known = nodes();
        private final Map<Scope, DetectorKnowledge> guardDuty = detectors();
        private final Map<Scope, String> notRecorded;

        Batches(Visibility visibility, List<ReadingStore.Freshness> fresh) {
            this.visibility = visibility;
            this.notRecorded = notRecordedIn(fresh);
        }

        List<Coverage> next(Optional<UUID> after, int limit) {
            return facts(assets.protectable(visibility, after, limit)).stream()
                    .map(this::judge)
                    .toList();
        }

        Coverage judge(Facts facts) {
            return CoverageDecision.of(facts, now, config);
        }

        List<Facts> facts(List<Asset> batch) {
            Map<UUID, Asset> hostsById =
                    assets.load(batch.stream().flatMap(task -> hostOf(task).stream()).toList());
            Map<UUID, Agent> agentsById =
                    agents.load(
                            Stream.concat(batch.stream(), hostsById.values().stream())
                                    .flatMap(each -> each.agents().stream())
                                    .distinct()
                                    .toList());
            Map<UUID, ManagedNode> nodesById = nodes.find(batch.stream().map(Asset::id).toList());
            return batch.stream()
                    .map(asset -> {
                        Asset host =
                                hostOf(asset)
                                        .map(hostsById::get)
                                        .filter(each -> !each.isTombstone())
                                        .orElse(null);
                        return new Facts(
                                asset,
                                host,
                                (host == null ? asset : host)
                                        .agents().stream()
                                                .map(agentsById::get)
                                                .filter(Objects::nonNull)
                                                .toList(),
                                nodesById.get(asset.id()),
                                known.get(asset.scope()),
                                notRecorded.getOrDefault(asset.scope(), ""),
                                guardDuty.get(asset.scope()));
                    })
                    .toList();
        }
    }
}
