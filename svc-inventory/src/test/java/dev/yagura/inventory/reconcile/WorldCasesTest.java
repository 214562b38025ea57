package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.NetworkInterface;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** What inventories get wrong: whole fleets that end, what moves, and what has the same name. */
class WorldCasesTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final Knowledge KNOWN = new Knowledge(SERVICE);
    private static final KnownFacts SHOWN = new KnownFacts(SERVICE, KNOWN);
    private static final String FLEET = "444455556666";
    private static final int HOSTS = 1_000;
    private static final Scope SHOP = Scopes.of("aws", "222233334444", "eu-west-1");
    private static final Scope LABORATORY = Scopes.of("aws", "333344445555", "eu-west-1");
    private static final String FIRST = "i-0123456789abcdef0";
    private static final String SECOND = "i-0123456789abcdef1";

    private static CloudWorld world;
    private static WorldFacts facts;

    private Ec2InstanceSource live;
    private ConfigAssetSource recorded;

    @BeforeAll
    static void startWorld() throws Exception {
        world = new CloudWorld();
        facts = new WorldFacts(world);
    }

    @AfterAll
    static void stopWorld() throws Exception {
        world.close();
    }

    @BeforeEach
    void startWithoutAssets() {
        SERVICE.clear();
        world.reset();
        live = new Ec2InstanceSource(world.cloud().clients(), 500, world.clock());
        recorded = world.cloud().recorded();
    }

    @AfterEach
    void closeSources() {
        live.close();
        recorded.close();
    }

    @Test
    void fleetOfAThousandThatEndsAtOnceIsGoneInOneReading() {
        Scope scope = Scopes.of("aws", FLEET, "eu-west-1");
        world.cloud().control().account(FLEET).add("fleet", HOSTS, "eu-west-1");
        read(scope, WorldFacts.INSTANCE);
        assertThat(KNOWN.assets(FLEET)).hasSize(HOSTS);

        List<String> ids =
                KNOWN.assets(FLEET).map(each -> each.substring(each.lastIndexOf(' ') + 1)).toList();
        try (Ec2Client ec2 =
                world.cloud()
                        .operator(Optional.of("OrganizationAccountAccessRole"))
                        .client(Ec2Client.builder(), scope)) {
            ec2.terminateInstances(request -> request.instanceIds(ids));
        }
        long before = calls();
        read(scope, WorldFacts.INSTANCE);
        assertThat(KNOWN.assets(FLEET)).isEmpty();
        assertThat(KNOWN.tombstones()).hasSize(HOSTS);
        // Two pages, and five looks at two hundred each, which EC2 still shows.
        assertThat(calls() - before).isLessThanOrEqualTo(2 + 5);
    }

    @Test
    void renamedTagIsFoundByItsNewNameOnly() {
        launch(SHOP, FIRST, "10.40.9.1");
        Ec2Client ec2 = world.ec2(SHOP);
        String group = ec2.describeSecurityGroups().securityGroups().getFirst().groupId();
        for (String id : List.of(FIRST, group)) {
            ec2.createTags(
                    request -> request.resources(id).tags(tag -> tag.key("Team").value("a")));
        }
        readAll(SHOP);
        assertThat(found("tags.Team = a")).containsExactlyInAnyOrder(FIRST, group);

        for (String id : List.of(FIRST, group)) {
            ec2.deleteTags(request -> request.resources(id).tags(tag -> tag.key("Team")));
            ec2.createTags(
                    request -> request.resources(id).tags(tag -> tag.key("team").value("a")));
        }
        readAll(SHOP);
        assertThat(found("tags.Team = a")).isEmpty();
        assertThat(found("tags.team = a")).containsExactlyInAnyOrder(FIRST, group);
    }

    @Test
    void movedInterfaceIsOnTheOtherInstanceOnly() {
        world.at(SHOP).resources().launch(FIRST, "10.40.9.1", "10.40.9.2");
        launch(SHOP, SECOND, "10.40.9.3");
        readAll(SHOP);
        String moved = the(FIRST).getNetworkInterfaces(1).getNetworkInterfaceId();

        world.tick();
        world.at(SHOP).resources().attachInterface(moved, SECOND);
        readAll(SHOP);
        assertThat(interfaces(FIRST)).hasSize(1).doesNotContain(moved);
        assertThat(interfaces(SECOND)).hasSize(2).contains(moved);
        AssetSet set = new AssetSet(SHOP, WorldFacts.INTERFACE);
        assertThat(SHOWN.recorded(set)).isEqualTo(facts.of(set));
        assertThat(SHOWN.recorded(set).get(moved)).contains(SECOND).doesNotContain(FIRST);

        world.at(SHOP).terminate(SECOND);
        readAll(SHOP);
        assertThat(SHOWN.recorded(set).get(moved)).doesNotContain(SECOND);
        assertThat(the(SECOND).getState()).isEqualTo(AssetState.ASSET_STATE_TOMBSTONE);
        // What was known of it when it ended stays.
        assertThat(interfaces(SECOND)).contains(moved);
    }

    @Test
    void addressThatIsUsedAgainIsOfAnotherHostAndTheFirstKeepsItsHistory() {
        launch(SHOP, FIRST, "10.40.9.1");
        readAll(SHOP);
        world.at(SHOP).terminate(FIRST);
        launch(SHOP, SECOND, "10.40.9.1");
        readAll(SHOP);
        assertThat(the(FIRST).getState()).isEqualTo(AssetState.ASSET_STATE_TOMBSTONE);
        assertThat(the(SECOND).getState()).isEqualTo(AssetState.ASSET_STATE_ACTIVE);
        assertThat(the(SECOND).getName()).isNotEqualTo(the(FIRST).getName());
        for (String id : List.of(FIRST, SECOND)) {
            assertThat(the(id).getNetworkInterfaces(0).getPrivateIpAddressesList())
                    .containsExactly("10.40.9.1");
        }
    }

    @Test
    void idThatComesBackInAnotherAccountIsAnotherAsset() {
        launch(SHOP, FIRST, "10.40.9.1");
        readAll(SHOP);
        world.at(SHOP).terminate(FIRST);
        launch(LABORATORY, FIRST, "10.40.9.1");
        readAll(SHOP);
        readAll(LABORATORY);
        List<Asset> both = both(FIRST);
        assertThat(both)
                .extracting(each -> each.getScope() + " " + each.getState())
                .containsExactlyInAnyOrder(
                        SHOP + " " + AssetState.ASSET_STATE_TOMBSTONE,
                        LABORATORY + " " + AssetState.ASSET_STATE_ACTIVE);
        assertThat(both).extracting(Asset::getName).doesNotHaveDuplicates();
    }

    private static void launch(Scope scope, String id, String address) {
        world.tick();
        world.at(scope).resources().launch(id, address);
    }

    private void readAll(Scope scope) {
        for (String type : List.of(WorldFacts.INSTANCE, WorldFacts.INTERFACE, WorldFacts.GROUP)) {
            read(scope, type);
        }
    }

    private void read(Scope scope, String type) {
        world.tick();
        SERVICE.postgres()
                .execute(
                        "UPDATE scope_reading SET due_time = clock_timestamp(),"
                                + " recorded_since = now() - interval '2 hours'");
        ScopeReader reader =
                new ScopeReader(
                        each -> each.equals(WorldFacts.INSTANCE) ? live : recorded,
                        SERVICE.bean(Readings.class),
                        Duration.ofHours(1),
                        world.clock());
        assertThat(reader.read(new AssetSet(scope, type))).isEqualTo(ScopeReader.Outcome.COMPLETE);
    }

    private static long calls() {
        return world.cloud().control().at(FLEET, "eu-west-1").journal(0).stream()
                .filter(each -> each.operation().equals("ec2:DescribeInstances"))
                .count();
    }

    private static List<String> interfaces(String instance) {
        return the(instance).getNetworkInterfacesList().stream()
                .map(NetworkInterface::getNetworkInterfaceId)
                .toList();
    }

    private static Asset the(String instance) {
        List<Asset> all = both(instance);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static List<Asset> both(String instance) {
        return list(
                "native_id = \"%s\" AND (state = ACTIVE OR state = TOMBSTONE)".formatted(instance));
    }

    private static List<String> found(String expression) {
        return list(expression).stream().map(Asset::getNativeId).toList();
    }

    private static List<Asset> list(String expression) {
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin())
                .listAssets(
                        ListAssetsRequest.newBuilder()
                                .setFilter(AssetFilter.newBuilder().setExpression(expression))
                                .build())
                .getAssetsList();
    }
}
