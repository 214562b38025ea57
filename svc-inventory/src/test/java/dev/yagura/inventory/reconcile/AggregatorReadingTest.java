package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.control.AggregatorClient;
import dev.yagura.sandbox.control.RecorderClient;
import dev.yagura.sandbox.front.JournalEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three accounts in two regions, read through the aggregator of one of them, into PostgreSQL. */
class AggregatorReadingTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final Knowledge KNOWN = new Knowledge(SERVICE);
    private static final String MANAGEMENT = "111122223333";
    private static final String SHOP = "222233334444";
    private static final String LABORATORY = "333344445555";
    private static final String HOME = "ap-northeast-1";
    private static final String DUBLIN = "eu-west-1";
    private static final String VOLUME = "AWS::EC2::Volume";
    private static final String SELECT = "config:SelectResourceConfig";
    private static final String SELECT_AGGREGATE = "config:SelectAggregateResourceConfig";
    private static final String NAME = "all";
    private static final String ORGANIZATION =
            """

            organization:
              regions: [eu-west-1]
              instances: 2
              accounts:
                - {id: "222233334444", name: shop}
                - {id: "333344445555", name: laboratory}
            """;

    /** By region, then account. */
    private static final List<AssetSet> VOLUMES =
            Stream.of(HOME, DUBLIN)
                    .flatMap(region ->
                            Stream.of(MANAGEMENT, SHOP, LABORATORY)
                                    .map(account -> Scopes.of("aws", account, region)))
                    .map(scope -> new AssetSet(scope, VOLUME))
                    .toList();

    private static SandboxCloud cloud;

    private AggregatorClient aggregator;
    private RecorderClient shop;
    private ConfigAssetSource recorded;
    private ScopeReader reader;

    @BeforeAll
    static void startCloud() throws Exception {
        cloud = new SandboxCloud(0, ORGANIZATION);
    }

    @AfterAll
    static void stopCloud() throws Exception {
        cloud.close();
    }

    @BeforeEach
    void startWithoutAssets() {
        SERVICE.clear();
        cloud.control().reset();
        aggregator = cloud.control().aggregator(NAME);
        aggregator.create();
        shop = cloud.control().at(SHOP, DUBLIN).recorder();
        readThrough(NAME);
    }

    private void readThrough(String name) {
        recorded =
                new ConfigAssetSource(
                        cloud.clients(),
                        Optional.of(
                                new AggregatorConfig.Aggregator(
                                        Scopes.of("aws", MANAGEMENT, HOME), name)),
                        () -> VOLUMES,
                        Clock.systemUTC());
        reader =
                new ScopeReader(
                        type -> recorded,
                        SERVICE.bean(Readings.class),
                        Duration.ofMillis(1),
                        Clock.systemUTC());
    }

    @AfterEach
    void closeSource() {
        recorded.close();
    }

    @Test
    void oneQueryServesAllAccountsOfARegionThatFitInAPage() throws Exception {
        readAll();
        assertThat(calls(SELECT_AGGREGATE)).isEqualTo(2);
        assertThat(calls(SELECT)).isZero();
        equalsTheWorld();
        String policies =
                Files.readString(Path.of("../deploy/policies/inventory.json"))
                        + Files.readString(Path.of("../deploy/policies/inventory_aggregator.json"));
        assertThat(cloud.control().at(MANAGEMENT, HOME).journal(0))
                .extracting(JournalEntry::operation)
                .filteredOn(called -> !called.equals("sts:AssumeRole"))
                .allMatch(called -> policies.contains("\"" + called + "\""));
        // What is known ahead serves one reading only.
        readAll();
        assertThat(calls(SELECT_AGGREGATE)).isEqualTo(4);
    }

    @Test
    void accountThatDoesNotFitIsReadPageByPageAndItsFollowerWithItsLastOne() {
        shop.plant(VOLUME, 250);
        readAll();
        // Of one region a single one; of the other for the first account, and three for the second.
        assertThat(calls(SELECT_AGGREGATE)).isEqualTo(1 + 1 + 3);
        equalsTheWorld();
    }

    @Test
    void whatAnAggregatorDoesNotHaveYetStaysAndWhatItStillHasGoesLater() {
        shop.plant(VOLUME, 3);
        readAll();
        SERVICE.postgres()
                .execute("UPDATE scope_reading SET recorded_since = now() - interval '2 hours'");
        aggregator.lagBy(Duration.ofMinutes(10));
        readAll();
        assertThat(KNOWN.tombstones()).isEmpty();
        equalsTheWorld();

        cloud.control().advance(Duration.ofMinutes(20));
        shop.deletePlanted(VOLUME, "vol-%017x".formatted(2));
        readAll();
        assertThat(KNOWN.tombstones()).isEmpty();
        cloud.control().advance(Duration.ofMinutes(11));
        readAll();
        assertThat(KNOWN.tombstones())
                .containsExactly(SHOP + " " + DUBLIN + " vol-%017x".formatted(2));
        equalsTheWorld();
    }

    @Test
    void accountThatTheAggregatorDoesNotGetIsAskedItself() {
        aggregator.source(SHOP, DUBLIN, "FAILED");
        aggregator.source(LABORATORY, DUBLIN, "ABSENT");
        aggregator.source(LABORATORY, HOME, "OUTDATED");
        shop.plant(VOLUME, 3);
        readAll();
        assertThat(calls(SHOP, DUBLIN, SELECT)).isEqualTo(1);
        assertThat(calls(LABORATORY, DUBLIN, SELECT)).isEqualTo(1);
        assertThat(calls(LABORATORY, HOME, SELECT)).isEqualTo(1);
        assertThat(calls(SELECT)).isEqualTo(3);
        equalsTheWorld();
    }

    @Test
    void withoutTheAggregatorEachAccountIsAskedItself() {
        recorded.close();
        readThrough("another");
        readAll();
        assertThat(calls(SELECT)).isEqualTo(VOLUMES.size());
        assertThat(calls(SELECT_AGGREGATE)).isZero();
        equalsTheWorld();
    }

    private void readAll() {
        SERVICE.postgres().execute("UPDATE scope_reading SET due_time = clock_timestamp()");
        for (AssetSet set : VOLUMES) {
            assertThat(reader.read(set)).as(set.text()).isEqualTo(ScopeReader.Outcome.COMPLETE);
        }
    }

    /** As each account's own AWS Config has it. */
    private void equalsTheWorld() {
        ConfigAssetSource own = new ConfigAssetSource(cloud.clients());
        for (AssetSet set : VOLUMES) {
            SortedSet<String> there = new TreeSet<>();
            Optional<String> token = Optional.empty();
            do {
                AssetSource.Page page = own.page(set, token);
                page.assets().forEach(each -> there.add(each.nativeId()));
                token = page.next();
            } while (token.isPresent());
            assertThat(known(set.scope())).as(set.text()).isNotEmpty().isEqualTo(there);
        }
        own.close();
    }

    private static SortedSet<String> known(Scope scope) {
        String kind = scope.getRegion() + " " + VOLUME + " ";
        return KNOWN.assets(scope.getAccountId())
                .filter(each -> each.startsWith(kind))
                .map(each -> each.substring(kind.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static long calls(String operation) {
        return VOLUMES.stream()
                .map(AssetSet::scope)
                .mapToLong(scope -> calls(scope.getAccountId(), scope.getRegion(), operation))
                .sum();
    }

    private static long calls(String account, String region, String operation) {
        return cloud.control().at(account, region).journal(0).stream()
                .filter(each -> each.operation().equals(operation))
                .count();
    }
}
