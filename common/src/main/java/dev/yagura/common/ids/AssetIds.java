package dev.yagura.common.ids;

import dev.yagura.proto.type.v1.Scope;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Ids of assets: UUIDv5 of account, region, type and native id. The AWS partition is not part of
 * it: names of regions are unique over all partitions.
 */
public final class AssetIds {
    private static final UUID NAMESPACE = UUID.fromString("0d6c1f0e-6f0b-5b1c-9a53-6d0c41d0a5a1");
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

    private AssetIds() {}

    /**
     * The same asset always gets the same id.
     *
     * @param type kind of asset, for example "ec2:instance"
     * @param nativeId the source's own id, for example "i-0abc…"
     * @throws IllegalArgumentException for an account that is not twelve digits, or an empty part
     */
    public static UUID of(Scope scope, String type, String nativeId) {
        return of(scope.getAccountId(), scope.getRegion(), type, nativeId);
    }

    /** Like {@link #of(Scope, String, String)}. */
    public static UUID of(String accountId, String region, String type, String nativeId) {
        if (!ACCOUNT.matcher(accountId).matches()) {
            throw new IllegalArgumentException("account id must be twelve digits: " + accountId);
        }
        if (region.isBlank() || type.isBlank() || nativeId.isBlank()) {
            throw new IllegalArgumentException(
                    "region, type and native id must not be empty: "
                            + String.join("/", region, type, nativeId));
        }
        return Ids.v5(NAMESPACE, accountId, region, type, nativeId);
    }
}
