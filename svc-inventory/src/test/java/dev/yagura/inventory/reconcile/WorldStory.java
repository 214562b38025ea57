package dev.yagura.inventory.reconcile;

import java.util.ArrayList;
import java.util.List;

/** What has happened in a sequence, for whoever has to find out why it failed. */
final class WorldStory {
    private static final int LINES = 60;

    private final long seed;
    private final List<String> lines = new ArrayList<>();

    WorldStory(long seed) {
        this.seed = seed;
    }

    void note(String line) {
        lines.add(line);
    }

    /** The seed and the last lines. */
    String told() {
        return "%n-Dyagura.world.seed=%d, the last steps:%n%s%n"
                .formatted(
                        seed,
                        String.join(
                                "\n",
                                lines.subList(Math.max(0, lines.size() - LINES), lines.size())));
    }
}
