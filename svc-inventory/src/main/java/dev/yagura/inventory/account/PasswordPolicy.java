package dev.yagura.inventory.account;

/**
 * What the passwords of an account's users must be like.
 *
 * @param own false where the account has no policy, and IAM's default one applies
 * @param minimumLength characters
 * @param reusePrevention former passwords that may not be used again; 0: all may
 */
public record PasswordPolicy(boolean own, int minimumLength, int reusePrevention) {
    /** Eight characters, as IAM's user guide has it. */
    static final PasswordPolicy STANDARD = new PasswordPolicy(false, 8, 0);
}
