package dev.yagura.sandbox.world;

import dev.yagura.sandbox.net.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Starts, stops and terminates instances, and lets passing states end when their time has come.
 *
 * <pre>
 *   pending -> running -> stopping -> stopped -> pending
 *                  \          \          \
 *                   +----------+----------+--> shutting-down -> terminated -> forgotten
 * </pre>
 */
public final class InstancePower {
    private final World world;
    private final Cidr publicPool;

    /**
     * @param publicPool a /24 that public addresses of started instances come from
     */
    public InstancePower(World world, Cidr publicPool) {
        this.world = world;
        this.publicPool = publicPool;
    }

    public void start(Instance instance, Instant now) {
        if (instance.state() == InstanceState.STOPPED) {
            pass(instance, InstanceState.PENDING, now);
            List<NetworkInterface> interfaces = world.interfacesOf(instance.id());
            if (world.subnets().get(instance.subnetId()).mapPublicIpOnLaunch()
                    && interfaces.size() == 1) {
                // AWS gives none to an instance with several interfaces.
                world.interfaces().put(interfaces.getFirst().withPublicAddress(freeAddress()));
            }
        }
    }

    public void stop(Instance instance, Instant now) {
        if (instance.state() == InstanceState.RUNNING
                || instance.state() == InstanceState.PENDING) {
            pass(instance, InstanceState.STOPPING, now);
        }
    }

    public void terminate(Instance instance, Instant now) {
        if (!instance.isTerminating()) {
            pass(instance, InstanceState.SHUTTING_DOWN, now);
        }
    }

    /** When the next passing state ends. */
    public Optional<Instant> nextChange() {
        return world.instances().all().stream()
                .map(instance -> instance.lifecycle().changesAt())
                .filter(at -> at.isBefore(Instant.MAX))
                .min(Instant::compareTo);
    }

    /** Ends every passing state whose time has come. */
    public void settle(Instant now) {
        List.copyOf(world.instances().all()).stream()
                .filter(instance -> !instance.lifecycle().changesAt().isAfter(now))
                .forEach(this::endPassing);
    }

    private void endPassing(Instance instance) {
        Optional<Lifecycle> next = instance.lifecycle().next();
        if (next.isEmpty()) {
            world.instances().remove(instance.id());
            world.tags().forget(instance.id());
            return;
        }
        world.instances().put(instance.with(next.get()));
        switch (next.get().state()) {
            case STOPPED -> world.interfacesOf(instance.id()).forEach(this::releasePublicAddress);
            case TERMINATED -> {
                world.interfacesOf(instance.id()).forEach(this::detach);
                forgetProfile(instance);
                world.volumesOf(instance.id()).forEach(this::detach);
            }
            case PENDING, RUNNING, STOPPING, SHUTTING_DOWN -> {}
        }
    }

    private void pass(Instance instance, InstanceState state, Instant now) {
        Timing timing = world.timing();
        Lifecycle passing =
                switch (state) {
                    case PENDING -> Lifecycle.passing(state, now, timing.start());
                    case STOPPING -> Lifecycle.passing(state, now, timing.stop());
                    case SHUTTING_DOWN -> Lifecycle.passing(state, now, timing.terminate());
                    case RUNNING, STOPPED, TERMINATED ->
                            throw new IllegalArgumentException("not a passing state: " + state);
                };
        world.instances().put(instance.with(passing));
    }

    private void forgetProfile(Instance instance) {
        world.profileAssociations().all().stream()
                .filter(each -> each.instanceId().equals(instance.id()))
                .map(ProfileAssociation::id)
                .toList()
                .forEach(world.profileAssociations()::remove);
    }

    private void releasePublicAddress(NetworkInterface eni) {
        world.interfaces().put(eni.withPublicAddress(null));
    }

    private void detach(NetworkInterface eni) {
        Attachment attachment = eni.attachment();
        if (attachment != null && attachment.deleteOnTermination()) {
            world.interfaces().remove(eni.id());
            world.tags().forget(eni.id());
        } else {
            world.interfaces().put(eni.withAttachment(null));
        }
    }

    private void detach(Volume volume) {
        Volume.Attached attachment = volume.attachment();
        if (attachment != null && attachment.deleteOnTermination()) {
            world.volumes().remove(volume.id());
            world.tags().forget(volume.id());
        } else {
            world.volumes().put(volume.detached());
        }
    }

    private InetAddress freeAddress() {
        byte[] bytes = publicPool.network().getAddress();
        for (int last = 1; last < 255; last++) {
            bytes[3] = (byte) last;
            InetAddress candidate = address(bytes);
            if (world.interfaceBehind(candidate).isEmpty()) {
                return candidate;
            }
        }
        throw new IllegalStateException("no free address in " + publicPool);
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an IPv4 address has four bytes", e);
        }
    }
}
