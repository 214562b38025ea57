package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.asset.AssetSet;

/**
 * When readings were completed by the world's time, which runs ahead of the database's. Messages
 * have times of the world: beside the database's, none would ever be older than a reading.
 */
record WorldReadings(InventoryService service, CloudWorld world) {
    private static final String SAME =
            " WHERE s.account_id = w.account_id AND s.region = w.region"
                    + " AND s.resource_type = w.resource_type";

    void start() {
        service.postgres()
                .execute(
                        "CREATE TABLE IF NOT EXISTS world_reading (account_id text, region text,"
                                + " resource_type text, world timestamptz, known timestamptz,"
                                + " PRIMARY KEY (account_id, region, resource_type))");
        service.postgres().execute("TRUNCATE world_reading");
    }

    void completed(AssetSet set) {
        service.postgres()
                .execute(
                        "INSERT INTO world_reading VALUES ('%s', '%s', '%s', '%s') ON CONFLICT (account_id, region, resource_type) DO UPDATE SET world = excluded.world"
                                .formatted(
                                        set.scope().getAccountId(),
                                        set.scope().getRegion(),
                                        set.resourceType(),
                                        world.clock().instant()));
    }

    /** Does something that reads nothing of the world. */
    void meanwhile(Runnable something) {
        service.postgres()
                .execute(
                        "UPDATE world_reading w SET known = s.complete_time FROM scope_reading s"
                                + SAME);
        service.postgres()
                .execute(
                        "UPDATE scope_reading s SET complete_time = w.world FROM world_reading w"
                                + SAME);
        something.run();
        service.postgres()
                .execute(
                        "UPDATE scope_reading s SET complete_time = w.known FROM world_reading w"
                                + SAME);
    }
}
