package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.control.AggregatorClient;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The aggregator that some sequences read through: how far it is behind, and what it does not get.
 */
final class WorldAggregator {
    static final AggregatorConfig.Aggregator PLACE =
            new AggregatorConfig.Aggregator(
                    Scopes.of("aws", CloudWorld.MANAGEMENT, CloudWorld.REGIONS.getFirst()),
                    "world");
    static final List<String> OPERATIONS =
            List.of(
                    "config:SelectAggregateResourceConfig",
                    "config:DescribeConfigurationAggregatorSourcesStatus");

    /** In each account of one region, so that its pages end within accounts. */
    private static final int PLANTED = 45;

    /**
     * What it says of its sources is believed for a minute, what came ahead waits for half of it.
     */
    private static final Duration FORGOTTEN = Duration.ofSeconds(61);

    private static final Duration LITTLE = Duration.ofSeconds(30);
    private static final Duration MUCH = Duration.ofHours(12);
    private static final List<String> STATUSES =
            List.of("SUCCEEDED", "SUCCEEDED", "FAILED", "OUTDATED", "ABSENT");

    private final CloudWorld world;
    private final SplittableRandom random;
    private Duration lag = Duration.ZERO;
    private boolean outdated;

    WorldAggregator(CloudWorld world, SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    void start() {
        client().create();
        CloudWorld.SCOPES.stream()
                .filter(scope -> scope.getRegion().equals(CloudWorld.REGIONS.getLast()))
                .forEach(scope -> world.at(scope).recorder().plant(WorldFacts.VOLUME, PLANTED));
    }

    /** It falls behind or catches up, or a source of it ends or comes back; says what. */
    String change() {
        outdated = true;
        if (random.nextInt(3) == 0) {
            lag = List.of(Duration.ZERO, LITTLE, MUCH).get(random.nextInt(3));
            client().lagBy(lag);
            return "aggregator: behind by " + lag;
        }
        Scope scope = CloudWorld.SCOPES.get(random.nextInt(CloudWorld.SCOPES.size()));
        String status = STATUSES.get(random.nextInt(STATUSES.size()));
        client().source(scope.getAccountId(), scope.getRegion(), status);
        return "aggregator: %s %s".formatted(Scopes.text(scope), status);
    }

    /** The world has changed, or what it said was not so. */
    void outdate() {
        outdated = true;
    }

    /** Lets so much time go by that nothing of what it said before is used. */
    void forget() {
        if (outdated) {
            world.pass(FORGOTTEN);
            outdated = false;
        }
    }

    boolean has(AssetSet set) {
        return AssetSets.RECORDED.contains(set.resourceType())
                && !AssetSets.GLOBAL.contains(set.resourceType());
    }

    /** Whether a reading may be of before the last change. */
    boolean isBehind(AssetSet set) {
        return has(set) && lag.compareTo(FORGOTTEN) > 0;
    }

    void heal() {
        lag = Duration.ZERO;
        client().lagBy(lag);
        CloudWorld.SCOPES.forEach(
                scope -> client().source(scope.getAccountId(), scope.getRegion(), "SUCCEEDED"));
        outdated = true;
    }

    private AggregatorClient client() {
        return world.at(PLACE.scope()).aggregator(PLACE.name());
    }
}
