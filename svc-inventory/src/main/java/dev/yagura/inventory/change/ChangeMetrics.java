package dev.yagura.inventory.change;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import java.util.List;
import java.util.Locale;

/** What became of messages, for alarms. */
final class ChangeMetrics {
    private static final String NAME = "yagura_inventory_change_messages";

    private ChangeMetrics() {}

    /** Each receive of a message counts. */
    static Counter counter(ChangeQueue queue, ChangeHandler.Outcome outcome) {
        return Metrics.globalRegistry()
                .getOrCreate(
                        Counter.builder(NAME)
                                .description(
                                        "Receives of messages about changes, by what became of"
                                                + " them")
                                .tags(
                                        List.of(
                                                Tag.create("account", queue.scope().getAccountId()),
                                                Tag.create("region", queue.scope().getRegion()),
                                                Tag.create("queue", queue.name()),
                                                Tag.create(
                                                        "outcome",
                                                        outcome.name().toLowerCase(Locale.ROOT)))));
    }
}
