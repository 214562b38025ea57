package dev.yagura.sandbox.world;

import java.time.Instant;

/**
 * An EC2 instance; its interfaces point at it.
 *
 * @param spot whether it is a Spot Instance
 * @param nitroV6 of an instance type whose idle TCP connections are tracked for 350 s, not five
 *     days
 */
public record Instance(
        String id,
        String reservationId,
        String imageId,
        String instanceType,
        String architecture,
        String vpcId,
        String subnetId,
        String rootVolumeId,
        Instant launchTime,
        Lifecycle lifecycle,
        Protection protection,
        boolean spot,
        MetadataOptions metadata,
        boolean nitroV6)
        implements Resource {

    public InstanceState state() {
        return lifecycle.state();
    }

    public boolean isRunning() {
        return state() == InstanceState.RUNNING;
    }

    public boolean isTerminating() {
        return state() == InstanceState.TERMINATED || state() == InstanceState.SHUTTING_DOWN;
    }

    public Instance with(Lifecycle changed) {
        return with(changed, protection, spot);
    }

    public Instance with(Protection changed) {
        return with(lifecycle, changed, spot);
    }

    /** Its market is fixed at launch; this is for tests that want another one. */
    public Instance withSpot(boolean changed) {
        return with(lifecycle, protection, changed);
    }

    private Instance with(Lifecycle lifecycle, Protection protection, boolean spot) {
        return new Instance(
                id,
                reservationId,
                imageId,
                instanceType,
                architecture,
                vpcId,
                subnetId,
                rootVolumeId,
                launchTime,
                lifecycle,
                protection,
                spot,
                metadata,
                nitroV6);
    }
}
