package dev.yagura.response.volume;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Volume;

/**
 * An EBS volume as EC2 has it now.
 *
 * @param state "creating", "available", "in-use", …
 * @param iops null where its type has none to choose
 * @param throughput likewise
 * @param kmsKeyArn empty when it is not encrypted
 */
record VolumeFacts(
        String id,
        String state,
        String zone,
        int sizeGib,
        String type,
        @Nullable Integer iops,
        @Nullable Integer throughput,
        String kmsKeyArn,
        Optional<Place> place) {
    private static final String ATTACHED = "attached";

    /** Types whose IOPS are chosen; of others EC2 shows them, and takes none. */
    private static final Set<String> CHOSEN_IOPS = Set.of("gp3", "io1", "io2");

    /**
     * Where it is attached.
     *
     * @param status "attaching", "attached" or "detaching"
     */
    record Place(String instanceId, String device, String status) {}

    static VolumeFacts of(Volume volume) {
        return new VolumeFacts(
                volume.volumeId(),
                volume.stateAsString(),
                volume.availabilityZone(),
                volume.size(),
                volume.volumeTypeAsString(),
                CHOSEN_IOPS.contains(volume.volumeTypeAsString()) ? volume.iops() : null,
                volume.throughput(),
                volume.kmsKeyId() == null ? "" : volume.kmsKeyId(),
                volume.attachments().stream()
                        .filter(each -> each.instanceId() != null)
                        .map(each ->
                                new Place(each.instanceId(), each.device(), each.stateAsString()))
                        .findFirst());
    }

    boolean isAttached() {
        return place.map(each -> each.status().equals(ATTACHED)).orElse(false);
    }

    /** "vol-… (8 GiB gp3, encrypted)". */
    @Override
    public String toString() {
        return "%s (%d GiB %s, %s)"
                .formatted(id, sizeGib, type, kmsKeyArn.isEmpty() ? "not encrypted" : "encrypted");
    }
}
