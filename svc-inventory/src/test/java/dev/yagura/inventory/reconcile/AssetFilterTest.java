package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetCoverage;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.CoverageFilter;
import dev.yagura.proto.inventory.v1.CoverageServiceGrpc;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.inventory.v1.ListCoverageRequest;
import dev.yagura.proto.inventory.v1.WatchAssetsRequest;
import dev.yagura.proto.inventory.v1.WatchAssetsResponse;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.Context;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Filters of lists and watches, over PostgreSQL. */
class AssetFilterTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final String ACCOUNT = "100000000079";
    private static final Scope SCOPE = Enrolling.scope(ACCOUNT);
    private static final String INSTANCE = "AWS::EC2::Instance";
    private static final String VOLUME = "AWS::EC2::Volume";
    private static final ToldAssets TOLD = new ToldAssets(SERVICE);

    @BeforeAll
    static void tellAssets() {
        SERVICE.clear();
        TOLD.tell(
                SCOPE,
                INSTANCE,
                item("i-a", "running", "subnet-1", Map.of("env", "prod", "Owner", "shop")),
                item("i-b", "stopped", "subnet-1", Map.of("env", "test")),
                item("i-c", "running", "subnet-2", Map.of("Environment", "prod")));
        TOLD.tell(
                SCOPE,
                VOLUME,
                item("vol-a", "", "", Map.of("env", "prod", "aws:x", "y z")),
                item("vol-b", "", "", Map.of()),
                item("vol-gone", "", "", Map.of("env", "prod")));
        TOLD.tell(
                Enrolling.scope("100000000080"),
                VOLUME,
                item("vol-z", "", "", Map.of("env", "prod")));
        TOLD.bury(SCOPE, VOLUME, "vol-gone");
    }

    @Test
    void listHasWhatMatches() {
        Map<String, List<String>> expected =
                Map.ofEntries(
                        Map.entry("", List.of("i-a", "i-b", "i-c", "vol-a", "vol-b")),
                        Map.entry("tags.env = prod", List.of("i-a", "vol-a")),
                        Map.entry("environment = prod", List.of("i-a", "i-c", "vol-a")),
                        Map.entry("NOT environment:*", List.of("vol-b")),
                        Map.entry("tags.env != prod", List.of("i-b", "i-c", "vol-b")),
                        Map.entry("tags:Owner", List.of("i-a")),
                        Map.entry("owner = shop AND tags.env = prod", List.of("i-a")),
                        Map.entry("tags.\"aws:x\" = \"y z\"", List.of("vol-a")),
                        Map.entry("subnet_id = subnet-1 AND vpc_id = vpc-1", List.of("i-a", "i-b")),
                        Map.entry("instance_state = running", List.of("i-a", "i-c")),
                        Map.entry(
                                "resource_type = AWS::EC2::Volume OR native_id = i-c",
                                List.of("i-c", "vol-a", "vol-b")),
                        Map.entry(
                                "(tags.env = test OR tags.env = prod) AND instance_state = stopped",
                                List.of("i-b")),
                        Map.entry("state = TOMBSTONE AND tags.env = prod", List.of("vol-gone")),
                        Map.entry(
                                "(state = ACTIVE OR state = TOMBSTONE) AND native_id = vol-gone",
                                List.of("vol-gone")),
                        Map.entry("account = 100000000080", List.of()),
                        Map.entry(
                                "region = ap-northeast-1 AND account = "
                                        + ACCOUNT
                                        + " AND NOT"
                                        + " vpc_id:*",
                                List.of("vol-a", "vol-b")));
        expected.forEach((text, ids) ->
                assertThat(listed(text)).as(text).containsExactlyInAnyOrderElementsOf(ids));
    }

    @Test
    void filterStandsBesideTheOtherFieldsAndBindsTheToken() {
        AssetFilter volumes =
                AssetFilter.newBuilder()
                        .setResourceType(VOLUME)
                        .setExpression("environment = prod OR NOT tags:env")
                        .build();
        ListAssetsResponse page = assets().listAssets(page(volumes, ""));
        assertThat(page.getAssetsCount()).isEqualTo(1);
        ListAssetsResponse next = assets().listAssets(page(volumes, page.getNextPageToken()));
        assertThat(List.of(page.getAssets(0).getNativeId(), next.getAssets(0).getNativeId()))
                .containsExactlyInAnyOrder("vol-a", "vol-b");
        AssetFilter other = volumes.toBuilder().setExpression("environment = prod").build();
        assertThatThrownBy(() -> assets().listAssets(page(other, page.getNextPageToken())))
                .hasMessageContaining("page_token");
    }

    @Test
    void callerOfSeveralAccountsSeesTheirsOnly() {
        var stub = AssetServiceGrpc.newBlockingStub(SERVICE.admin("100000000080", ACCOUNT));
        ListAssetsRequest.Builder request =
                ListAssetsRequest.newBuilder()
                        .setPageSize(3)
                        .setFilter(AssetFilter.newBuilder().setExpression("tags.env = prod"));
        assertThat(stub.listAssets(request.build()).getAssetsList())
                .extracting(Asset::getNativeId)
                .containsExactlyInAnyOrder("i-a", "vol-a", "vol-z");
        request.getFilterBuilder().setExpression("owner = shop OR owner = nobody");
        assertThat(stub.listAssets(request.build()).getAssetsList())
                .extracting(Asset::getNativeId)
                .containsExactly("i-a");
        request.clearFilter().setPageSize(4);
        ListAssetsResponse first = stub.listAssets(request.build());
        ListAssetsResponse second =
                stub.listAssets(request.setPageToken(first.getNextPageToken()).build());
        assertThat(
                        Stream.of(first, second)
                                .flatMap(page -> page.getAssetsList().stream())
                                .map(Asset::getNativeId))
                .containsExactlyInAnyOrder("i-a", "i-b", "i-c", "vol-a", "vol-b", "vol-z");
    }

    @Test
    void badFilterIsRefusedWithItsPlace() {
        String text = "owner = a AND color = red";
        assertThatThrownBy(() -> listed(text))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("filter.expression: at character 15: 'color' is no field");
        assertThatThrownBy(() -> covered(text)).hasMessageContaining("at character 15");
    }

    @Test
    void coverageHasHostsThatMatch() {
        assertThat(covered("subnet_id = subnet-1")).containsExactlyInAnyOrder("i-a", "i-b");
        assertThat(covered("owner = shop")).containsExactly("i-a");
    }

    @Test
    void watchHasChangesThatMatch() throws Exception {
        String cursor = assets().listAssets(ListAssetsRequest.getDefaultInstance()).getCursor();
        TOLD.tell(
                SCOPE,
                "AWS::EC2::VPC",
                item("vpc-test", "", "", Map.of("env", "test")),
                item("vpc-live", "", "", Map.of("env", "live")));
        try (Context.CancellableContext context = Context.current().withCancellation()) {
            Iterator<WatchAssetsResponse> watch =
                    context.call(() ->
                            assets().withDeadlineAfter(30, TimeUnit.SECONDS)
                                    .watchAssets(
                                            WatchAssetsRequest.newBuilder()
                                                    .setCursor(cursor)
                                                    .setFilter(
                                                            AssetFilter.newBuilder()
                                                                    .setExpression(
                                                                            "tags.env = live"))
                                                    .build()));
            WatchAssetsResponse first = watch.next();
            while (!first.hasAsset()) {
                first = watch.next();
            }
            assertThat(first.getAsset().getNativeId()).isEqualTo("vpc-live");
        }
        TOLD.tell(SCOPE, "AWS::EC2::VPC", later("vpc-live", Map.of("env", "old")));
        assertThat(listed("tags.env = live")).isEmpty();
        assertThat(listed("tags.env = old")).containsExactly("vpc-live");
        TOLD.bury(SCOPE, "AWS::EC2::VPC", "vpc-live", "vpc-test");
    }

    /** One query a page, however many assets it does not match. */
    @Test
    void pageThatLooksAtTooManyGoesOnInTheNext() {
        String many = "100000000081";
        SERVICE.postgres()
                .execute(
                        """
                        INSERT INTO asset (id, partition, account_id, region, resource_type,
                            native_id, state, instance_state, description, generation,
                            observed_time, update_time, environment, criticality)
                        SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
                            'aws', '%s', 'eu-west-1', 'AWS::S3::Bucket', 'bucket-' || n, 'ACTIVE',
                            '', '', 1, now(), now(), 'many',
                            CASE WHEN n IN (5, 2001) THEN 'high' ELSE '' END
                        FROM generate_series(1, 2500) n
                        """
                                .formatted(many));
        var stub = AssetServiceGrpc.newBlockingStub(SERVICE.admin(many));
        AssetFilter filter =
                AssetFilter.newBuilder()
                        .setExpression("environment = many AND criticality = high")
                        .build();
        List<Integer> sizes = new ArrayList<>();
        String token = "";
        do {
            ListAssetsResponse page =
                    stub.listAssets(
                            ListAssetsRequest.newBuilder()
                                    .setFilter(filter)
                                    .setPageToken(token)
                                    .build());
            sizes.add(page.getAssetsCount());
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        SERVICE.postgres().execute("DELETE FROM asset WHERE account_id = '%s'".formatted(many));
        assertThat(sizes).containsExactly(1, 0, 1);
    }

    private static ListAssetsRequest page(AssetFilter filter, String token) {
        return ListAssetsRequest.newBuilder()
                .setPageSize(1)
                .setPageToken(token)
                .setFilter(filter)
                .build();
    }

    private static List<String> listed(String text) {
        return assets()
                .listAssets(
                        ListAssetsRequest.newBuilder()
                                .setFilter(AssetFilter.newBuilder().setExpression(text))
                                .build())
                .getAssetsList()
                .stream()
                .map(Asset::getNativeId)
                .toList();
    }

    private static List<String> covered(String text) {
        return CoverageServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT))
                .listCoverage(
                        ListCoverageRequest.newBuilder()
                                .setFilter(CoverageFilter.newBuilder().setExpression(text))
                                .build())
                .getCoverageList()
                .stream()
                .map(AssetCoverage::getNativeId)
                .toList();
    }

    private static AssetServiceGrpc.AssetServiceBlockingStub assets() {
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT));
    }

    private static Observation item(
            String id, String state, String subnet, Map<String, String> tags) {
        return new Observation(
                id,
                state,
                Asset.newBuilder()
                        .setSubnetId(subnet)
                        .setVpcId(subnet.isEmpty() ? "" : "vpc-1")
                        .putAllTags(tags)
                        .build(),
                Optional.empty(),
                ToldAssets.START);
    }

    private static Observation later(String id, Map<String, String> tags) {
        return new Observation(
                id,
                "",
                Asset.newBuilder().putAllTags(tags).build(),
                Optional.empty(),
                ToldAssets.START.plusSeconds(1));
    }
}
