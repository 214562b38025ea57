package dev.yagura.inventory.posture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.inventory.agent.Agent;
import dev.yagura.inventory.agent.HostReportStore;
import dev.yagura.inventory.agent.ReceivedReport;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.RecordedAsset;
import dev.yagura.inventory.asset.RecordedAssets;
import dev.yagura.inventory.coverage.CoverageLedger;
import dev.yagura.inventory.reconcile.NodeStore;
import dev.yagura.inventory.reconcile.PatchKnowledge;
import dev.yagura.inventory.reconcile.ReadingStore;
import dev.yagura.proto.inventory.v1.NetworkInterface;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks up what hosts are judged by, for many at once: the statements are those of one. */
@ApplicationScoped
class HostFactsReader {
    private final RecordedAssets recorded;
    private final CoverageLedger coverage;
    private final ReadingStore readings;
    private final NodeStore nodes;
    private final HostReportStore reports;

    @Inject
    HostFactsReader(
            RecordedAssets recorded,
            CoverageLedger coverage,
            ReadingStore readings,
            NodeStore nodes,
            HostReportStore reports) {
        this.recorded = recorded;
        this.coverage = coverage;
        this.readings = readings;
        this.nodes = nodes;
        this.reports = reports;
    }

    /** Of each host, by its order within its account and region. */
    List<HostFacts> read(List<Asset> hosts, PostureConfig config, Instant now) {
        List<ReadingStore.Freshness> known =
                readings.freshness(hosts.stream().map(Asset::scope).distinct().toList());
        Readings fresh = new Readings(known, now, config.staleAfter());
        List<CoverageLedger.Standing> standings = coverage.of(hosts, known);
        Map<UUID, ReceivedReport> told =
                reports.find(
                        standings.stream()
                                .flatMap(each -> Stream.ofNullable(each.agent()))
                                .map(Agent::id)
                                .toList());
        Map<Scope, List<CoverageLedger.Standing>> byScope =
                standings.stream()
                        .collect(
                                Collectors.groupingBy(
                                        each -> each.coverage().asset().scope(),
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        List<HostFacts> facts = new ArrayList<>();
        byScope.forEach((scope, each) -> facts.addAll(facts(scope, each, told, fresh, config)));
        return facts;
    }

    private List<HostFacts> facts(
            Scope scope,
            List<CoverageLedger.Standing> standings,
            Map<UUID, ReceivedReport> told,
            Readings fresh,
            PostureConfig config) {
        List<dev.yagura.proto.inventory.v1.Asset> hosts =
                standings.stream().map(each -> each.coverage().asset().description()).toList();
        List<NetworkInterface> interfaces =
                hosts.stream().flatMap(host -> host.getNetworkInterfacesList().stream()).toList();
        Map<String, RecordedAsset> volumes =
                find(
                        scope,
                        Types.VOLUME,
                        hosts.stream().flatMap(host -> host.getVolumeIdsList().stream()));
        Map<String, RecordedAsset> groups =
                find(
                        scope,
                        Types.SECURITY_GROUP,
                        interfaces.stream().flatMap(eni -> eni.getSecurityGroupIdsList().stream()));
        Map<String, RecordedAsset> known =
                find(
                        scope,
                        Types.INTERFACE,
                        interfaces.stream().map(NetworkInterface::getNetworkInterfaceId));
        List<String> addressed =
                hosts.stream()
                        .flatMap(host ->
                                host.getNetworkInterfacesList().stream()
                                        .filter(ExposureCheck::isAddressed)
                                        .map(eni -> ExposureCheck.vpc(host, eni, known)))
                        .distinct()
                        .toList();
        List<JsonNode> routeTables = inVpcs(scope, Types.ROUTE_TABLE, addressed);
        List<JsonNode> acls = inVpcs(scope, Types.NETWORK_ACL, addressed);
        Map<UUID, PatchKnowledge> patches =
                nodes.patches(
                        scope,
                        standings.stream().map(each -> each.coverage().asset().id()).toList());
        return standings.stream()
                .map(standing -> {
                    var host = standing.coverage().asset().description();
                    @Nullable Agent agent = standing.agent();
                    return new HostFacts(
                            standing.coverage().asset(),
                            standing.coverage(),
                            agent,
                            standing.node(),
                            standing.nodesRead(),
                            own(volumes, host.getVolumeIdsList()),
                            own(groups, own(host, eni -> eni.getSecurityGroupIdsList().stream())),
                            own(known, own(host, eni -> Stream.of(eni.getNetworkInterfaceId()))),
                            routeTables,
                            acls,
                            fresh,
                            Objects.requireNonNull(patches.get(standing.coverage().asset().id())),
                            agent == null ? null : told.get(agent.id()),
                            config);
                })
                .toList();
    }

    private static List<String> own(
            dev.yagura.proto.inventory.v1.Asset host,
            Function<NetworkInterface, Stream<String>> ids) {
        return host.getNetworkInterfacesList().stream().flatMap(ids).distinct().toList();
    }

    private static Map<String, RecordedAsset> own(
            Map<String, RecordedAsset> all, Collection<String> ids) {
        return ids.stream()
                .distinct()
                .filter(all::containsKey)
                .collect(Collectors.toMap(Function.identity(), all::get));
    }

    private Map<String, RecordedAsset> find(Scope scope, String type, Stream<String> ids) {
        List<String> wanted = ids.distinct().toList();
        return wanted.isEmpty() ? Map.of() : recorded.find(new AssetSet(scope, type), wanted);
    }

    private List<JsonNode> inVpcs(Scope scope, String type, List<String> vpcIds) {
        return vpcIds.isEmpty()
                ? List.of()
                : recorded.inVpcs(new AssetSet(scope, type), vpcIds).stream()
                        .map(Configurations::of)
                        .toList();
    }
}
