package dev.yagura.bench.load;

import java.util.SplittableRandom;

/** What AWS Config keeps of generated assets: what the posture of a host is judged by, and size. */
final class AssetConfigurations {
    private static final int OPEN = 50;
    private static final int PLAIN = 20;

    private AssetConfigurations() {}

    static String of(AssetKind kind, String nativeId, SplittableRandom random) {
        return switch (kind) {
            // EC2 tells of an instance, not AWS Config.
            case INSTANCE -> "";
            case VOLUME ->
                    "{\"volumeId\":\"%s\",\"encrypted\":%s,\"size\":%d,\"iops\":3000,\"throughput\":125,\"volumeType\":\"gp3\",\"state\":{\"value\":\"in-use\"},\"multiAttachEnabled\":false,\"snapshotId\":\"\"}"
                            .formatted(
                                    nativeId, random.nextInt(PLAIN) != 0, 8 + random.nextInt(500));
            case GROUP ->
                    "{\"groupId\":\"%s\",\"groupName\":\"%s\",\"description\":\"made for the bench\",\"ipPermissions\":[{\"fromPort\":443,\"toPort\":443,\"ipProtocol\":\"tcp\",\"ipv4Ranges\":[{\"cidrIp\":\"%s\"}],\"ipv6Ranges\":[],\"prefixListIds\":[],\"userIdGroupPairs\":[]}],\"ipPermissionsEgress\":[{\"ipProtocol\":\"-1\",\"ipv4Ranges\":[{\"cidrIp\":\"0.0.0.0/0\"}]}]}"
                            .formatted(
                                    nativeId,
                                    nativeId,
                                    random.nextInt(OPEN) == 0 ? "0.0.0.0/0" : "10.0.0.0/8");
            case ROUTE_TABLE ->
                    "{\"routeTableId\":\"%s\",\"associations\":[{\"main\":true}],\"routes\":[{\"destinationCidrBlock\":\"10.0.0.0/8\",\"gatewayId\":\"local\",\"state\":{\"value\":\"active\"}}]}"
                            .formatted(nativeId);
            case NETWORK_ACL ->
                    "{\"networkAclId\":\"%s\",\"isDefault\":true,\"entries\":[{\"cidrBlock\":\"0.0.0.0/0\",\"egress\":false,\"protocol\":\"-1\",\"ruleAction\":{\"value\":\"allow\"},\"ruleNumber\":100}]}"
                            .formatted(nativeId);
            default ->
                    "{\"id\":\"%s\",\"description\":\"made for the bench\",\"status\":\"in-use\",\"requesterManaged\":false,\"sourceDestCheck\":true,\"interfaceType\":\"interface\",\"tagSet\":[],\"ownerId\":\"%012d\"}"
                            .formatted(nativeId, random.nextInt(1_000_000));
        };
    }
}
