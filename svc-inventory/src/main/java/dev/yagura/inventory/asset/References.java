package dev.yagura.inventory.asset;

import dev.yagura.common.ids.AssetIds;
import dev.yagura.proto.inventory.v1.AssetRelation;
import dev.yagura.proto.type.v1.Scope;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Ids of what relations name, whether it is an asset yet or not. AWS Config relates by id, by name
 * or by ARN: an asset has a reference for each, so that a relation finds it when it comes later, or
 * under its new name.
 */
final class References {
    private static final String NO_REGION = "global";

    /** Their ids are unique, and nothing names them otherwise. */
    private static final String EC2 = "AWS::EC2::";

    private References() {}

    /**
     * Of a resource.
     *
     * @param scope of whoever names it: relations do not leave an account
     * @param text its id, name or ARN
     */
    static UUID of(Scope scope, String resourceType, String text) {
        return isOfNoRegion(resourceType)
                ? AssetIds.of(scope.getAccountId(), NO_REGION, resourceType, text)
                : AssetIds.of(scope, resourceType, text);
    }

    /** Of the other end of a relation. */
    static UUID of(Asset asset, AssetRelation relation) {
        return of(asset.scope(), relation.getResourceType(), relation.getNativeId());
    }

    /** All that an asset may be named by. */
    static Set<UUID> of(Asset asset) {
        Set<UUID> all = new LinkedHashSet<>();
        all.add(asset.id());
        if (!asset.resourceType().startsWith(EC2)) {
            Stream.of(
                            asset.nativeId(),
                            asset.description().getResourceName(),
                            asset.description().getArn())
                    .filter(text -> !text.isBlank())
                    .forEach(text -> all.add(of(asset.scope(), asset.resourceType(), text)));
        }
        return all;
    }

    /** What an asset names. */
    static Set<UUID> named(Asset asset) {
        return asset.description().getRelationsList().stream()
                .map(relation -> of(asset, relation))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The same in every region, or of one that its name does not tell. */
    private static boolean isOfNoRegion(String resourceType) {
        return resourceType.startsWith("AWS::IAM::") || resourceType.equals("AWS::S3::Bucket");
    }
}
