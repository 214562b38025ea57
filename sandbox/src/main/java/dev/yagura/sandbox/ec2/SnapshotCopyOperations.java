package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.identity.Directory;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Principal;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.KmsKey;
import dev.yagura.sandbox.world.Snapshot;
import dev.yagura.sandbox.world.World;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * CopySnapshot inside the region. Whether the caller may use the keys is found out only after the
 * answer: the copy fails then (EBS user guide, "Copy an Amazon EBS snapshot").
 */
final class SnapshotCopyOperations {
    private static final Duration KEY_CHECK = Duration.ofSeconds(1);
    private static final List<String> TO_ENCRYPT =
            List.of(
                    "kms:CreateGrant",
                    "kms:DescribeKey",
                    "kms:GenerateDataKeyWithoutPlaintext",
                    "kms:ReEncryptTo");
    private static final List<String> TO_DECRYPT = List.of("kms:Decrypt", "kms:ReEncryptFrom");

    private final World world;
    private final Directory directory;
    private final Clock clock;

    SnapshotCopyOperations(World world, Directory directory, Clock clock) {
        this.world = world;
        this.directory = directory;
        this.clock = clock;
    }

    List<Operation> all() {
        return List.of(
                Operation.named("CopySnapshot", this::copy)
                        .needs("SourceRegion", "SourceSnapshotId")
                        .knows(
                                "Description",
                                "DestinationRegion",
                                "Encrypted",
                                "KmsKeyId",
                                "PresignedUrl")
                        .knows(TagParameters.SPECIFICATION));
    }

    private Body copy(Call call) {
        Parameters parameters = call.parameters();
        checkRegion(parameters);
        Instant now = clock.instant();
        Snapshot source =
                ResourceKind.SNAPSHOT.find(
                        world.snapshots(), parameters.required("SourceSnapshotId"));
        if (!source.isCompleted(now)) {
            throw ApiFault.of(
                    "IncorrectState",
                    "The snapshot '%s' is '%s'. It must be 'completed'.",
                    source.id(),
                    source.state(now));
        }
        checkOthers(now);
        @Nullable String key = key(parameters, source);
        boolean usable = isUsable(call.principal(), source.kmsKeyArn(), key);
        Snapshot made =
                new Snapshot(
                        world.ids().next("snap"),
                        Snapshot.NO_VOLUME,
                        source.sizeGib(),
                        parameters.text("Description").orElse(""),
                        key,
                        true,
                        now,
                        now.plus(usable ? world.timing().snapshotCopy() : KEY_CHECK),
                        usable ? null : "Given key ID is not accessible",
                        Set.of(),
                        false,
                        null);
        Map<String, String> tags = TagParameters.ofNew(world, parameters, "snapshot");
        world.snapshots().put(made);
        world.tags().put(made.id(), tags);
        return Xml.ofItems().text("snapshotId", made.id()).tags(tags).body();
    }

    private void checkRegion(Parameters parameters) {
        for (String name : List.of("SourceRegion", "DestinationRegion")) {
            String region = parameters.text(name).orElse(world.account().region());
            if (!region.equals(world.account().region())) {
                throw ApiFault.of(
                        "InvalidParameterValue",
                        "Value (%s) for parameter %s is invalid: the sandbox has one region.",
                        region,
                        name);
            }
        }
    }

    private void checkOthers(Instant now) {
        long copies =
                world.snapshots().all().stream()
                        .filter(each -> each.copy() && each.isPending(now))
                        .count();
        if (copies >= world.limits().snapshotCopies()) {
            throw ApiFault.of(
                    "ResourceLimitExceeded",
                    "Too many snapshot copies in progress. The limit is %d for this destination"
                            + " region.",
                    world.limits().snapshotCopies());
        }
    }

    /** A copy of what is encrypted is encrypted. */
    private @Nullable String key(Parameters parameters, Snapshot source) {
        boolean encrypted =
                parameters.flag("Encrypted").orElse(false) || source.kmsKeyArn() != null;
        if (!encrypted) {
            if (parameters.has("KmsKeyId")) {
                throw ApiFault.of(
                        "InvalidParameterDependency",
                        "The parameter KmsKeyId requires the parameter Encrypted to be set.");
            }
            return null;
        }
        return parameters
                .text("KmsKeyId")
                .orElseGet(() ->
                        world.kmsKeys().all().stream()
                                .filter(KmsKey::awsManaged)
                                .map(KmsKey::id)
                                .findFirst()
                                .orElseThrow(() ->
                                        new IllegalStateException("the seed has no key of AWS")));
    }

    private boolean isUsable(Principal principal, @Nullable String from, @Nullable String to) {
        return may(principal, TO_DECRYPT, from) && may(principal, TO_ENCRYPT, to);
    }

    private boolean may(Principal principal, List<String> actions, @Nullable String key) {
        return key == null
                || (world.kmsKeys().contains(key)
                        && actions.stream()
                                .allMatch(action -> directory.allows(principal, action, key)));
    }
}
