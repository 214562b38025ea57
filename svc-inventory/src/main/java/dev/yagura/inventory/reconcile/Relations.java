package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetRelation;
import java.util.List;
import java.util.stream.Stream;

/** Relations of an asset: each once, in a stable order, so that only news differ; bounded. */
final class Relations {
    static final int MAX = 1000;

    static final String INSTANCE = dev.yagura.inventory.asset.Asset.INSTANCE;
    static final String SUBNET = "AWS::EC2::Subnet";
    static final String VPC = "AWS::EC2::VPC";
    static final String NETWORK_INTERFACE = "AWS::EC2::NetworkInterface";
    static final String SECURITY_GROUP = "AWS::EC2::SecurityGroup";

    private static final String CONTAINED = "Is contained in";

    private Relations() {}

    static AssetRelation of(String name, String resourceType, String nativeId) {
        return AssetRelation.newBuilder()
                .setName(name)
                .setResourceType(resourceType)
                .setNativeId(nativeId)
                .build();
    }

    static AssetRelation containedIn(String word, String resourceType, String nativeId) {
        return of(CONTAINED + " " + word, resourceType, nativeId);
    }

    static AssetRelation associated(String word, String resourceType, String nativeId) {
        return of("Is associated with " + word, resourceType, nativeId);
    }

    /** A task on the instance that is its container instance. */
    static AssetRelation runsOn(String instanceId) {
        return of("Runs on Instance", INSTANCE, instanceId);
    }

    static AssetRelation withProfile(String arn) {
        return associated("InstanceProfile", AssetSets.PROFILE, arn);
    }

    static AssetRelation withRole(String arn) {
        return associated("Role", AssetSets.ROLE, arn);
    }

    static AssetRelation withTargetGroup(String arn) {
        return associated("TargetGroup", AssetSets.TARGET_GROUP, arn);
    }

    static AssetRelation withLoadBalancer(String arn) {
        return associated("LoadBalancer", AssetSets.LOAD_BALANCER, arn);
    }

    static AssetRelation withInstance(String id) {
        return associated("Instance", INSTANCE, id);
    }

    static AssetRelation withFunction(String arn) {
        return associated("Function", dev.yagura.inventory.asset.Asset.FUNCTION, arn);
    }

    /** Sets them, and the network that they say the asset is in. */
    static void put(Stream<AssetRelation> relations, Asset.Builder asset) {
        List<AssetRelation> all =
                relations
                        .filter(each ->
                                isText(each.getResourceType()) && isText(each.getNativeId()))
                        .distinct()
                        .sorted(Observation.RELATIONS)
                        .toList();
        all.stream().limit(MAX).forEach(asset::addRelations);
        asset.setOmittedRelations(Math.max(0, all.size() - MAX));
        for (AssetRelation each : all) {
            if (each.getName().startsWith(CONTAINED)) {
                switch (each.getResourceType()) {
                    case SUBNET -> asset.setSubnetId(each.getNativeId());
                    case VPC -> asset.setVpcId(each.getNativeId());
                    default -> {}
                }
            }
        }
    }

    /** PostgreSQL has no zero byte in a text. */
    private static boolean isText(String text) {
        return !text.isBlank() && text.indexOf(0) < 0;
    }
}
