package dev.yagura.sandbox.world;

import java.time.Instant;

/**
 * An EC2 instance; its interfaces point at it.
 *
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
        boolean terminationProtection,
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
                changed,
                terminationProtection,
                metadata,
                nitroV6);
    }
}
