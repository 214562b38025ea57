package dev.yagura.sandbox.identity;

/**
 * The password policy of an account.
 *
 * @param minimumLength characters, 6 to 128
 * @param reusePrevention former passwords that may not be used again, 1 to 24; 0: all may
 */
public record PasswordRules(int minimumLength, int reusePrevention) {
    private static final int SHORTEST = 6;
    private static final int LONGEST = 128;
    private static final int MOST_FORMER = 24;

    public PasswordRules {
        if (minimumLength < SHORTEST || minimumLength > LONGEST) {
            throw new IllegalArgumentException("minimumLength must be from 6 to 128");
        }
        if (reusePrevention < 0 || reusePrevention > MOST_FORMER) {
            throw new IllegalArgumentException("reusePrevention must be from 0 to 24");
        }
    }
}
