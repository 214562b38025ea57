package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.KmsKey;
import dev.yagura.sandbox.world.Snapshot;
import dev.yagura.sandbox.world.Volume;
import dev.yagura.sandbox.world.World;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** CreateVolume from a snapshot, AttachVolume, DetachVolume, DeleteVolume. */
final class VolumeChangeOperations {
    private static final String VOLUME = "VolumeId";

    private final World world;
    private final Clock clock;

    /** What a token has made; the same parameters are asked for with it. */
    private final Map<String, Asked> tokens = new HashMap<>();

    private record Asked(Map<String, String> parameters, String volumeId) {}

    VolumeChangeOperations(World world, Clock clock) {
        this.world = world;
        this.clock = clock;
    }

    List<Operation> all() {
        return List.of(
                Operation.named("CreateVolume", this::create)
                        .needs("AvailabilityZone", "SnapshotId")
                        .knows(
                                "ClientToken",
                                "Encrypted",
                                "Iops",
                                "KmsKeyId",
                                "Size",
                                "Throughput",
                                "VolumeType")
                        .knows(TagParameters.SPECIFICATION),
                Operation.named("AttachVolume", this::attach).needs(VOLUME, "InstanceId", "Device"),
                Operation.named("DetachVolume", this::detach)
                        .needs(VOLUME)
                        .knows("InstanceId", "Device"),
                Operation.named("DeleteVolume", this::delete).needs(VOLUME));
    }

    private Body create(Call call) {
        Parameters parameters = call.parameters();
        Optional<String> token = parameters.text("ClientToken");
        Optional<Asked> earlier = token.map(tokens::get);
        if (earlier.isPresent()) {
            if (!earlier.get().parameters().equals(parameters.asMap())) {
                throw ApiFault.of(
                        "IdempotentParameterMismatch",
                        "The client token was used with other parameters.");
            }
            Volume known = ResourceKind.VOLUME.find(world.volumes(), earlier.get().volumeId());
            return new Body.Elements(written(known));
        }
        Volume volume = fresh(parameters);
        Map<String, String> tags = TagParameters.ofNew(world, parameters, "volume");
        world.volumes().put(volume);
        world.tags().put(volume.id(), tags);
        token.ifPresent(text -> tokens.put(text, new Asked(parameters.asMap(), volume.id())));
        return new Body.Elements(written(volume));
    }

    private Volume fresh(Parameters parameters) {
        Instant now = clock.instant();
        Snapshot snapshot =
                ResourceKind.SNAPSHOT.find(world.snapshots(), parameters.required("SnapshotId"));
        if (!snapshot.isCompleted(now)) {
            throw ApiFault.of("IncorrectState", "Snapshot '%s' is not 'completed'.", snapshot.id());
        }
        String zone = parameters.required("AvailabilityZone");
        if (world.subnets().all().stream()
                .noneMatch(each -> each.availabilityZone().equals(zone))) {
            throw ApiFault.of("InvalidZone.NotFound", "The zone '%s' does not exist.", zone);
        }
        int size = parameters.integer("Size").orElse(snapshot.sizeGib());
        if (size < snapshot.sizeGib()) {
            throw ApiFault.of(
                    "InvalidParameterValue",
                    "Volume of %dGiB is too small; minimum is %dGiB.",
                    size,
                    snapshot.sizeGib());
        }
        return new Volume(
                world.ids().next("vol"),
                zone,
                size,
                parameters.text("VolumeType").orElse("gp2"),
                key(parameters, snapshot),
                now,
                now.plus(world.timing().volumeChange()),
                null);
    }

    private @Nullable String key(Parameters parameters, Snapshot snapshot) {
        boolean encrypted =
                parameters.flag("Encrypted").orElse(false) || snapshot.kmsKeyArn() != null;
        if (!encrypted) {
            return null;
        }
        return parameters
                .text("KmsKeyId")
                .or(() -> Optional.ofNullable(snapshot.kmsKeyArn()))
                .orElseGet(() ->
                        world.kmsKeys().all().stream()
                                .filter(KmsKey::awsManaged)
                                .map(KmsKey::id)
                                .findFirst()
                                .orElseThrow());
    }

