package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.account.AccountFacts;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.proto.type.v1.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is read of each scope: instances, tasks and functions, and what an analyst follows from one:
 * its network, its disks and what was copied from them, the role that it acts as and the profile
 * that gives it, the buckets that the role may reach, the group that would replace it, and what
 * sends it requests.
 */
final class AssetSets {
    static final String ROLE = "AWS::IAM::Role";
    static final String PROFILE = "AWS::IAM::InstanceProfile";
    static final String TARGET_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup";
    static final String LOAD_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer";
    static final String SNAPSHOT = "AWS::EC2::Snapshot";
    static final String SCALING_GROUP = "AWS::AutoScaling::AutoScalingGroup";
    static final String BUCKET = "AWS::S3::Bucket";

    /** AWS has no name for the type of an image; its other types are called like this. */
    static final String IMAGE = "AWS::ECR::Image";

    /** They are acted on, and stand or fall within seconds: read from their own APIs. */
    static final List<String> LIVE = List.of(Asset.INSTANCE, Asset.TASK, Asset.FUNCTION);

    /** Read from AWS Config. */
    static final List<String> RECORDED =
            List.of(
                    "AWS::EC2::NetworkAcl",
                    "AWS::EC2::NetworkInterface",
                    "AWS::EC2::RouteTable",
                    "AWS::EC2::SecurityGroup",
                    "AWS::EC2::Subnet",
                    "AWS::EC2::VPC",
                    "AWS::EC2::Volume",
                    ROLE,
                    BUCKET,
                    LOAD_BALANCER);

    /**
     * AWS Config does not record them, or not what they relate to, or tells their members late:
     * read from their own APIs.
     */
    static final List<String> LISTED =
            List.of(PROFILE, TARGET_GROUP, SCALING_GROUP, SNAPSHOT, IMAGE);

    /** The same in all regions. */
    static final Set<String> GLOBAL = Set.of(ROLE, PROFILE);

    /** Not assets: who is in the organization, of which it follows what is read. */
    private static final String ACCOUNTS = "AWS::Organizations::Account";

    private AssetSets() {}

    /** The list of accounts that one of them may ask for. */
    static AssetSet accounts(Scope lister) {
        return new AssetSet(lister, ACCOUNTS);
    }

    static boolean isAccounts(AssetSet set) {
        return set.resourceType().equals(ACCOUNTS);
    }

    /** In the first scope of each account: what its settings and users are is asked there. */
    static List<AssetSet> accountFacts(List<Scope> scopes) {
        Set<String> seen = new HashSet<>();
        return scopes.stream()
                .filter(scope -> seen.add(account(scope)))
                .map(scope -> new AssetSet(scope, AccountFacts.TYPE))
                .toList();
    }

    static boolean isAccountFacts(AssetSet set) {
        return set.resourceType().equals(AccountFacts.TYPE);
    }

    private static String account(Scope scope) {
        return scope.getPartition() + ":" + scope.getAccountId();
    }

    /** Whether a type's own API is asked, and not AWS Config. */
    static boolean isLive(AssetSet set) {
        return isUrgent(set) || LISTED.contains(set.resourceType());
    }

    /** Whether recorders of other regions than the one that is read tell it too. */
    static boolean isToldElsewhere(AssetSet set) {
        return GLOBAL.contains(set.resourceType()) && !isLive(set);
    }

    /** Whether minutes matter. */
    static boolean isUrgent(AssetSet set) {
        return LIVE.contains(set.resourceType());
    }

    static boolean isInstances(AssetSet set) {
        return set.resourceType().equals(Asset.INSTANCE);
    }

    /**
     * In each scope every type, but what is the same in all regions only in the first scope of an
     * account: it would be listed once for each.
     */
    static List<AssetSet> of(List<Scope> scopes) {
        List<AssetSet> sets = new ArrayList<>();
        Set<String> home = new HashSet<>();
        for (Scope scope : scopes) {
            boolean first = home.add(account(scope));
            LIVE.forEach(type -> sets.add(new AssetSet(scope, type)));
            Stream.concat(RECORDED.stream(), LISTED.stream())
                    .filter(type -> first || !GLOBAL.contains(type))
                    .forEach(type -> sets.add(new AssetSet(scope, type)));
        }
        return List.copyOf(sets);
    }
}
