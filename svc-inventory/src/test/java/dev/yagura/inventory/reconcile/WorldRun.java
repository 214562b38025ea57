package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.organization.AccountStore;
import dev.yagura.inventory.organization.OrganizationConfig;
import dev.yagura.inventory.organization.OrganizationsAccountSource;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.control.RecorderClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * One sequence of changes, readings and messages, all by chance and repeated by its seed; those of
 * odd seeds read through an aggregator. What was read completely since its scope last changed has
 * to equal the world; of everything else the inventory says that it is older, failing, not recorded
 * or not read, and nothing that exists may be a tombstone. An aggregator does not say how far it is
 * behind: what was read through one that is far behind is not compared.
 */
final class WorldRun implements AutoCloseable {
    /**
     * More than passes in a sequence: roles are told by the recorders of other regions meanwhile.
     */
    private static final Duration RECORDER_LAG = Duration.ofHours(10);

    /** Volumes more in each account and region. */
    private static final int PLANTED = Integer.getInteger("yagura.world.planted", 0);

    private final InventoryService service;
    private final CloudWorld world;
    private final SplittableRandom random;
    private final WorldStory story;
    private final WorldChanges changes;
    private final WorldComparison comparison;
    private final Optional<WorldAggregator> aggregator;
    private final OrganizationsAccountSource accounts;
    private final ReadScopes scopes;
    private final WorldSources sources;
    private final ScopeReader reader;
    private final AccountReader accountReader;
    private final WorldMessages messages;
    private final WorldReadings readings;
    private final Set<String> away = new TreeSet<>();

    WorldRun(InventoryService service, CloudWorld world, long seed) {
        this.service = service;
        this.world = world;
        world.reset();
        random = new SplittableRandom(seed);
        story = new WorldStory(seed);
        changes = new WorldChanges(world, random);
        comparison = new WorldComparison(service, new WorldFacts(world), story);
        aggregator =
                seed % 2 == 0 ? Optional.empty() : Optional.of(new WorldAggregator(world, random));
        AwsClients clients = world.cloud().clients();
        Scope lister = Scopes.of("aws", CloudWorld.MANAGEMENT, CloudWorld.REGIONS.getFirst());
        accounts = new OrganizationsAccountSource(clients, Optional.of(lister));
        scopes =
                new ReadScopes(
                        List.of(),
                        new OrganizationConfig(Optional.of(lister), CloudWorld.REGIONS),
                        service.bean(AccountStore.class));
        sources = new WorldSources(world, aggregator.isPresent(), scopes::sets);
        Readings store = service.bean(Readings.class);
        reader = new ScopeReader(sources::interrupted, store, Duration.ofHours(1), world.clock());
        accountReader = new AccountReader(accounts, store, Duration.ofHours(1));
        News news =
                new News(sources::of, service.bean(ToldItems.class), scopes::sets, world.clock());
        messages = new WorldMessages(world, news, random, story);
        readings = new WorldReadings(service, world);
    }

