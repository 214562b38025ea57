package dev.yagura.inventory.asset;

import dev.yagura.common.ids.AssetIds;
import dev.yagura.inventory.filter.Filter;
import dev.yagura.inventory.filter.FilterField;
import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something of an account, or a host outside of AWS. Never deleted.
 *
 * @param nativeId the source's own id, for example "i-0abc…"
 * @param instanceState EC2's word, of a task ECS's in lower case; empty for what is neither
 * @param description what the source says, and nothing else
 * @param generation of the reading that had it last; 0 for what no reading covers
 * @param observedTime how new the last word of its source about it is
 * @param tombstoneTime when it was found gone; null while it is there
 * @param agents enrolled for it, newest first
 */
public record Asset(
        UUID id,
        Scope scope,
        String resourceType,
        String nativeId,
        String instanceState,
        dev.yagura.proto.inventory.v1.Asset description,
        long generation,
        Instant observedTime,
        @Nullable Instant tombstoneTime,
        Instant updateTime,
        List<UUID> agents)
        implements Filter.Subject {
    public static final String INSTANCE = "AWS::EC2::Instance";

    /** A task of ECS; its id is its ARN, which has its cluster. */
    public static final String TASK = "AWS::ECS::Task";

    /** A function of Lambda; its id is its name. */
    public static final String FUNCTION = "AWS::Lambda::Function";

    /** A host that no cloud account knows. */
    public static final String HOST = "Yagura::Host";

    public static final String TERMINATED = "terminated";

    public Asset {
        agents = List.copyOf(agents);
    }

    public static UUID id(Scope scope, String resourceType, String nativeId) {
        return AssetIds.of(scope, resourceType, nativeId);
    }

    /** An asset seen for the first time. */
    static Asset first(AssetSet set, Observation seen, long generation, Instant now) {
        return new Asset(
                set.id(seen.nativeId()),
                set.scope(),
                set.resourceType(),
                seen.nativeId(),
                seen.instanceState(),
                seen.description(),
                generation,
                seen.time(),
                null,
                now,
                List.of());
    }

    public boolean isTombstone() {
        return tombstoneTime != null;
    }

    public boolean isTerminated() {
        return instanceState.equals(TERMINATED);
    }

    /**
     * With what a reading saw. EC2 strips a terminated instance of its interfaces and network: what
     * was known of it stays, and so does its tombstone.
     */
    Asset seen(Observation seen, long reading, Instant now) {
        boolean ended = seen.isTerminated();
        return new Asset(
                id,
                scope,
                resourceType,
                nativeId,
                seen.instanceState(),
                ended ? description : seen.descriptionAfter(description),
                reading,
                seen.time(),
                ended ? tombstoneTime : null,
                changedAt(now),
                agents);
    }

    Asset gone(Instant now) {
        return buried(generation, now, now);
    }

    /**
     * Gone as its source says by itself: no older word brings it back.
     *
     * @param said how new that word is
     */
    Asset gone(Instant said, Instant now) {
        return new Asset(
                id,
                scope,
                resourceType,
                nativeId,
                instanceState,
                description,
                generation,
                said,
                now,
                now,
                agents);
    }

    /** No tombstone after all: a second look found it as it was. */
    Asset back(long reading, Instant now) {
        return buried(reading, null, now);
    }

    private Asset buried(long reading, @Nullable Instant tombstone, Instant now) {
        return new Asset(
                id,
                scope,
                resourceType,
                nativeId,
                instanceState,
                description,
                reading,
                observedTime,
                tombstone,
                changedAt(now),
                agents);
    }

    /** Later than the last change, whatever clocks do: versions of an asset never overlap. */
    private Instant changedAt(Instant now) {
        Instant next = updateTime.plus(1, ChronoUnit.MICROS);
        return now.isBefore(next) ? next : now;
    }

    /**
     * As it was, with the agents that had enrolled by a time: their ids, UUIDv7, begin with the
     * milliseconds at which they were made.
     */
    Asset was(PastVersion past, Instant time) {
        return new Asset(
                id,
                scope,
                resourceType,
                nativeId,
                past.instanceState(),
                past.description(),
                0,
                Instant.EPOCH,
                past.tombstoneTime(),
                past.from(),
                agents.stream()
                        .filter(agent ->
                                agent.getMostSignificantBits() >>> 16 <= time.toEpochMilli())
                        .toList());
    }

    /** What it is now, as a version. */
    PastVersion current() {
        return new PastVersion(id, updateTime, null, instanceState, tombstoneTime, description);
    }

    /** For a reader, with what is kept beside the description. */
    Asset describedAs(dev.yagura.proto.inventory.v1.Asset whole) {
        return new Asset(
                id,
                scope,
                resourceType,
                nativeId,
                instanceState,
                whole,
                generation,
                observedTime,
                tombstoneTime,
                updateTime,
                agents);
    }

    /**
     * True for a word no newer than the last one about a tombstone: a source that is behind may
     * still list what is gone.
     */
    boolean isRisenBy(Observation seen) {
        return isTombstone() && !seen.isTerminated() && !seen.time().isAfter(observedTime);
    }

    /** True for a word from before the tombstone, which it may be too late for. */
    boolean isBuriedAfter(Observation seen) {
        return tombstoneTime != null && !seen.isTerminated() && !seen.time().isAfter(tombstoneTime);
    }

    @Override
    public String value(FilterField field) {
        return switch (field) {
            case RESOURCE_TYPE -> resourceType;
            case ACCOUNT -> scope.getAccountId();
            case REGION -> scope.getRegion();
            case STATE -> isTombstone() ? "TOMBSTONE" : "ACTIVE";
            case NATIVE_ID -> nativeId;
            case INSTANCE_STATE -> instanceState;
            case VPC_ID -> description.getVpcId();
            case SUBNET_ID -> description.getSubnetId();
            case OWNER -> description.getOwner();
            case ENVIRONMENT -> description.getEnvironment();
            case CRITICALITY -> description.getCriticality();
        };
    }

    @Override
    public Map<String, String> tags() {
        return description.getTagsMap();
    }

    /** True when a client would see a difference; that it was read again is none. */
    boolean differsFrom(Asset before) {
        return isTombstone() != before.isTombstone()
                || !instanceState.equals(before.instanceState)
                || !description.equals(before.description);
    }
}
