package dev.yagura.inventory.posture;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.AssetCatalog;
import dev.yagura.proto.inventory.v1.PostureVerdict;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Judges hosts by what is known of them now. */
@ApplicationScoped
class PostureCatalog {
    private final AssetCatalog assets;
    private final HostFactsReader reader;
    private final PostureConfig config;
    private final Clock clock;

    @Inject
    PostureCatalog(AssetCatalog assets, HostFactsReader reader, Settings settings, Clock clock) {
        this.assets = assets;
        this.reader = reader;
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
        Asset host = assets.find(id, visibility);
        if (!isHost(host)) {
            throw new PreconditionFailedException(
                    ResourceName.of("assets", host.id()),
                    "is " + host.resourceType() + ", no host; ask for an instance");
        }
        return host.isTombstone() ? gone(host) : judge(List.of(host)).getFirst();
    }

    static boolean isHost(Asset asset) {
        return asset.resourceType().equals(Asset.INSTANCE)
                || asset.resourceType().equals(Asset.HOST);
    }

    UUID instance(String instanceId, Visibility visibility) {
        return assets.instance(instanceId, visibility)
                .orElseThrow(() -> new NotFoundException("instance", instanceId))
                .id();
    }

    /** What is to be said of a host that is a tombstone. */
    Judged gone(Asset host) {
        return new Judged(
                host,
                new PostureDecision(
                        PostureVerdict.POSTURE_VERDICT_DENY,
                        List.of("the host is gone since " + host.tombstoneTime())),
                Map.of(),
                config.policy().getName(),
                clock.instant());
    }

    /** Hosts that are no tombstones, at one moment. */
    List<Judged> judge(List<Asset> hosts) {
        Instant now = clock.instant();
        return reader.read(hosts, config, now).stream().map(facts -> judge(facts, now)).toList();
    }

    private Judged judge(HostFacts facts, Instant now) {
        Map<String, CheckResult> results = new LinkedHashMap<>();
        HostChecks.ALL.stream()
                .filter(check -> check.concerns(facts))
                .forEach(check ->
                        results.put(
                                check.id(),
                                CheckResult.tried(
                                        check.id(), facts.host().id(), () -> check.of(facts))));
        return new Judged(
                facts.host(),
                PostureDecision.of(config.policy(), facts.description().getTagsMap(), results),
                results,
                config.policy().getName(),
                now);
    }
}
