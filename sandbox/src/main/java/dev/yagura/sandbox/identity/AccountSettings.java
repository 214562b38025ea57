package dev.yagura.sandbox.identity;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is set for an account as a whole: its root user, its password policy, whether it blocks
 * public buckets, how its users sign in. A new one has nothing set. Not safe for use by several
 * threads at once.
 */
public final class AccountSettings {
    private final Map<String, SignIn> signIns = new HashMap<>();
    private Root root = new Root(true, false, false);
    private @Nullable PasswordRules passwordRules;
    private @Nullable Boolean publicAccessBlocked;

    /**
     * The root user.
     *
     * @param password whether it can sign in at all
     */
    public record Root(boolean password, boolean mfa, boolean accessKey) {}

    /** How a user signs in to the console. */
    public record SignIn(boolean password, boolean mfa) {}

    public Root root() {
        return root;
    }

    public void setRoot(Root changed) {
        root = changed;
    }

    /** Null: there is no policy of the account's own. */
    public @Nullable PasswordRules passwordRules() {
        return passwordRules;
    }

    public void setPasswordRules(@Nullable PasswordRules changed) {
        passwordRules = changed;
    }

    /** All four settings of S3's Block Public Access at once; null: never set. */
    public @Nullable Boolean publicAccessBlocked() {
        return publicAccessBlocked;
    }

    public void blockPublicAccess(@Nullable Boolean blocked) {
        publicAccessBlocked = blocked;
    }

    public SignIn signIn(String userName) {
        return signIns.getOrDefault(userName, new SignIn(false, false));
    }

    public void setSignIn(String userName, SignIn changed) {
        signIns.put(userName, changed);
    }
}
