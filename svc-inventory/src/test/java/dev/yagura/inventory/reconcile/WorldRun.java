package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One sequence of changes, readings and messages, all by chance and repeated by its seed. What was
 * read completely since its scope last changed has to equal the world; of everything else the
 * inventory says that it is older, failing, not recorded or not read, and nothing that exists may
 * be a tombstone.
 */
final class WorldRun implements AutoCloseable {
    private static final String QUEUE = "world";
    private static final int DELIVERIES = 3;
    private static final int LOG_LINES = 60;

    /** A message, and how often it was received. */
    private record Message(JsonNode item, int receives) {}

    private final InventoryService service;
    private final Knowledge known;
    private final CloudWorld world;
    private final long seed;
    private final SplittableRandom random;
    private final WorldChanges changes;
    private final WorldFacts facts;
    private final Ec2InstanceSource live;
    private final ConfigAssetSource recorded;
    private final OrganizationsAccountSource accounts;
    private final ReadScopes scopes;
    private final ScopeReader reader;
    private final AccountReader accountReader;
    private final News news;
    private final Map<Scope, Instant> changed = new HashMap<>();
    private final Set<Scope> lagging = new HashSet<>();
    private final Set<String> away = new TreeSet<>();
    private final List<Message> messages = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private Optional<Runnable> interlude = Optional.empty();
    private int compared;

    WorldRun(InventoryService service, CloudWorld world, long seed) {
        this.service = service;
        this.known = new Knowledge(service);
        this.world = world;
        world.reset();
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.changes = new WorldChanges(world, random);
        this.facts = new WorldFacts(world);
        AwsClients clients = world.cloud().clients();
        live = new Ec2InstanceSource(clients, SandboxCloud.PAGE, world.clock());
        recorded = new ConfigAssetSource(clients);
        Scope lister = Scopes.of("aws", CloudWorld.MANAGEMENT, CloudWorld.REGIONS.getFirst());
        accounts = new OrganizationsAccountSource(clients, Optional.of(lister));
        scopes =
                new ReadScopes(
                        List.of(),
                        new OrganizationConfig(Optional.of(lister), CloudWorld.REGIONS),
                        service.bean(AccountStore.class));
        Readings readings = service.bean(Readings.class);
        reader =
                new ScopeReader(
                        type ->
                                new Interrupted(
                                        type.equals(WorldFacts.INSTANCE) ? live : recorded,
                                        this::takeInterlude),
                        readings,
                        Duration.ofHours(1),
                        world.clock());
        accountReader = new AccountReader(accounts, readings, Duration.ofHours(1));
        news =
                new News(
                        type -> type.equals(WorldFacts.INSTANCE) ? live : recorded,
                        service.bean(ToldItems.class),
                        scopes::sets,
                        world.clock());
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
        return compared;
    }

