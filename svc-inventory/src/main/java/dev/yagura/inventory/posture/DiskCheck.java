package dev.yagura.inventory.posture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.inventory.asset.RecordedAsset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every EBS volume of the instance is encrypted. */
final class DiskCheck implements HostCheck {
    /** The answer to an unencrypted volume, wherever it is found. */
    static final String REMEDY =
            "snapshot it, copy the snapshot with a KMS key and swap the volume; aws ec2"
                    + " enable-ebs-encryption-by-default keeps new ones from it";

    @Override
    public String id() {
        return "disks-encrypted";
    }

    @Override
    public boolean concerns(HostFacts facts) {
        return facts.isInstance();
    }

    @Override
    public CheckResult of(HostFacts facts) {
        @Nullable Instant read = facts.readings().read(facts.host().scope(), Types.VOLUME);
        List<String> plain = new ArrayList<>();
        List<String> unseen = new ArrayList<>();
        List<String> volumes = facts.description().getVolumeIdsList();
        for (String id : volumes) {
            @Nullable RecordedAsset volume = facts.volumes().get(id);
            Optional<Boolean> encrypted =
                    volume == null ? Optional.empty() : isEncrypted(Configurations.of(volume));
            if (encrypted.isEmpty()) {
                unseen.add(id);
            } else if (!encrypted.get()) {
                plain.add(id);
            }
        }
        if (!plain.isEmpty()) {
            return CheckResult.fail("not encrypted: " + String.join(", ", plain), REMEDY, read);
        }
        Optional<String> gap = facts.readings().gap(facts.host().scope(), Types.VOLUME);
        if (gap.isPresent() || !unseen.isEmpty() || volumes.isEmpty()) {
            return CheckResult.unknown(
                    gap.orElseGet(() ->
                            volumes.isEmpty()
                                    ? "EC2 names no EBS volume of it"
                                    : "not known: " + String.join(", ", unseen)),
                    "let AWS Config record " + Types.VOLUME + "; ./yagura logs inventory",
                    read);
        }
        return CheckResult.pass("encrypted: " + String.join(", ", volumes), read);
    }

    /** Empty where AWS Config does not say. */
    static Optional<Boolean> isEncrypted(JsonNode volume) {
        JsonNode encrypted = volume.path("encrypted");
        return encrypted.isBoolean() ? Optional.of(encrypted.booleanValue()) : Optional.empty();
    }
}
