package dev.yagura.bench.load;

import dev.yagura.proto.inventory.v1.Asset;
import java.util.SplittableRandom;

/** Tags of generated assets: a few that most have, with few values, and some that hardly any. */
public final class AssetTags {
    /** One of 200. */
    public static final String TEAM = "team-017";

    /** Three of five. */
    public static final String ENVIRONMENT = "prod";

    /** One in 20,000. */
    public static final String CRITICALITY = "vital";

    private static final int TEAMS = 200;
    private static final int VITAL = 20_000;

    private AssetTags() {}

    /** With what the inventory takes from them. */
    static void put(AssetKind kind, int index, SplittableRandom random, Asset.Builder asset) {
        String team = "team-%03d".formatted(random.nextInt(TEAMS));
        int environment = random.nextInt(20);
        String stage = environment < 12 ? ENVIRONMENT : environment < 17 ? "staging" : "dev";
        asset.putTags("team", team).setOwner(team);
        asset.putTags("env", stage).setEnvironment(stage);
        asset.putTags("cost-center", "cc-" + random.nextInt(1000));
        if (random.nextInt(VITAL) == 0) {
            asset.putTags("criticality", CRITICALITY).setCriticality(CRITICALITY);
        }
        if (kind == AssetKind.INSTANCE) {
            asset.putTags("Name", team + "-" + index)
                    .putTags("patch-group", "week-" + random.nextInt(4));
        }
    }
}
