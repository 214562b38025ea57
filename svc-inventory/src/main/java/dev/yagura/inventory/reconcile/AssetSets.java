package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.account.AccountFacts;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.proto.type.v1.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is read of each scope: instances, tasks and functions, and what an analyst follows from one:
 * its network, its disks, the role that it acts as, the buckets that the role may reach, and the
 * group that would replace it.
 */
final class AssetSets {
    private static final String ROLE = "AWS::IAM::Role";

    /** They are acted on, and stand or fall within seconds: read from their own APIs. */
    static final List<String> LIVE = List.of(Asset.INSTANCE, Asset.TASK, Asset.FUNCTION);

    /** Read from AWS Config. */
    static final List<String> RECORDED =
            List.of(
                    "AWS::AutoScaling::AutoScalingGroup",
                    "AWS::EC2::NetworkAcl",
                    "AWS::EC2::NetworkInterface",
                    "AWS::EC2::RouteTable",
                    "AWS::EC2::SecurityGroup",
                    "AWS::EC2::Subnet",
                    "AWS::EC2::VPC",
                    "AWS::EC2::Volume",
                    ROLE,
                    "AWS::S3::Bucket");

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

    static boolean isLive(AssetSet set) {
        return LIVE.contains(set.resourceType());
    }

    static boolean isInstances(AssetSet set) {
        return set.resourceType().equals(Asset.INSTANCE);
    }

    /**
     * In each scope every type, but roles only in the first scope of an account: they are the same
     * in all regions, and would be listed once for each.
     */
    static List<AssetSet> of(List<Scope> scopes) {
        List<AssetSet> sets = new ArrayList<>();
        Set<String> home = new HashSet<>();
        for (Scope scope : scopes) {
            boolean first = home.add(account(scope));
            LIVE.forEach(type -> sets.add(new AssetSet(scope, type)));
            RECORDED.stream()
                    .filter(type -> first || !type.equals(ROLE))
                    .forEach(type -> sets.add(new AssetSet(scope, type)));
        }
        return List.copyOf(sets);
    }
}
