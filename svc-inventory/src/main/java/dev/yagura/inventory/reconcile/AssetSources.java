package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.asset.Asset;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Which source a type is read from. */
@ApplicationScoped
class AssetSources {
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

    @Inject
    AssetSources(
            Ec2InstanceSource instances,
            EcsTaskSource tasks,
            LambdaFunctionSource functions,
            ConfigAssetSource recorded,
            BucketSource buckets,
            InstanceProfileSource profiles,
            TargetGroupSource targetGroups,
            ScalingGroupSource scalingGroups,
            SnapshotSource snapshots,
            RegistryImageSource images) {
        this.instances = instances;
        this.tasks = tasks;
        this.functions = functions;
        this.recorded = recorded;
        this.buckets = buckets;
        this.profiles = profiles;
        this.targetGroups = targetGroups;
        this.scalingGroups = scalingGroups;
        this.snapshots = snapshots;
        this.images = images;
    }

    AssetSource of(String resourceType) {
        return switch (resourceType) {
            case Asset.INSTANCE -> instances;
            case Asset.TASK -> tasks;
            case Asset.FUNCTION -> functions;
            case AssetSets.BUCKET -> buckets;
            case AssetSets.PROFILE -> profiles;
            case AssetSets.TARGET_GROUP -> targetGroups;
            case AssetSets.SCALING_GROUP -> scalingGroups;
            case AssetSets.SNAPSHOT -> snapshots;
            case AssetSets.IMAGE -> images;
            default -> recorded;
        };
    }
}
