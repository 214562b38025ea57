package dev.yagura.inventory.asset;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a source said about one asset.
 *
 * @param description the fields that the source knows, in a stable order
 * @param time just before the source was asked: what it said is at least as new; microseconds
 */
public record Observation(
        String nativeId,
        String instanceState,
        dev.yagura.proto.inventory.v1.Asset description,
        Instant time) {

    public Observation {
        time = time.truncatedTo(ChronoUnit.MICROS);
    }

    public boolean isTerminated() {
        return instanceState.equals(Asset.TERMINATED);
    }
}
