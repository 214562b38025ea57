package dev.yagura.inventory.posture;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.agent.HostReportStore;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.AssetCatalog;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.RecordedAsset;
import dev.yagura.inventory.asset.RecordedAssets;
import dev.yagura.inventory.coverage.CoverageLedger;
import dev.yagura.inventory.reconcile.NodeStore;
import dev.yagura.inventory.reconcile.ReadingStore;
import dev.yagura.proto.inventory.v1.NetworkInterface;
import dev.yagura.proto.inventory.v1.PostureVerdict;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** Judges hosts by what is known of them now. */
@ApplicationScoped
class PostureCatalog {
    /** Route tables or network ACLs of an account and region; EC2 allows 200 of each a VPC. */
    private static final int MOST = 2_000;

    private final AssetCatalog assets;
    private final RecordedAssets recorded;
    private final CoverageLedger coverage;
    private final ReadingStore readings;
    private final NodeStore nodes;
    private final HostReportStore hostReports;
    private final PostureConfig config;
    private final Clock clock;

    @Inject
    PostureCatalog(
            AssetCatalog assets,
            RecordedAssets recorded,
            CoverageLedger coverage,
            ReadingStore readings,
            NodeStore nodes,
            HostReportStore hostReports,
            Settings settings,
            Clock clock) {
        this.assets = assets;
        this.recorded = recorded;
        this.coverage = coverage;
        this.readings = readings;
        this.nodes = nodes;
        this.hostReports = hostReports;
        this.config = PostureConfig.from(settings);
        this.clock = clock;
    }

    /**
     * A host, judged.
     *
     * @param results by check, in their order
     */
    record Judged(
            Asset host,
            PostureDecision decision,
            Map<String, CheckResult> results,
            String policy,
            Instant time) {}

    Judged judge(UUID id, Visibility visibility) {
        return judge(assets.find(id, visibility));
    }

    Judged judgeInstance(String instanceId, Visibility visibility) {
        return judge(
                assets.instance(instanceId, visibility)
                        .orElseThrow(() -> new NotFoundException("instance", instanceId)));
    }

    private Judged judge(Asset host) {
        if (!host.resourceType().equals(Asset.INSTANCE)
                && !host.resourceType().equals(Asset.HOST)) {
            throw new PreconditionFailedException(
                    ResourceName.of("assets", host.id()),
                    "is " + host.resourceType() + ", no host; ask for an instance");
        }
        Instant now = clock.instant();
        if (host.isTombstone()) {
            return new Judged(
                    host,
                    new PostureDecision(
                            PostureVerdict.POSTURE_VERDICT_DENY,
                            List.of("the host is gone since " + host.tombstoneTime())),
                    Map.of(),
                    config.policy().getName(),
                    now);
        }
        HostFacts facts = facts(host, now);
        Map<String, CheckResult> results = new LinkedHashMap<>();
        HostChecks.ALL.stream()
                .filter(check -> check.concerns(facts))
                .forEach(check -> results.put(check.id(), check.of(facts)));
        return new Judged(
                host,
                PostureDecision.of(config.policy(), host.description().getTagsMap(), results),
                results,
                config.policy().getName(),
                now);
    }

    private HostFacts facts(Asset host, Instant now) {
        Scope scope = host.scope();
        CoverageLedger.Standing standing = coverage.of(host);
        List<NetworkInterface> interfaces = host.description().getNetworkInterfacesList();
        boolean addressed = interfaces.stream().anyMatch(ExposureCheck::isAddressed);
        return new HostFacts(
                host,
                standing.coverage(),
                standing.agent(),
                standing.node(),
                standing.nodesRead(),
                find(scope, Types.VOLUME, host.description().getVolumeIdsList().stream()),
                find(
                        scope,
                        Types.SECURITY_GROUP,
                        interfaces.stream().flatMap(eni -> eni.getSecurityGroupIdsList().stream())),
                find(
                        scope,
                        Types.INTERFACE,
                        interfaces.stream().map(NetworkInterface::getNetworkInterfaceId)),
                addressed ? all(scope, Types.ROUTE_TABLE) : List.of(),
                addressed ? all(scope, Types.NETWORK_ACL) : List.of(),
                new Readings(readings.freshness(), now, config.staleAfter()),
                nodes.patches(scope, host.id()),
                standing.agent() == null
                        ? null
                        : hostReports.find(standing.agent().id()).orElse(null),
                config);
    }

    private Map<String, RecordedAsset> find(Scope scope, String type, Stream<String> ids) {
        List<String> wanted = ids.toList();
        return wanted.isEmpty() ? Map.of() : recorded.find(new AssetSet(scope, type), wanted);
    }

    private List<RecordedAsset> all(Scope scope, String type) {
        return recorded.all(new AssetSet(scope, type), MOST);
    }
}
