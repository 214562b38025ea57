package dev.yagura.inventory.asset;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What a source said about one asset.
 *
 * @param instanceState EC2's word, of a task ECS's in lower case; empty for what is neither
 * @param description the fields that the source knows, in a stable order
 * @param configuration as the source keeps it, JSON; empty for a source that has none
 * @param time what it said is at least as new: just before a live API was asked, or when AWS Config
 *     captured the item; microseconds
 */
public record Observation(
        String nativeId,
        String instanceState,
        dev.yagura.proto.inventory.v1.Asset description,
        Optional<String> configuration,
        Instant time) {

    public Observation {
        time = time.truncatedTo(ChronoUnit.MICROS);
    }

    /** Of a source without configurations. */
    public Observation(
            String nativeId,
            String instanceState,
            dev.yagura.proto.inventory.v1.Asset description,
            Instant time) {
        this(nativeId, instanceState, description, Optional.empty(), time);
    }

    Observation describedAs(dev.yagura.proto.inventory.v1.Asset whole) {
        return new Observation(nativeId, instanceState, whole, configuration, time);
    }

    public boolean isTerminated() {
        return instanceState.equals(Asset.TERMINATED);
    }

    /** The one of two sayings about the same asset that counts. */
    Observation newer(Observation other) {
        return other.time.isBefore(time) ? this : other;
    }
}
