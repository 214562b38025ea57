package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Filters;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.Volume;
import dev.yagura.sandbox.world.World;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** DescribeVolumes. */
final class VolumeOperations {
    private final World world;
    private final Clock clock;
    private final Listing<Volume> listing;

    VolumeOperations(World world, Clock clock) {
        this.world = world;
        this.clock = clock;
        this.listing =
                new Listing<>(
                        ResourceKind.VOLUME,
                        world.volumes(),
                        "VolumeId",
                        Filters.<Volume>tagged(volume -> world.tags().of(volume.id()))
                                .field("volume-id", volume -> Stream.of(volume.id()))
                                .field("encrypted", volume -> Stream.of(volume.kmsKeyArn() != null))
                                .field("attachment.instance-id", VolumeOperations::instance),
                        Page.Rules.ec2(5, 500));
    }

    List<Operation> all() {
        return List.of(listing.accept(Operation.named("DescribeVolumes", this::describe)));
    }

    private Body describe(Call call) {
        Page<Volume> page = listing.page(call.parameters());
        return Xml.ofItems()
                .list("volumeSet", page.items(), this::write)
                .text("nextToken", page.nextToken())
                .body();
    }

    void write(Xml xml, Volume volume) {
        Volume.@Nullable Attached attachment = volume.attachment();
        xml.text("volumeId", volume.id())
                .text("size", volume.sizeGib())
                .text("availabilityZone", volume.availabilityZone())
                .text("status", volume.state(clock.instant()))
                .text("createTime", volume.createTime())
                .text("volumeType", volume.type())
                .text("encrypted", volume.kmsKeyArn() != null)
                .text("kmsKeyId", volume.kmsKeyArn())
                .list(
                        "attachmentSet",
                        Optional.ofNullable(attachment).stream().toList(),
                        (item, place) -> place(item, volume, clock.instant()));
        xml.tags(world.tags().of(volume.id()));
    }

    /** Where it is attached, if anywhere. */
    static void place(Xml xml, Volume volume, Instant now) {
        Volume.@Nullable Attached place = volume.attachment();
        if (place != null) {
            xml.text("volumeId", volume.id())
                    .text("instanceId", place.instanceId())
                    .text("device", place.device())
                    .text("status", place.status(now))
                    .text("attachTime", volume.createTime())
                    .text("deleteOnTermination", place.deleteOnTermination());
        }
    }

    private static Stream<?> instance(Volume volume) {
        return Optional.ofNullable(volume.attachment()).map(Volume.Attached::instanceId).stream();
    }
}
