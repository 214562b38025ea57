package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.RecordedAsset;
import dev.yagura.inventory.asset.RecordedAssets;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetRelation;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.inventory.v1.NetworkInterface;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the inventory shows as there, by set and id, in the words of {@link WorldFacts}. */
record KnownFacts(InventoryService service, Knowledge known) {

    /** Instances of every scope, as a client sees them. */
    Map<AssetSet, SortedMap<String, String>> instances() {
        Map<AssetSet, SortedMap<String, String>> all = new HashMap<>();
        ListAssetsRequest request =
                ListAssetsRequest.newBuilder()
                        .setPageSize(500)
                        .setFilter(AssetFilter.newBuilder().setResourceType(WorldFacts.INSTANCE))
                        .build();
        ListAssetsResponse page;
        do {
            page = AssetServiceGrpc.newBlockingStub(service.admin()).listAssets(request);
            for (Asset each : page.getAssetsList()) {
                all.computeIfAbsent(
                                new AssetSet(each.getScope(), each.getResourceType()),
                                set -> new TreeMap<>())
                        .put(each.getNativeId(), instance(each));
            }
            request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
        } while (!page.getNextPageToken().isEmpty());
        return all;
    }

    /** What AWS Config told of a set, as those who judge it get it. */
    SortedMap<String, String> recorded(AssetSet set) {
        SortedMap<String, String> all = new TreeMap<>();
        service
                .bean(RecordedAssets.class)
                .list(
                        set.resourceType(),
                        new Visibility(Set.of(set.scope().getAccountId())),
                        Optional.empty(),
                        100_000)
                .stream()
                .filter(each -> each.scope().equals(set.scope()))
                .forEach(each -> all.put(each.nativeId(), text(each)));
        return all;
    }

    /** What the recorder of another region told within the hour: for so long it is believed. */
    Set<String> listedByNoReading(AssetSet set) {
        return known.rows(
                        "SELECT native_id FROM asset WHERE state = 'ACTIVE' AND generation = 0"
                                + " AND account_id = ? AND region = ? AND resource_type = ?"
                                + " AND observed_time > ?::timestamptz",
                        set.scope().getAccountId(),
                        set.scope().getRegion(),
                        set.resourceType(),
                        TestClock.CLOCK.instant().minus(Duration.ofHours(1)).toString())
                .collect(Collectors.toSet());
    }

    Set<String> tombstones(AssetSet set) {
        return known.rows(
                        "SELECT native_id FROM asset WHERE state = 'TOMBSTONE' AND account_id = ?"
                                + " AND region = ? AND resource_type = ?",
                        set.scope().getAccountId(),
                        set.scope().getRegion(),
                        set.resourceType())
                .collect(Collectors.toSet());
    }

    private static String text(RecordedAsset asset) {
        Asset description = asset.description();
        boolean profile = asset.resourceType().equals(AssetSets.PROFILE);
        return WorldFacts.resource(
                        description.getResourceName(),
                        description.getTagsMap(),
                        description.getRelationsList().stream()
                                .filter(each ->
                                        profile || !each.getResourceType().startsWith("AWS::IAM::"))
                                .map(AssetRelation::getNativeId))
                + (AssetSets.LISTED.contains(asset.resourceType()) ? more(description) : "")
                + " "
                + WorldFacts.json(asset.configuration());
    }

    private static String more(Asset listed) {
        return ListedFacts.more(
                Instant.ofEpochSecond(
                        listed.getResourceCreateTime().getSeconds(),
                        listed.getResourceCreateTime().getNanos()),
                listed.getContainerImagesList().stream()
                        .map(each -> each.getImage() + " " + each.getDigest())
                        .toList());
    }

    private static String instance(Asset asset) {
        return String.join(
                " ",
                asset.getInstanceState(),
                asset.getImageId(),
                asset.getInstanceType(),
                asset.getHostname(),
                asset.getVpcId(),
                asset.getSubnetId(),
                asset.getAvailabilityZone(),
                Instant.ofEpochSecond(
                                asset.getLaunchTime().getSeconds(),
                                asset.getLaunchTime().getNanos())
                        .toString(),
                asset.getInstanceProfileArn(),
                asset.getMetadataHttpTokens(),
                asset.getMetadataHttpEndpoint(),
                asset.getVolumeIdsList().toString(),
                new TreeMap<>(asset.getTagsMap()).toString(),
                asset.getNetworkInterfacesList().stream()
                        .map(KnownFacts::networkInterface)
                        .sorted()
                        .toList()
                        .toString());
    }

    private static String networkInterface(NetworkInterface eni) {
        return "%s %s %s %s %s"
                .formatted(
                        eni.getNetworkInterfaceId(),
                        eni.getPrivateIpAddressesList().stream().sorted().toList(),
                        eni.getIpv6AddressesList(),
                        eni.getPublicIpAddress(),
                        List.copyOf(eni.getSecurityGroupIdsList()));
    }
}
