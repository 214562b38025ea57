package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.InventoryService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The inventory equals a world that changes by chance, or says where it does not know. {@code
 * -Dyagura.world.seed=…} repeats the first of the sequences, {@code -Dyagura.world.count=…} says
 * how many there are, {@code -Dyagura.world.planted=…} how many volumes more each account and
 * region has.
 */
class RandomWorldTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static CloudWorld world;

    private final long seed = Long.getLong("yagura.world.seed", 1);

    @BeforeAll
    static void startWorld() throws Exception {
        world = new CloudWorld();
    }

    @AfterAll
    static void stopWorld() throws Exception {
        world.close();
    }

    @Test
    void inventoryEqualsTheWorldOrSaysThatItDoesNotKnow() throws Exception {
        play(Integer.getInteger("yagura.world.count", 1), 2, 30);
    }

    @Test
    @Tag("long-inventory-world")
    void inventoryEqualsTheWorldThroughLongSequences() throws Exception {
        play(Integer.getInteger("yagura.world.count", 100), 12, 40);
    }

    private void play(int sequences, int rounds, int steps) throws Exception {
        for (long each = seed; each < seed + sequences; each++) {
            try (WorldRun run = new WorldRun(SERVICE, world, each)) {
                System.out.printf("yagura.world.seed=%d%n", each);
                run.play(rounds, steps);
                System.out.printf(
                        "%d sets compared, %d changes, of which %d refused%n",
                        run.compared(), run.changes().count(), run.changes().refused());
                assertThat(run.compared()).as("sets that were compared").isGreaterThan(100);
                assertThat(run.changes().refused())
                        .as("changes that the world refused")
                        .isLessThan(1 + run.changes().count() / 4);
            }
        }
    }
}
