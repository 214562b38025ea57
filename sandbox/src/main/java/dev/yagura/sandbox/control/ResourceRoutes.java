package dev.yagura.sandbox.control;

import dev.yagura.sandbox.cloud.Cloud;
import dev.yagura.sandbox.cloud.UnknownNameException;
import dev.yagura.sandbox.front.Sandbox;
import dev.yagura.sandbox.identity.Directory;
import dev.yagura.sandbox.identity.InstanceProfile;
import dev.yagura.sandbox.identity.Policy;
import dev.yagura.sandbox.identity.Role;
import dev.yagura.sandbox.seed.Launch;
import dev.yagura.sandbox.world.Attachment;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What comes, moves and goes in an account without the product: hosts, roles, buckets. */
final class ResourceRoutes {
    private static final Duration LONGEST_SESSION = Duration.ofHours(1);

    private final Sandbox sandbox;

    ResourceRoutes(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> all() {
        return List.of(
                Route.of("PUT", "instances/*", this::launch),
                Route.of("PUT", "interfaces/*/attachment", this::attach),
                Route.of("DELETE", "interfaces/*/attachment", this::detach),
                Route.of("PUT", "roles/*", this::makeRole),
                Route.of("PUT", "instance-profiles/*", this::putProfile),
                Route.of("DELETE", "instance-profiles/*", this::deleteProfile),
                Route.of("PUT", "buckets/*", this::makeBucket),
                Route.of("DELETE", "buckets/*", this::deleteBucket),
                Route.of("PUT", "repositories/*/images/*", this::pushImage),
                Route.of("DELETE", "repositories/*/images/*", this::deleteImage));
    }

    private Object pushImage(ControlRequest request) {
        Requests.PushImage wanted = request.as(Requests.PushImage.class);
        return sandbox.within(cloud -> {
            cloud.registry()
                    .push(request.part(0), request.part(1), wanted.tag(), cloud.clock().instant());
            return Map.of();
        });
    }

    private Object deleteImage(ControlRequest request) {
        return sandbox.within(cloud -> {
            if (!cloud.registry().delete(request.part(0), request.part(1))) {
                throw new UnknownNameException("image", request.part(1));
            }
            return Map.of();
        });
    }

    private Object launch(ControlRequest request) {
        Requests.Launch wanted = request.as(Requests.Launch.class);
        String id = request.part(0);
        if (!id.matches("i-[0-9a-f]{17}")) {
            throw new IllegalArgumentException("id must be i- and 17 hexadecimal digits: " + id);
        }
        return sandbox.within(cloud -> {
            if (cloud.world().instances().find(id).isPresent()) {
                throw new IllegalArgumentException("instance is there already: " + id);
            }
            List<String> addresses =
                    Stream.of(wanted.address(), wanted.second()).filter(Objects::nonNull).toList();
            Launch.instance(id, addresses, cloud);
            return Map.of();
        });
    }

    private Object attach(ControlRequest request) {
        String instance = request.as(Requests.Attach.class).instance();
        return sandbox.within(cloud -> {
            World world = cloud.world();
            String id = cloud.connections().instance(instance).id();
            Instant now = cloud.clock().instant();
            int device =
                    1
                            + world.interfacesOf(id).stream()
                                    .mapToInt(NetworkInterface::deviceIndex)
                                    .max()
                                    .orElse(-1);
            world.interfaces()
                    .put(
                            eni(cloud, request)
                                    .withAttachment(
                                            new Attachment(
                                                    world.ids().next("eni-attach"),
                                                    id,
                                                    device,
                                                    now,
                                                    false)));
            return Map.of();
        });
    }

    private Object detach(ControlRequest request) {
        return sandbox.within(cloud -> {
            cloud.world().interfaces().put(eni(cloud, request).withAttachment(null));
            return Map.of();
        });
    }

    /** One that instances may assume, and that may do nothing. */
    private Object makeRole(ControlRequest request) {
        String name = request.part(0);
        Map<String, String> tags =
                Objects.requireNonNullElse(
                        request.as(Requests.MakeRole.class).tags(), Map.<String, String>of());
        return sandbox.within(cloud -> {
            if (cloud.directory().role(name).isPresent()) {
                throw new IllegalArgumentException("role is there already: " + name);
            }
            cloud.directory()
                    .add(
                            new Role(
                                    name,
                                    // Of each that is made anew another one, as in AWS.
                                    cloud.world().ids().next("AROA"),
                                    cloud.directory().account().globalArn("iam", "role/" + name),
                                    "/",
                                    List.of(),
                                    List.of(),
                                    "ec2.amazonaws.com",
                                    null,
                                    LONGEST_SESSION,
                                    new Policy(List.of()),
                                    tags,
                                    cloud.clock().instant()));
            return Map.of();
        });
    }

    private Object putProfile(ControlRequest request) {
        String name = request.part(0);
        String role = request.as(Requests.PutProfile.class).role();
        if (role == null) {
            throw new IllegalArgumentException("role must be the name of the profile's role");
        }
        return sandbox.within(cloud -> {
            Directory directory = cloud.directory();
            Optional<InstanceProfile> before = directory.instanceProfile(name);
            directory.add(
                    new InstanceProfile(
                            name,
                            before.map(InstanceProfile::id)
                                    .orElseGet(() -> cloud.world().ids().next("AIPA")),
                            directory.account().globalArn("iam", "instance-profile/" + name),
                            role,
                            before.map(InstanceProfile::createdAt)
                                    .orElseGet(() -> cloud.clock().instant())));
            return Map.of();
        });
    }

    private Object deleteProfile(ControlRequest request) {
        return sandbox.within(cloud -> {
            if (!cloud.directory().removeInstanceProfile(request.part(0))) {
                throw new UnknownNameException("instance profile", request.part(0));
            }
            return Map.of();
        });
    }

    private Object makeBucket(ControlRequest request) {
        return sandbox.within(cloud -> {
            if (cloud.buckets().access().containsKey(request.part(0))) {
                throw new IllegalArgumentException("bucket is there already: " + request.part(0));
            }
            cloud.buckets().add(request.part(0), false, cloud.clock().instant());
            return Map.of();
        });
    }

    private Object deleteBucket(ControlRequest request) {
        return sandbox.within(cloud -> {
            if (!cloud.buckets().remove(request.part(0))) {
                throw new UnknownNameException("bucket", request.part(0));
            }
            return Map.of();
        });
    }

    private static NetworkInterface eni(Cloud cloud, ControlRequest request) {
        return cloud.world()
                .interfaces()
                .find(request.part(0))
                .orElseThrow(() -> new UnknownNameException("interface", request.part(0)));
    }
}
