package dev.yagura.inventory.account;

import java.time.Instant;
import java.util.List;

/**
 * A user of IAM as a credential report has it.
 *
 * @param password whether the user can sign in to the console
 * @param mfa whether the user has an MFA device
 * @param activeKeys when each access key that is active was made
 */
public record IamUser(String name, boolean password, boolean mfa, List<Instant> activeKeys) {
    public static final String TYPE = "AWS::IAM::User";

    public IamUser {
        activeKeys = List.copyOf(activeKeys);
    }

    public boolean isWithoutMfa() {
        return password && !mfa;
    }
}
