package dev.yagura.sandbox.backup;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.world.Account;
import java.util.HashMap;
import java.util.Map;

/** What the vaults of the account have. */
public final class RecoveryPoints {
    private final Account account;
    private final Map<String, RecoveryPoint> byArn = new HashMap<>();

    public RecoveryPoints(Account account) {
        this.account = account;
    }

    /** As a backup that has ended leaves it, or one that takes the former's place. */
    public void put(RecoveryPoint point) {
        byArn.put(
                "arn:%s:ec2:%s::snapshot/%s"
                        .formatted(account.partition(), account.region(), point.snapshotId()),
                point);
    }

    String vaultArn(String vault) {
        return account.arn("backup", "backup-vault:" + vault);
    }

    RecoveryPoint get(String vault, String arn) {
        RecoveryPoint point = byArn.get(arn);
        if (point == null || !point.vault().equals(vault)) {
            throw ApiFault.of(
                    "ResourceNotFoundException", "Recovery point ARN not found in vault: " + arn);
        }
        return point;
    }
}
