package dev.yagura.bench.measure;

import dev.yagura.bench.client.GrpcAdmin;
import dev.yagura.bench.client.GrpcInventory;
import dev.yagura.bench.load.AssetRows;
import dev.yagura.bench.load.AssetTags;
import dev.yagura.bench.load.SoftwareRows;
import dev.yagura.bench.platform.Database;
import dev.yagura.bench.platform.Platform;
import dev.yagura.bench.platform.Service;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.inventory.v1.ListInstalledSoftwareResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/** Asks the inventory about very many assets, through the gateway, one question after the other. */
public final class AssetQueryMeasure {
    private static final int PAGE = 100;

    /** The longest that is answered. */
    private static final int LONG_PAGE = 500;

    private static final int WARMING = 200;

    private static final Duration ROUND_LIMIT = Duration.ofMinutes(15);

    private static final String ROUND =
            "SELECT (extract(epoch FROM end_time - begin_time) * 1000)::bigint FROM posture_round"
                    + " WHERE end_time IS NOT NULL AND begin_time <="
                    + " (SELECT min(valid_from) FROM posture_version)"
                    + " ORDER BY begin_time DESC LIMIT 1";

    private final Platform platform;
    private final Options options;
    private final SplittableRandom random = new SplittableRandom(20_261_127);
    private final List<AssetQueryFigures.Query> queries = new ArrayList<>();

    /**
     * How much.
     *
     * @param accounts with assets
     * @param size assets of each, thousands of them
     * @param questions of each kind
     */
    public record Options(int accounts, int size, int questions) {}

    /**
     * @param platform with the variables of {@link #environment}
     */
    public AssetQueryMeasure(Platform platform, Options options) {
        this.platform = platform;
        this.options = options;
    }

    /**
     * Variables of its platform: no reading comes between, and no limit of calls; rounds that judge
     * all hosts follow one another.
     */
    public static Map<String, String> environment() {
        return Map.of(
                "YAGURA_INVENTORY_READING_INTERVAL",
                "PT1H",
                "YAGURA_INVENTORY_POSTURE_INTERVAL",
                "PT10S",
                "YAGURA_GATEWAY_LIMIT_PRINCIPAL_CALLS",
                "100000",
                "YAGURA_GATEWAY_LIMIT_ADDRESS_CALLS",
                "100000");
    }

    public AssetQueryFigures run() throws IOException, InterruptedException {
        AssetRows rows = new AssetRows(options.accounts(), options.size(), Instant.now());
        Database database = platform.database(Service.INVENTORY);
        rows.writeTo(database);
        try (GrpcAdmin admin =
                new GrpcAdmin(
                        platform.gatewayPort(), platform.authority(), platform.adminToken())) {
            ask(admin.inventory(), rows);
        }
        Duration round = round(database);
        return new AssetQueryFigures(
                rows.count(),
                number(database, "SELECT pg_database_size(current_database())").orElseThrow(),
                queries,
                number(database, "SELECT count(DISTINCT subject) FROM posture_version")
                        .orElseThrow(),
                round,
                platform.residentBytes(Service.INVENTORY));
    }

