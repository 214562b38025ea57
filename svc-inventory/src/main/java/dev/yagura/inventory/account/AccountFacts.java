package dev.yagura.inventory.account;

import dev.yagura.common.ids.AssetIds;
import java.util.UUID;

/**
 * What is known of an account.
 *
 * @param users how many there are
 */
public record AccountFacts(
        String partition,
        String accountId,
        Fact<RootUser> root,
        Fact<PasswordPolicy> passwords,
        Fact<Integer> users,
        Fact<PublicAccessBlock> publicAccess) {
    /** AWS Config's name of an account as a resource. */
    public static final String TYPE = "AWS::::Account";

    static final String ROOT = "iam:GetAccountSummary";
    static final String PASSWORDS = "iam:GetAccountPasswordPolicy";
    static final String USERS = "iam:GetCredentialReport";
    static final String PUBLIC_ACCESS = "s3:GetAccountPublicAccessBlock";

    /** Of an account that nobody asked yet. */
    public static AccountFacts unknown(String partition, String accountId) {
        return new AccountFacts(
                partition,
                accountId,
                Fact.unknown(ROOT),
                Fact.unknown(PASSWORDS),
                Fact.unknown(USERS),
                Fact.unknown(PUBLIC_ACCESS));
    }

    /** In the form of ids of assets, which an account is not. */
    public UUID id() {
        return id(accountId, TYPE, accountId);
    }

    static UUID id(String accountId, String resourceType, String nativeId) {
        return AssetIds.of(accountId, "global", resourceType, nativeId);
    }
}