    /** A few rounds, then everything is well again, and known as it is. */
    void play(int rounds, int steps) {
        start();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < steps; i++) {
                step();
            }
            check();
        }
        heal();
        readAll();
        checkAllKnown();
        deliver(Integer.MAX_VALUE);
        checkAllKnown();
    }

    WorldChanges changes() {
        return changes;
    }

    /** How often a set was compared with the world. */
    int compared() {
        return comparison.compared();
    }

    private void start() {
        service.clear();
        readings.start();
        if (PLANTED > 0) {
            // Before messages are told: not one for each of them.
            CloudWorld.SCOPES.forEach(
                    scope -> world.at(scope).recorder().plant(WorldFacts.VOLUME, PLANTED));
        }
        messages.start();
        changes.start();
        aggregator.ifPresent(WorldAggregator::start);
        CloudWorld.SCOPES.forEach(this::mark);
        readAll();
        settle();
        check();
    }

    private void step() {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5 -> {
                Scope scope = scope();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    change(scope);
                }
            }
            case 6, 7, 8 -> read(set());
            case 9, 10, 11 -> readWithFault(set());
            case 12 -> readWhileItChanges(set());
            case 13, 14, 15 -> deliver(1 + random.nextInt(6));
            case 16 -> {
                if (aggregator.isPresent() && random.nextBoolean()) {
                    story.note(aggregator.get().change());
                } else {
                    recorder(scope());
                }
            }
            case 17 -> account();
            case 18 -> readAccounts();
            default -> readScope(scope());
        }
    }

    private void change(Scope scope) {
        if (!away.contains(scope.getAccountId())) {
            story.note(Scopes.text(scope) + ": " + changes.change(scope));
        }
        mark(scope);
        mark(CloudWorld.home(scope));
    }

    private void read(AssetSet set) {
        world.tick();
        aggregator.ifPresent(WorldAggregator::forget);
        makeDue();
        ScopeReader.Outcome outcome = reader.read(set);
        story.note("read " + set.text() + ": " + outcome);
        if (outcome == ScopeReader.Outcome.COMPLETE) {
            readings.completed(set);
            if (aggregator.stream().noneMatch(each -> each.isBehind(set))) {
                comparison.readSoundly(set);
            }
        }
    }

    private void deliver(int most) {
        readings.meanwhile(() -> messages.deliver(most));
    }

    private void readScope(Scope scope) {
        scopes.sets().stream()
                .filter(set -> set.scope().equals(scope) && WorldComparison.isCompared(set))
                .forEach(this::read);
    }

    private void readWithFault(AssetSet set) {
        List<String> operations = new ArrayList<>(operations(set.resourceType()));
        if (aggregator.stream().anyMatch(each -> each.has(set))) {
            operations.addAll(WorldAggregator.OPERATIONS);
        }
        String operation = operations.get(random.nextInt(operations.size()));
        String kind = List.of("throttle", "error", "lost-reply", "stale").get(random.nextInt(4));
        boolean stale = kind.equals("stale");
        Map<String, Object> fault =
                new HashMap<>(
                        Map.of(
                                "operation",
                                stale
                                        ? operation.replace("RecorderStatus", "Recorders")
                                        : operation,
                                "kind",
                                kind,
                                "skip",
                                random.nextInt(3),
                                "times",
                                1 + random.nextInt(4)));
        if (kind.equals("error")) {
            fault.put("code", "InternalError");
            fault.put("status", 500);
        }
        story.note("fault " + fault);
        boolean aggregated = WorldAggregator.OPERATIONS.contains(operation);
        // Where it is believed, it would not ask.
        aggregator.filter(each -> aggregated).ifPresent(WorldAggregator::outdate);
        world.at(aggregated ? WorldAggregator.PLACE.scope() : set.scope()).planFault(fault);
        read(set);
        world.cloud().control().clearFaults();
        if (stale) {
            // It cannot know that it was told of a time before.
            (aggregated ? CloudWorld.SCOPES : List.of(set.scope())).forEach(this::mark);
        }
    }

    private static List<String> operations(String resourceType) {
        return switch (resourceType) {
            case WorldFacts.INSTANCE -> List.of("ec2:DescribeInstances");
            case AssetSets.SNAPSHOT -> List.of("ec2:DescribeSnapshots");
            case AssetSets.PROFILE -> List.of("iam:ListInstanceProfiles", "iam:GetInstanceProfile");
            case AssetSets.TARGET_GROUP ->
                    List.of(
                            "elasticloadbalancing:DescribeTargetGroups",
                            "elasticloadbalancing:DescribeTargetHealth");
            case AssetSets.IMAGE -> List.of("ecr:DescribeRepositories", "ecr:DescribeImages");
            case AssetSets.SCALING_GROUP -> List.of("autoscaling:DescribeAutoScalingGroups");
            default ->
                    List.of(
                            "config:SelectResourceConfig",
                            resourceType.equals(AssetSets.BUCKET)
                                    ? "s3:ListAllMyBuckets"
                                    : "config:BatchGetResourceConfig",
                            "config:DescribeConfigurationRecorderStatus");
        };
    }

    /** Between the first page and the second, or the look. */
    private void readWhileItChanges(AssetSet set) {
        sources.interrupt(() -> {
            if (random.nextInt(4) == 0) {
                account();
            } else {
                change(set.scope());
            }
        });
        read(set);
        sources.interruptNoMore();
        mark(set.scope());
    }

    private void recorder(Scope scope) {
        RecorderClient recorder = world.at(scope).recorder();
        world.tick();
        int choice = random.nextInt(7);
        story.note(Scopes.text(scope) + ": recorder " + choice);
        switch (choice) {
            case 0 -> recorder.stop();
            case 1, 2 -> recorder.start();
            case 3 -> recorder.recordOnly(WorldFacts.VOLUME, WorldFacts.ROLE);
            case 4 -> recorder.recordOnly();
            case 5 -> recorder.fail(random.nextBoolean());
            default -> {
                recorder.lagBy(RECORDER_LAG);
                comparison.lags(scope);
            }
        }
        mark(scope);
        mark(CloudWorld.home(scope));
    }

    private void account() {
        String account = CloudWorld.ACCOUNTS.get(1 + random.nextInt(2));
        story.note("account " + account + (away.contains(account) ? " is back" : " is away"));
        if (away.remove(account)) {
            world.cloud().control().account(account).restore();
        } else {
            away.add(account);
            if (random.nextBoolean()) {
                world.cloud().control().account(account).suspend();
            } else {
                world.cloud().control().account(account).fail();
            }
        }
    }

    private void heal() {
        story.note("everything is well again");
        away.forEach(account -> world.cloud().control().account(account).restore());
        away.clear();
        for (Scope scope : CloudWorld.SCOPES) {
            RecorderClient recorder = world.at(scope).recorder();
            recorder.lagBy(Duration.ZERO);
            recorder.fail(false);
            recorder.recordOnly();
            recorder.start();
            mark(scope);
        }
        if (comparison.catchUp()) {
            world.pass(RECORDER_LAG);
        }
        aggregator.ifPresent(WorldAggregator::heal);
        world.tick();
        settle();
    }

    /** As if recorders had run for long: what they lack is gone. */
    private void settle() {
        service.postgres()
                .execute("UPDATE scope_reading SET recorded_since = now() - interval '2 hours'");
    }

    private void readAll() {
        readAccounts();
        List<AssetSet> sets = new ArrayList<>(scopes.sets());
        Collections.shuffle(sets, new Random(random.nextLong()));
        sets.stream().filter(WorldComparison::isCompared).forEach(this::read);
    }

    private void readAccounts() {
        world.tick();
        makeDue();
        accountReader.read(scopes.sets().getFirst());
        story.note("accounts are listed");
    }

    private void check() {
        comparison.check(away, changes.again());
    }

    private void checkAllKnown() {
        comparison.checkAllKnown(changes.again());
    }

    private void mark(Scope scope) {
        comparison.changed(scope);
        aggregator.ifPresent(WorldAggregator::outdate);
    }

    private Scope scope() {
        return CloudWorld.SCOPES.get(random.nextInt(CloudWorld.SCOPES.size()));
    }

    private AssetSet set() {
        List<AssetSet> sets = scopes.sets().stream().filter(WorldComparison::isCompared).toList();
        return sets.get(random.nextInt(sets.size()));
    }

    private void makeDue() {
        service.postgres().execute("UPDATE scope_reading SET due_time = clock_timestamp()");
    }

    @Override
    public void close() throws Exception {
        world.cloud().control().clearFaults();
        sources.close();
        accounts.close();
    }
}