    private void start() {
        service.postgres()
                .execute(
                        "DELETE FROM asset; DELETE FROM scope_reading; DELETE FROM node_reading;"
                                + " DELETE FROM organization_account");
        for (Scope scope : CloudWorld.SCOPES) {
            world.at(scope).queue(QUEUE);
            world.at(scope).recorder().tell(QUEUE, "event-bridge");
            mark(scope);
        }
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
            case 16 -> recorder(scope());
            case 17 -> account();
            case 18 -> readAccounts();
            default -> readScope(scope());
        }
    }

    private void change(Scope scope) {
        if (!away.contains(scope.getAccountId())) {
            note(Scopes.text(scope) + ": " + changes.change(scope));
        }
        mark(scope);
        mark(CloudWorld.home(scope));
    }

    private ScopeReader.Outcome read(AssetSet set) {
        world.tick();
        makeDue();
        ScopeReader.Outcome outcome = reader.read(set);
        note("read " + set.text() + ": " + outcome);
        return outcome;
    }

    private void readScope(Scope scope) {
        scopes.sets().stream()
                .filter(set -> set.scope().equals(scope) && isCompared(set))
                .forEach(this::read);
    }

    private void readWithFault(AssetSet set) {
        String operation =
                set.resourceType().equals(WorldFacts.INSTANCE)
                        ? "ec2:DescribeInstances"
                        : List.of(
                                        "config:SelectResourceConfig",
                                        "config:BatchGetResourceConfig",
                                        "config:DescribeConfigurationRecorderStatus")
                                .get(random.nextInt(3));
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
        note("fault " + fault);
        world.at(set.scope()).planFault(fault);
        read(set);
        world.cloud().control().clearFaults();
        if (stale) {
            // It cannot know that it was told of a time before.
            mark(set.scope());
        }
    }

    /** Between the first page and the second, or the look. */
    private void readWhileItChanges(AssetSet set) {
        interlude =
                Optional.of(() -> {
                    if (random.nextInt(4) == 0) {
                        account();
                    } else {
                        change(set.scope());
                    }
                });
        read(set);
        interlude = Optional.empty();
        mark(set.scope());
    }

    private void takeInterlude() {
        Optional<Runnable> now = interlude;
        interlude = Optional.empty();
        now.ifPresent(Runnable::run);
    }

    private void recorder(Scope scope) {
        RecorderClient recorder = world.at(scope).recorder();
        world.tick();
        int choice = random.nextInt(7);
        note(Scopes.text(scope) + ": recorder " + choice);
        switch (choice) {
            case 0 -> recorder.stop();
            case 1, 2 -> recorder.start();
            case 3 -> recorder.recordOnly(WorldFacts.VOLUME, WorldFacts.ROLE);
            case 4 -> recorder.recordOnly();
            case 5 -> recorder.fail(random.nextBoolean());
            default -> {
                recorder.lagBy(Duration.ofHours(1));
                lagging.add(scope);
            }
        }
        mark(scope);
        mark(CloudWorld.home(scope));
    }

    private void account() {
        String account = CloudWorld.ACCOUNTS.get(1 + random.nextInt(2));
        note("account " + account + (away.contains(account) ? " is back" : " is away"));
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

    /** Messages in another order than they were sent in, some twice; the others come later. */
    private void deliver(int most) {
        for (Scope scope : CloudWorld.SCOPES) {
            world.at(scope).queue(QUEUE).take().stream()
                    .map(WorldFacts::json)
                    .forEach(body ->
                            messages.add(
                                    new Message(body.path("detail").path("configurationItem"), 0)));
        }
        Collections.shuffle(messages, new Random(random.nextLong()));
        List<Message> now = List.copyOf(messages.subList(0, Math.min(most, messages.size())));
        messages.removeAll(now);
        for (Message message : now) {
            take(message);
            if (random.nextInt(4) == 0) {
                take(message);
            }
        }
    }

    private void take(Message message) {
        String what =
                "%s %s %s %s: "
                        .formatted(
                                message.item.path("configurationItemStatus").asText(),
                                message.item.path("resourceType").asText(),
                                message.item.path("resourceId").asText(),
                                message.item.path("configurationItemCaptureTime").asText());
        try {
            note(what + news.take(message.item));
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            note(what + e.getMessage());
            if (message.receives < DELIVERIES) {
                messages.add(new Message(message.item, message.receives + 1));
            }
        }
    }

    private void heal() {
        note("everything is well again");
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
        if (!lagging.isEmpty()) {
            world.pass(Duration.ofHours(1));
            lagging.clear();
        }
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
        sets.stream().filter(WorldRun::isCompared).forEach(this::read);
    }

    private void readAccounts() {
        world.tick();
        makeDue();
        accountReader.read(scopes.sets().getFirst());
        note("accounts are listed");
    }

    private void checkAllKnown() {
        assertThat(knownSets()).as(this::story).containsAll(sets());
        assertThat(settling()).as(this::story).isEmpty();
        check();
    }

    private void check() {
        Set<AssetSet> sure = knownSets();
        KnownFacts shown = new KnownFacts(service, known);
        Map<AssetSet, SortedMap<String, String>> instances = shown.instances();
        for (AssetSet set : sets()) {
            if (away.contains(set.scope().getAccountId())) {
                continue;
            }
            SortedMap<String, String> there = facts.of(set);
            Set<String> wrong = shown.tombstones(set);
            wrong.retainAll(there.keySet());
            wrong.removeAll(changes.again());
            assertThat(wrong).as(() -> "gone, but there: " + set.text() + story()).isEmpty();
            if (sure.contains(set)) {
                compared++;
                SortedMap<String, String> told =
                        set.resourceType().equals(WorldFacts.INSTANCE)
                                ? instances.getOrDefault(set, new TreeMap<>())
                                : shown.recorded(set);
                if (settling().contains(set)) {
                    told.keySet().retainAll(there.keySet());
                }
                assertThat(told).as(() -> set.text() + story()).isEqualTo(there);
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
            if (complete != null
                    && each.failures() == 0
                    && each.notRecorded().isEmpty()
                    && each.notRead().isEmpty()
                    && !lagging.contains(each.set().scope())
                    && complete.isAfter(changed.getOrDefault(each.set().scope(), Instant.EPOCH))) {
                sure.add(each.set());
            }
        }
        return sure;
    }

    private static List<AssetSet> sets() {
        return AssetSets.of(CloudWorld.SCOPES).stream().filter(WorldRun::isCompared).toList();
    }

    private static boolean isCompared(AssetSet set) {
        return WorldFacts.TYPES.contains(set.resourceType());
    }

    private void mark(Scope scope) {
        changed.put(scope, Instant.now());
    }

    private Scope scope() {
        return CloudWorld.SCOPES.get(random.nextInt(CloudWorld.SCOPES.size()));
    }

    private AssetSet set() {
        List<AssetSet> sets = scopes.sets().stream().filter(WorldRun::isCompared).toList();
        return sets.get(random.nextInt(sets.size()));
    }

    private void makeDue() {
        service.postgres().execute("UPDATE scope_reading SET due_time = clock_timestamp()");
    }

    private void note(String line) {
        log.add(line);
    }

    private String story() {
        return "%n-Dyagura.world.seed=%d, the last steps:%n%s%n"
                .formatted(
                        seed,
                        String.join(
                                "\n",
                                log.subList(Math.max(0, log.size() - LOG_LINES), log.size())));
    }

    @Override
    public void close() throws Exception {
        world.cloud().control().clearFaults();
        live.close();
        recorded.close();
        accounts.close();
    }

    /** Does something once the first page of a set has come. */
    private record Interrupted(AssetSource source, Runnable then) implements AssetSource {
        @Override
        public Page page(AssetSet set, Optional<String> token) {
            Page page = source.page(set, token);
            then.run();
            return page;
        }

        @Override
        public Look look(AssetSet set, List<String> nativeIds) {
            return source.look(set, nativeIds);
        }

        @Override
        public int looksAtOnce() {
            return source.looksAtOnce();
        }

        @Override
        public Coverage coverage(AssetSet set) {
            return source.coverage(set);
        }

        @Override
        public Duration pause(Duration interval) {
            return source.pause(interval);
        }
    }
}
