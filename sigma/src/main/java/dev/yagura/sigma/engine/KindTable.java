package dev.yagura.sigma.engine;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.taxonomy.EventKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which sources look at events of a kind. Kinds are remembered as they come; a kind beyond the
 * table's room is worked out each time. Belongs to one thread.
 */
final class KindTable {
    private static final int SLOTS = 4096;
    private static final int MAX_KINDS = SLOTS / 2;

    private final List<SourceRules> sources;
    private final @Nullable Entry[] entries = new Entry[SLOTS];
    private int count;

    private record Entry(EventKind kind, int hash, int[] sources) {}

    KindTable(List<SourceRules> sources) {
        this.sources = sources;
    }

    /** Indices of the sources. */
    int[] sources(Device device, Event event) {
        int hash = EventKind.hash(device, event);
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        for (Entry entry = entries[slot]; entry != null; entry = entries[slot]) {
            if (entry.hash() == hash && entry.kind().isOf(device, event)) {
                return entry.sources();
            }
            slot = slot + 1 & SLOTS - 1;
        }
        EventKind kind = EventKind.of(device, event);
        int[] found = accepting(kind);
        if (count < MAX_KINDS) {
            entries[slot] = new Entry(kind, hash, found);
            count++;
        }
        return found;
    }

    private int[] accepting(EventKind kind) {
        int[] found = new int[sources.size()];
        int size = 0;
        for (int i = 0; i < found.length; i++) {
            if (sources.get(i).accepts(kind)) {
                found[size++] = i;
            }
        }
        return java.util.Arrays.copyOf(found, size);
    }
}
