package dev.yagura.inventory.posture;

import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.reconcile.ReadingStore;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How far each type of each account and region is known at one moment. */
final class Readings {
    private final Map<AssetSet, ReadingStore.Freshness> bySet;
    private final Instant now;
    private final Duration staleAfter;

    /**
     * @param staleAfter what was read longer ago is not known any more
     */
    Readings(List<ReadingStore.Freshness> all, Instant now, Duration staleAfter) {
        this.bySet =
                all.stream()
                        .collect(
                                Collectors.toMap(ReadingStore.Freshness::set, Function.identity()));
        this.now = now;
        this.staleAfter = staleAfter;
    }

    Instant now() {
        return now;
    }

    boolean isStale(Instant read) {
        return read.isBefore(now.minus(staleAfter));
    }

    /** Why a type is not known; empty when it is. */
    Optional<String> gap(Scope scope, String resourceType) {
        ReadingStore.@Nullable Freshness reading = bySet.get(new AssetSet(scope, resourceType));
        if (reading == null) {
            return Optional.of(resourceType + " is not read here");
        }
        if (!reading.notRead().isEmpty()) {
            return Optional.of(resourceType + " is read no more: " + reading.notRead());
        }
        if (!reading.notRecorded().isEmpty()) {
            return Optional.of(resourceType + " is not recorded: " + reading.notRecorded());
        }
        @Nullable Instant complete = reading.completeTime();
        String failure = reading.failure().isEmpty() ? "" : ": " + reading.failure();
        if (complete == null) {
            return Optional.of(resourceType + " was never read completely" + failure);
        }
        return isStale(complete)
                ? Optional.of(resourceType + " was last read at " + complete + failure)
                : Optional.empty();
    }

    /** Why one of the types is not known; empty when all are. */
    Optional<String> gap(Scope scope, List<String> resourceTypes) {
        return resourceTypes.stream().flatMap(type -> gap(scope, type).stream()).findFirst();
    }

    /** When the last complete reading of a type ended; null before the first. */
    @Nullable Instant read(Scope scope, String resourceType) {
        ReadingStore.@Nullable Freshness reading = bySet.get(new AssetSet(scope, resourceType));
        return reading == null ? null : reading.completeTime();
    }

    /** The oldest of what was read; null where one was not. */
    @Nullable Instant read(Scope scope, List<String> resourceTypes) {
        List<Instant> read =
                resourceTypes.stream()
                        .flatMap(type -> Stream.ofNullable(read(scope, type)))
                        .toList();
        return read.size() < resourceTypes.size() ? null : Collections.min(read);
    }
}
