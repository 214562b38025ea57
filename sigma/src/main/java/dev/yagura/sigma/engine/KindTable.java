package dev.yagura.sigma.engine;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.sigma.taxonomy.EventKind;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which sources look at events of a kind, and how. Kinds are remembered as they come; for a kind
 * beyond the table's room the sources are found each time, and nothing is known of its events.
 * Belongs to one thread.
 */
final class KindTable {
    private static final int SLOTS = 4096;
    private static final int MAX_KINDS = SLOTS / 2;

    private final List<SourceRules> sources;
    private final @Nullable Entry[] entries = new Entry[SLOTS];
    private int count;

    private record Entry(EventKind kind, int hash, Step[] steps) {}

    /** One source, by its index, with its plan. */
    record Step(int source, KindPlan plan) {}

    KindTable(List<SourceRules> sources) {
        this.sources = sources;
    }

    /** The sources that accept the event; makes nothing for a kind that is known. */
    Step[] steps(Device device, SensorEvent event) {
        int hash = EventKind.hash(device, event);
        int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
        for (Entry entry = entries[slot]; entry != null; entry = entries[slot]) {
            if (entry.hash() == hash && entry.kind().isOf(device, event)) {
                return entry.steps();
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        EventKind kind = EventKind.of(device, event);
        if (count == MAX_KINDS) {
            return steps(kind, SourceRules::planOfAnyKind);
        }
        Step[] steps = steps(kind, source -> source.plan(kind));
        entries[slot] = new Entry(kind, hash, steps);
        count++;
        return steps;
    }

    private Step[] steps(EventKind kind, Function<SourceRules, KindPlan> plans) {
        return IntStream.range(0, sources.size())
                .filter(i -> sources.get(i).accepts(kind))
                .mapToObj(i -> new Step(i, plans.apply(sources.get(i))))
                .toArray(Step[]::new);
    }
}