    /** The last one that ended; one may have begun before the assets were there. */
    private static Duration round(Database database) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(ROUND_LIMIT);
        OptionalLong millis;
        do {
            millis = number(database, ROUND);
            if (millis.isEmpty() && Instant.now().isAfter(end)) {
                throw new IOException("no round of judging ended within " + ROUND_LIMIT);
            }
            TimeUnit.MILLISECONDS.sleep(500);
        } while (millis.isEmpty());
        return Duration.ofMillis(millis.getAsLong());
    }

    private void ask(GrpcInventory inventory, AssetRows rows) {
        AssetFilter all = AssetFilter.getDefaultInstance();
        // First of all: so many pages also warm the service up.
        List<String> middle = middle(inventory, rows.count());
        list("ListAssets, the first page", inventory, any -> all);
        ask(
                "ListAssets, a page in the middle",
                "assets",
                true,
                any -> inventory.list(all, PAGE, middle.get(any % middle.size())).getAssetsCount());
        list(
                "ListAssets, of a type",
                inventory,
                any -> AssetFilter.newBuilder().setResourceType("AWS::EC2::Instance").build());
        list(
                "ListAssets, of an account",
                inventory,
                any -> filter("account = " + rows.account(any)));
        list("ListAssets, of a tag", inventory, any -> filter("tags.team = " + AssetTags.TEAM));
        list(
                "ListAssets, of an expression that many assets match",
                inventory,
                any ->
                        filter(
                                "tags.env = %s AND NOT instance_state = stopped"
                                        .formatted(AssetTags.ENVIRONMENT)));
        list(
                "ListAssets, of one that hardly any matches, and no index has",
                inventory,
                any ->
                        filter(
                                "tags.env = %s AND criticality = %s"
                                        .formatted(AssetTags.ENVIRONMENT, AssetTags.CRITICALITY)));
        ask(
                "GetAssetGraph, of an instance, one step",
                "nodes",
                true,
                any -> inventory.graph(instance(rows, any), 1).getNodesCount());
        ask(
                "GetAssetGraph, of an instance, two steps",
                "nodes",
                true,
                any -> inventory.graph(instance(rows, any), 2).getNodesCount());
        ask(
                "GetAsset, of an instance",
                "relations",
                false,
                any -> inventory.asset(instance(rows, any)).getRelationsCount());
        ask(
                "GetPosture",
                "checks",
                false,
                any -> inventory.posture(instance(rows, any)).getItemsCount());
        ask(
                "ListCoverage, the first page of an account",
                "hosts",
                false,
                any -> inventory.coverage(rows.account(any), PAGE).getCoverageCount());
        software(
                "ListInstalledSoftware, of an instance",
                any -> inventory.software(instance(rows, any), "", "", PAGE));
        software(
                "ListInstalledSoftware, of a package that every host has",
                any -> inventory.software("", SoftwareRows.COMMON, "", PAGE));
        software(
                "ListInstalledSoftware, of a version that one host in a thousand has",
                any ->
                        inventory.software(
                                "", SoftwareRows.RARE, SoftwareRows.rareVersion(any), PAGE));
    }

    private void software(String what, IntFunction<ListInstalledSoftwareResponse> question) {
        ask(what, "entries", true, any -> question.apply(any).getSoftwareCount());
    }

    private static AssetFilter filter(String expression) {
        return AssetFilter.newBuilder().setExpression(expression).build();
    }

    private String instance(AssetRows rows, int any) {
        return "assets/" + rows.instance(any, random.nextInt(Integer.MAX_VALUE));
    }

    private void list(String what, GrpcInventory inventory, Filters filters) {
        ask(
                what,
                "assets",
                true,
                any -> inventory.list(filters.of(any), PAGE, "").getAssetsCount());
    }

    /** For a number that is not negative. */
    @FunctionalInterface
    private interface Filters {
        AssetFilter of(int any);
    }

    /**
     * Asks often, each time with another number.
     *
     * @param question returns how much was in the answer
     */
    private void ask(String what, String unit, boolean aimed, ToIntFunction<Integer> question) {
        Latencies latencies = new Latencies();
        long results = 0;
        int warming = Math.min(WARMING, options.questions());
        for (int i = -warming; i < options.questions(); i++) {
            int any = random.nextInt(Integer.MAX_VALUE);
            long asked = System.nanoTime();
            int answered = question.applyAsInt(any);
            if (i >= 0) {
                latencies.record(Duration.ofNanos(System.nanoTime() - asked));
                results += answered;
            }
        }
        queries.add(
                new AssetQueryFigures.Query(
                        what,
                        unit,
                        latencies.quantiles(),
                        (double) results / options.questions(),
                        aimed));
    }

    /** Tokens of pages in the second quarter of all assets. */
    private static List<String> middle(GrpcInventory inventory, long count) {
        List<String> tokens = new ArrayList<>();
        String token = "";
        long passed = 0;
        while (passed < count / 2) {
            ListAssetsResponse page =
                    inventory.list(AssetFilter.getDefaultInstance(), LONG_PAGE, token);
            passed += page.getAssetsCount();
            token = page.getNextPageToken();
            if (passed >= count / 4) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    /** Empty where there is no row. */
    private static OptionalLong number(Database database, String sql) throws IOException {
        try (Connection connection = database.connect();
                PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        } catch (SQLException e) {
            throw new IOException("the database does not answer: " + sql, e);
        }
    }
}
