package dev.yagura.inventory.reconcile;

import static dev.yagura.inventory.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.account.AccountFactSource;
import dev.yagura.inventory.account.AccountFactStore;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.organization.AccountStore;
import dev.yagura.inventory.organization.OrganizationConfig;
import dev.yagura.inventory.organization.OrganizationsAccountSource;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.control.AccountClient;
import dev.yagura.sandbox.front.JournalEntry;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three accounts in three regions, found through Organizations, into PostgreSQL. */
class OrganizationReadingTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    /** With instances. */
    private static final int TYPES =
            AssetSets.RECORDED.size() + AssetSets.LIVE.size() + AssetSets.LISTED.size();

    /** Read in one of three regions. */
    private static final int GLOBAL = AssetSets.GLOBAL.size();

    /** With what is set for the account. */
    private static final int PER_ACCOUNT = 3 * TYPES - 2 * GLOBAL + 1;

    private static final Knowledge KNOWN = new Knowledge(SERVICE);

    private static final String MANAGEMENT = "111122223333";
    private static final String SHOP = "222233334444";
    private static final String LABORATORY = "333344445555";
    private static final String NEW = "444455556666";
    private static final List<String> REGIONS = List.of("ap-northeast-1", "eu-west-1", "us-east-1");
    private static final String INSTANCE = "AWS::EC2::Instance";
    private static final String VOLUME = "AWS::EC2::Volume";
    private static final int PLANTED = 105;

    /** How often the loop looks follows from it, and how often accounts are listed. */
    private static final Duration INTERVAL = Duration.ofMillis(40);

    /** Nothing is due again unless a test says so. */
    private static final Duration ONCE = Duration.ofHours(1);

    private static final String ORGANIZATION =
            """

            organization:
              regions: [eu-west-1, us-east-1]
              instances: 2
              accounts:
                - {id: "222233334444", name: shop}
                - {id: "333344445555", name: laboratory}
            """;

    private static SandboxCloud cloud;

    private Ec2InstanceSource live;
    private ConfigAssetSource recorded;
    private SsmNodeSource nodes;
    private GuardDutySource guardDuty;
    private OrganizationsAccountSource accounts;
    private AccountFactSource accountFacts;
    private ReadScopes scopes;
    private SetReader reader;
    private ReadingLoop loop;

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
        AwsClients clients = cloud.clients();
        live = new Ec2InstanceSource(clients, SandboxCloud.PAGE, Clock.systemUTC());
        recorded = new ConfigAssetSource(clients);
        nodes = new SsmNodeSource(clients);
        guardDuty = new GuardDutySource(clients);
        Scope lister = Scopes.of("aws", MANAGEMENT, REGIONS.getFirst());
        accounts = new OrganizationsAccountSource(clients, Optional.of(lister));
        accountFacts = new AccountFactSource(clients, Clock.systemUTC());
        scopes =
                new ReadScopes(
                        List.of(),
                        new OrganizationConfig(Optional.of(lister), REGIONS),
                        SERVICE.bean(AccountStore.class));
        reader = reader(live, recorded);
        loop =
                new ReadingLoop(
                        reader,
                        SERVICE.bean(ReadingStore.class),
                        SERVICE.bean(FreshnessGauges.class),
                        scopes::sets,
                        INTERVAL);
    }

    @AfterEach
    void stop() throws Exception {
        loop.stop(this);
        SERVICE.bean(FreshnessGauges.class).follow(List.of());
        live.close();
        recorded.close();
        nodes.close();
        guardDuty.close();
        accounts.close();
        accountFacts.close();
    }

    private SetReader reader(AssetSource instances, AssetSource others) {
        return new SetReader(
                new ScopeReader(
                        type -> type.equals(INSTANCE) ? instances : others,
                        SERVICE.bean(Readings.class),
                        ONCE,
                        Clock.systemUTC()),
                new NodeReader(nodes, SERVICE.bean(NodeStore.class), Clock.systemUTC()),
                new AccountReader(accounts, SERVICE.bean(Readings.class), INTERVAL),
                new AccountFactReader(
                        accountFacts,
                        SERVICE.bean(AccountFactStore.class),
                        SERVICE.bean(Readings.class),
                        ONCE,
                        Clock.systemUTC()),
                new DetectorReader(
                        guardDuty, SERVICE.bean(DetectorStore.class), Clock.systemUTC()));
    }

    @Test
    void everyAccountAndRegionIsFoundAndReadAndEqualsTheWorld() {
        cloud.control().account(LABORATORY).denyEntry();
        loop.start(this);
        await("every set of two accounts", () -> KNOWN.complete() == 1 + 2 * PER_ACCOUNT);
        await(
                "why the third is not entered",
                () -> KNOWN.failing(LABORATORY) == PER_ACCOUNT && KNOWN.failing(SHOP) == 0);
        assertThat(KNOWN.failure(LABORATORY, "eu-west-1", INSTANCE))
                .contains(
                        "not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::"
                                + LABORATORY);
        assertThat(SERVICE.ready()).contains("sts:AssumeRole on resource");
        assertThat(KNOWN.assets(LABORATORY)).isEmpty();

        cloud.control().account(LABORATORY).restore();
        makeDue();
        await("every set of all accounts", () -> KNOWN.complete() == 1 + 3 * PER_ACCOUNT);
        await("no failure", () -> KNOWN.failing(LABORATORY) == 0);
        for (String account : List.of(MANAGEMENT, SHOP, LABORATORY)) {
            for (String region : REGIONS) {
                Scope scope = Scopes.of("aws", account, region);
                assertThat(KNOWN.read(scope))
                        .as(Scopes.text(scope))
                        .isEqualTo(cloud.ids(scope, operator(account)));
            }
            assertThat(KNOWN.assets(account).filter(each -> each.contains("AWS::IAM::Role")))
                    .isNotEmpty()
                    .allMatch(each -> each.startsWith(REGIONS.getFirst()));
        }
        assertThat(age(SHOP, "us-east-1")).isTrue();
    }

    @Test
    void accountThatIsUnreachableInTheMiddleOfAReadingKeepsItsAssetsAndStopsNoOther() {
        Scope broken = Scopes.of("aws", SHOP, "eu-west-1");
        for (String account : List.of(SHOP, LABORATORY)) {
            cloud.control().at(account, "eu-west-1").recorder().plant(VOLUME, PLANTED);
        }
        readAll(reader);
        assertThat(KNOWN.read(broken)).hasSizeGreaterThan(PLANTED);
        long before = KNOWN.assets(SHOP).count();

        settle();
        for (String account : List.of(SHOP, LABORATORY)) {
            cloud.control()
                    .at(account, "eu-west-1")
                    .recorder()
                    .deletePlanted(VOLUME, planted(PLANTED));
        }
        AccountClient shop = cloud.control().account(SHOP);
        AssetSource failing = failingAfterAPage(new AssetSet(broken, VOLUME), shop);
        readAll(reader(live, failing));
        assertThat(KNOWN.assets(SHOP).count()).isEqualTo(before);
        assertThat(KNOWN.tombstones())
                .containsExactly(LABORATORY + " eu-west-1 " + planted(PLANTED));
        assertThat(KNOWN.failure(SHOP, "eu-west-1", VOLUME)).contains("temporarily unavailable");
        assertThat(KNOWN.failing(LABORATORY) + KNOWN.failing(MANAGEMENT)).isZero();
        assertThat(SERVICE.ready()).contains("temporarily unavailable");

        shop.restore();
        readAll(reader);
        assertThat(KNOWN.tombstones())
                .containsExactly(
                        SHOP + " eu-west-1 " + planted(PLANTED),
                        LABORATORY + " eu-west-1 " + planted(PLANTED));
        assertThat(KNOWN.failing(SHOP)).isZero();
    }

    @Test
    void pageThatFailsAndRecorderThatIsOffAreOfOneRegionOnly() {
        for (String region : REGIONS) {
            cloud.control().at(SHOP, region).recorder().plant(VOLUME, PLANTED);
        }
        readAll(reader);
        settle();
        for (String region : REGIONS) {
            cloud.control().at(SHOP, region).recorder().deletePlanted(VOLUME, planted(1));
        }
        cloud.control().at(SHOP, "eu-west-1").recorder().stop();
        cloud.control()
                .at(SHOP, "us-east-1")
                .planFault(
                        Map.of(
                                "operation",
                                "config:SelectResourceConfig",
                                "kind",
                                "error",
                                "code",
                                "InternalServiceException",
                                "status",
                                500,
                                "skip",
                                1,
                                "times",
                                4));
        readAll(reader);
        assertThat(KNOWN.tombstones()).containsExactly(SHOP + " ap-northeast-1 " + planted(1));
        assertThat(KNOWN.freshness(SHOP, "eu-west-1", VOLUME).notRecorded())
                .isEqualTo("recorder default is stopped; start it");
        assertThat(KNOWN.freshness(SHOP, "ap-northeast-1", VOLUME).notRecorded()).isEmpty();
        assertThat(KNOWN.failing(SHOP)).isEqualTo(1);
        assertThat(KNOWN.failing(LABORATORY)).isZero();
    }

    @Test
    void accountsComeAndGoWhileTheLoopRuns() {
        loop.start(this);
        await("the shop", () -> KNOWN.complete(SHOP) == PER_ACCOUNT);
        assertThat(age(SHOP, "eu-west-1")).isTrue();
        List<String> shop = KNOWN.assets(SHOP).toList();

        cloud.control().account(NEW).add("new", 1, "eu-west-1", "us-east-1");
        await("the new account", () -> KNOWN.complete(NEW) == 2 * (TYPES - GLOBAL));
        // It lacks one of the regions, where roles are read: that says so, and stops nothing.
        await(
                "the missing region",
                () -> !KNOWN.failure(NEW, "ap-northeast-1", INSTANCE).isEmpty());

        cloud.control().account(SHOP).suspend();
        await(
                "why it is not read",
                () -> KNOWN.notRead(SHOP).contains("is SUSPENDED in Organizations"));
        await("no gauge", () -> !age(SHOP, "eu-west-1"));
        long begun = KNOWN.begun(SHOP);
        long others = KNOWN.begun(LABORATORY);
        makeDue();
        await("others read again", () -> KNOWN.begun(LABORATORY) >= others + PER_ACCOUNT);
        assertThat(KNOWN.begun(SHOP)).isEqualTo(begun);
        cloud.control().account(NEW).leave();
        await("why it is not read", () -> KNOWN.notRead(NEW).contains("is no longer listed"));
        assertThat(KNOWN.assets(SHOP)).containsExactlyElementsOf(shop);
        assertThat(KNOWN.assets(NEW)).isNotEmpty();
        assertThat(KNOWN.tombstones()).isEmpty();
        assertThat(SERVICE.ready()).contains("not read: account " + SHOP + " (shop)");
        assertThat(KNOWN.coverage(SHOP)).contains("it is read no more, its assets stay");
        assertThat(age(LABORATORY, "eu-west-1")).isTrue();

        cloud.control().account(SHOP).restore();
        makeDue();
        await("it is read again", () -> KNOWN.notRead(SHOP).isEmpty() && KNOWN.failing(SHOP) == 0);
        await("its gauge", () -> age(SHOP, "eu-west-1"));
    }

    @Test
    void listOfAccountsThatDoesNotComeWholeChangesNothing() throws Exception {
        for (int i = 0; i < 25; i++) {
            cloud.control().account("%012d".formatted(500_000_000_000L + i)).add("more", 0);
        }
        readAccounts();
        assertThat(active()).hasSize(28);

        cloud.control().account(SHOP).leave();
        cloud.control()
                .planFault(
                        Map.of(
                                "operation",
                                "organizations:ListAccounts",
                                "kind",
                                "throttle",
                                "skip",
                                1,
                                "times",
                                4));
        readAccounts();
        assertThat(active()).hasSize(28).contains(SHOP);
        assertThat(SERVICE.ready())
                .contains("AWS::Organizations::Account")
                .contains("Rate exceeded");
        readAccounts();
        assertThat(active()).hasSize(27).doesNotContain(SHOP);

        String policy = Files.readString(Path.of("../deploy/policies/inventory_organization.json"));
        assertThat(
                        cloud.control().journal(0).stream()
                                .map(JournalEntry::operation)
                                .filter(operation -> operation.startsWith("organizations:"))
                                .distinct())
                .hasSize(1)
                .allMatch(called -> policy.contains("[\"" + called + "\"]"));

        // Keys of the account that manages, asked as if another did: that one is not in its list.
        try (OrganizationsAccountSource wrong =
                new OrganizationsAccountSource(
                        cloud.operator(Optional.empty()),
                        Optional.of(Scopes.of("aws", "999999999999", REGIONS.getFirst())))) {
            assertThat(catchThrowable(wrong::accounts)).hasMessageContaining("lacks 999999999999");
        }
    }

    /** Reads everything once, one after the other: the accounts first. */
    private void readAll(SetReader by) {
        readAccounts();
        makeDue();
        scopes.sets().stream()
                .filter(set -> List.of(INSTANCE, VOLUME).contains(set.resourceType()))
                .forEach(by::read);
    }

    private void readAccounts() {
        makeDue();
        reader.read(scopes.sets().getFirst());
    }

    /** Time has passed: everything is read again. */
    private static void makeDue() {
        SERVICE.postgres().execute("UPDATE scope_reading SET due_time = clock_timestamp()");
    }

    private static void settle() {
        SERVICE.postgres()
                .execute("UPDATE scope_reading SET recorded_since = now() - interval '2 hours'");
    }

    private static List<String> active() {
        return SERVICE.bean(AccountStore.class).active("aws");
    }

    private static String planted(int number) {
        return "vol-%017x".formatted(number);
    }

    private static Optional<String> operator(String account) {
        return Optional.of("OrganizationAccountAccessRole")
                .filter(role -> !account.equals(MANAGEMENT));
    }

    /** AWS Config, and an account that fails once the first page of a set has come. */
    private AssetSource failingAfterAPage(AssetSet set, AccountClient account) {
        return new AfterPage(
                recorded,
                (asked, token, page) -> {
                    if (asked.equals(set) && token.isEmpty()) {
                        assertThat(page.next()).isPresent();
                        account.fail();
                    }
                });
    }

    /** Whether there is a gauge of how old the instances of a scope are. */
    private static boolean age(String account, String region) {
        return Metrics.globalRegistry()
                .gauge(
                        "yagura_inventory_reading_age_seconds",
                        List.of(
                                Tag.create("account", account),
                                Tag.create("region", region),
                                Tag.create("type", INSTANCE)))
                .isPresent();
    }
}
