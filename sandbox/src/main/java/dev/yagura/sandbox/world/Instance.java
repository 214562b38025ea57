package dev.yagura.sandbox.world;

import java.time.Instant;

/**
 * An EC2 instance; its interfaces point at it.
 *
 * @param market how it was bought
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
        Market market,
        MetadataOptions metadata,
        boolean nitroV6)
        implements Resource {

    public InstanceState state() {
        return lifecycle.state();
    }

    public boolean spot() {
        return market != Market.ON_DEMAND;
    }

    public boolean isRunning() {
        return state() == InstanceState.RUNNING;
    }

    public boolean isTerminating() {
        return state() == InstanceState.TERMINATED || state() == InstanceState.SHUTTING_DOWN;
    }

    public Instance with(Lifecycle changed) {
        return with(instanceType, changed, protection, market);
    }

    public Instance with(Protection changed) {
        return with(instanceType, lifecycle, changed, market);
    }

    /** Its market is fixed at launch; this is for tests that want another one. */
    public Instance with(Market changed) {
        return with(instanceType, lifecycle, protection, changed);
    }

    /** Of another type. */
    public Instance ofType(String changed) {
        return with(changed, lifecycle, protection, market);
    }

    public Instance with(MetadataOptions changed) {
        return with(instanceType, lifecycle, protection, market, changed);
    }

    private Instance with(
            String instanceType, Lifecycle lifecycle, Protection protection, Market market) {
        return with(instanceType, lifecycle, protection, market, metadata);
    }

    private Instance with(
            String instanceType,
            Lifecycle lifecycle,
            Protection protection,
            Market market,
            MetadataOptions metadata) {
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
                market,
                metadata,
                nitroV6);
    }
}
