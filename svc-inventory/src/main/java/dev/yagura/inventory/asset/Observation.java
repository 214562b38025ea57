package dev.yagura.inventory.asset;

import dev.yagura.proto.inventory.v1.AssetRelation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a source said about one asset.
 *
 * @param instanceState EC2's word, of a task ECS's in lower case; empty for what is neither
 * @param description the fields that the source knows, in a stable order
 * @param configuration as the source keeps it, JSON; empty for a source that has none
 * @param untold types to which its relations could not be told this time: those known before hold
 * @param time what it said is at least as new: just before a live API was asked, or when AWS Config
 *     captured the item; microseconds
 */
public record Observation(
        String nativeId,
        String instanceState,
        dev.yagura.proto.inventory.v1.Asset description,
        Optional<String> configuration,
        Set<String> untold,
        Instant time) {
    /** Of the relations of a description. */
    public static final Comparator<AssetRelation> RELATIONS =
            Comparator.comparing(AssetRelation::getResourceType)
                    .thenComparing(AssetRelation::getNativeId)
                    .thenComparing(AssetRelation::getName);

    public Observation {
        untold = Set.copyOf(untold);
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

    /** Of a source that told everything. */
    public Observation(
            String nativeId,
            String instanceState,
            dev.yagura.proto.inventory.v1.Asset description,
            Optional<String> configuration,
            Instant time) {
        this(nativeId, instanceState, description, configuration, Set.of(), time);
    }

    Observation describedAs(dev.yagura.proto.inventory.v1.Asset whole) {
        return new Observation(nativeId, instanceState, whole, configuration, untold, time);
    }

    /** The description, with what could not be told as it was before. */
    dev.yagura.proto.inventory.v1.Asset descriptionAfter(
            dev.yagura.proto.inventory.v1.Asset before) {
        if (untold.isEmpty()) {
            return description;
        }
        List<AssetRelation> relations =
                Stream.concat(
                                description.getRelationsList().stream(),
                                before.getRelationsList().stream()
                                        .filter(each -> untold.contains(each.getResourceType())))
                        .distinct()
                        .sorted(RELATIONS)
                        .toList();
        return description.toBuilder().clearRelations().addAllRelations(relations).build();
    }

    public boolean isTerminated() {
        return instanceState.equals(Asset.TERMINATED);
    }

    /** The one of two sayings about the same asset that counts. */
    Observation newer(Observation other) {
        return other.time.isBefore(time) ? this : other;
    }
}
