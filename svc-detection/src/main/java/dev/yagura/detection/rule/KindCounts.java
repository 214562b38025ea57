package dev.yagura.detection.rule;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.taxonomy.EventKind;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How many events of each kind were evaluated, and a few of them. An open hash table whose entries
 * stay, so that counting takes no lock and makes nothing; kinds are few, and those that find no
 * place are not counted.
 */
final class KindCounts {
    private static final int SLOTS = 1 << 12;
    private static final int PROBES = 32;

    private final AtomicReferenceArray<@Nullable Slot> slots = new AtomicReferenceArray<>(SLOTS);

    /** One event in so many is remembered. */
    private static final int SAMPLE_EVERY = 128;

    private static final int SAMPLES = 16;

    /** An event of a kind; decoded, so that it keeps nothing of its batch. */
    record Sample(Device device, Event event) {}

    private record Slot(
            EventKind kind, LongAdder count, AtomicReferenceArray<@Nullable Sample> samples) {}

    void saw(Device device, SensorEvent event) {
        int hash = EventKind.hash(device, event);
        int start = hash ^ (hash >>> 16);
        for (int probe = 0; probe < PROBES; probe++) {
            int index = (start + probe) & (SLOTS - 1);
            @Nullable Slot slot = slots.get(index);
            if (slot == null) {
                Slot made = first(device, event);
                slot = slots.compareAndSet(index, null, made) ? made : slots.get(index);
            }
            if (slot != null && slot.kind().isOf(device, event)) {
                slot.count().increment();
                int chance = ThreadLocalRandom.current().nextInt(SAMPLE_EVERY * SAMPLES);
                if (chance < SAMPLES) {
                    slot.samples().set(chance, new Sample(device, event.whole()));
                }
                return;
            }
        }
    }

    private static Slot first(Device device, SensorEvent event) {
        AtomicReferenceArray<@Nullable Sample> samples = new AtomicReferenceArray<>(SAMPLES);
        samples.set(0, new Sample(device, event.whole()));
        return new Slot(EventKind.of(device, event), new LongAdder(), samples);
    }

    /** Events of the kinds that are asked for. */
    List<Sample> samples(Predicate<EventKind> kinds) {
        List<Sample> found = new ArrayList<>();
        for (int index = 0; index < SLOTS; index++) {
            @Nullable Slot slot = slots.get(index);
            if (slot != null && kinds.test(slot.kind())) {
                for (int sample = 0; sample < SAMPLES; sample++) {
                    @Nullable Sample one = slot.samples().get(sample);
                    if (one != null) {
                        found.add(one);
                    }
                }
            }
        }
        return found;
    }

    /** What was counted since this was asked last; kinds without events are not there. */
    Map<EventKind, Long> drain() {
        Map<EventKind, Long> counts = new HashMap<>();
        for (int index = 0; index < SLOTS; index++) {
            @Nullable Slot slot = slots.get(index);
            if (slot != null) {
                long count = slot.count().sumThenReset();
                if (count > 0) {
                    counts.merge(slot.kind(), count, Long::sum);
                }
            }
        }
        return counts;
    }
}
