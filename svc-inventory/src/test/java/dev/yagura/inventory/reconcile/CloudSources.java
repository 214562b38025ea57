package dev.yagura.inventory.reconcile;

import java.time.Clock;

/** All sources of the sandbox, as the service has them. */
final class CloudSources implements AutoCloseable {
    private final Ec2InstanceSource instances;
    private final EcsTaskSource tasks;
    private final LambdaFunctionSource functions;
    private final ConfigAssetSource recorded;
    private final BucketSource buckets;
    private final InstanceProfileSource profiles;
    private final TargetGroupSource targetGroups;
    private final ScalingGroupSource scalingGroups;
    private final SnapshotSource snapshots;
    private final RegistryImageSource images;

    CloudSources(SandboxCloud cloud, Clock clock) {
        this(cloud, cloud.recorded(), clock);
    }

    /**
     * @param recorded what AWS Config tells; closed with the others
     */
    CloudSources(SandboxCloud cloud, ConfigAssetSource recorded, Clock clock) {
        this.recorded = recorded;
        buckets = new BucketSource(cloud.clients(), recorded);
        instances = cloud.source(clock);
        tasks = cloud.tasks(clock);
        functions = cloud.functions(clock);
        profiles = new InstanceProfileSource(cloud.clients(), 2, clock);
        targetGroups = new TargetGroupSource(cloud.clients(), 2, clock);
        scalingGroups = new ScalingGroupSource(cloud.clients(), 2, clock);
        snapshots = new SnapshotSource(cloud.clients(), SandboxCloud.PAGE, clock);
        images = new RegistryImageSource(cloud.clients(), 2, clock);
    }

    AssetSource of(String resourceType) {
        return new AssetSources(
                        instances,
                        tasks,
                        functions,
                        recorded,
                        buckets,
                        profiles,
                        targetGroups,
                        scalingGroups,
                        snapshots,
                        images)
                .of(resourceType);
    }

    @Override
    public void close() {
        instances.close();
        tasks.close();
        functions.close();
        recorded.close();
        buckets.close();
        profiles.close();
        targetGroups.close();
        scalingGroups.close();
        snapshots.close();
        images.close();
    }
}