    private Body attach(Call call) {
        Parameters parameters = call.parameters();
        Volume volume = volume(parameters);
        Instance instance =
                ResourceKind.INSTANCE.find(world.instances(), parameters.required("InstanceId"));
        String device = parameters.required("Device");
        Instant now = clock.instant();
        if (volume.attachment() != null) {
            throw ApiFault.of("VolumeInUse", "%s is already attached to an instance", volume.id());
        }
        if (!volume.state(now).equals("available")) {
            throw ApiFault.of("IncorrectState", "Volume '%s' is not 'available'.", volume.id());
        }
        if (!instance.isRunning() && !instance.state().text().equals("stopped")) {
            throw ApiFault.of("IncorrectState", "Instance '%s' is not 'running'.", instance.id());
        }
        String zone = world.subnets().get(instance.subnetId()).availabilityZone();
        if (!volume.availabilityZone().equals(zone)) {
            throw ApiFault.of(
                    "InvalidVolume.ZoneMismatch",
                    "The volume '%s' is not in the same availability zone as instance '%s'",
                    volume.id(),
                    instance.id());
        }
        if (at(instance.id(), device).isPresent()) {
            throw ApiFault.of(
                    "InvalidParameterValue",
                    "Invalid value '%s' for unixDevice. Attachment point %s is already in use",
                    device,
                    device);
        }
        Volume changed =
                volume.with(
                        new Volume.Attached(
                                instance.id(),
                                device,
                                false,
                                now.plus(world.timing().volumeChange()),
                                false));
        world.volumes().put(changed);
        return place(changed);
    }

    private Body detach(Call call) {
        Volume volume = volume(call.parameters());
        Volume.@Nullable Attached place = volume.attachment();
        Instant now = clock.instant();
        if (place == null || !place.status(now).equals("attached")) {
            throw ApiFault.of("IncorrectState", "Volume '%s' is in the wrong state.", volume.id());
        }
        Instance instance = world.instances().get(place.instanceId());
        boolean named =
                call.parameters().text("InstanceId").map(instance.id()::equals).orElse(true)
                        && call.parameters()
                                .text("Device")
                                .map(place.device()::equals)
                                .orElse(true);
        if (!named) {
            throw ApiFault.of(
                    "InvalidAttachment.NotFound",
                    "The volume '%s' is not attached there.",
                    volume.id());
        }
        if (place.device().equals(World.ROOT_DEVICE) && instance.isRunning()) {
            throw ApiFault.of(
                    "OperationNotPermitted",
                    "Unable to detach root volume '%s' from instance '%s'",
                    volume.id(),
                    instance.id());
        }
        Volume changed = volume.with(place.ending(now.plus(world.timing().volumeChange())));
        world.volumes().put(changed);
        return place(changed);
    }

    private Body delete(Call call) {
        Volume volume = volume(call.parameters());
        if (volume.attachment() != null) {
            throw ApiFault.of(
                    "VolumeInUse",
                    "Volume %s is currently attached to %s",
                    volume.id(),
                    volume.attachment().instanceId());
        }
        world.volumes().remove(volume.id());
        world.tags().forget(volume.id());
        return Xml.ofItems().text("return", true).body();
    }

    private Volume volume(Parameters parameters) {
        return ResourceKind.VOLUME.find(world.volumes(), parameters.required(VOLUME));
    }

    private Optional<Volume> at(String instanceId, String device) {
        return world.volumesOf(instanceId).stream()
                .filter(each ->
                        each.attachment() != null && each.attachment().device().equals(device))
                .findFirst();
    }

    private Body place(Volume volume) {
        Xml xml = Xml.ofItems();
        VolumeOperations.place(xml, volume, clock.instant());
        return xml.body();
    }

    private Xml written(Volume volume) {
        Xml xml = Xml.ofItems();
        new VolumeOperations(world, clock).write(xml, volume);
        return xml;
    }
}
