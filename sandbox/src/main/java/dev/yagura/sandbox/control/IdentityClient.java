package dev.yagura.sandbox.control;

import dev.yagura.sandbox.identity.AccountSettings;
import dev.yagura.sandbox.identity.PasswordRules;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The settings and users of an account, as whoever administers it. */
public final class IdentityClient {
    private final ControlCalls calls;

    IdentityClient(ControlCalls calls) {
        this.calls = calls;
    }

    /** What the root user has. */
    public void root(AccountSettings.Root root) {
        calls.call("PUT", "account/root", root);
    }

    /**
     * What is set for the account.
     *
     * @param passwords its password policy; null for none
     * @param publicAccessBlocked all four settings of Block Public Access; null if never set
     */
    public void settings(@Nullable PasswordRules passwords, @Nullable Boolean publicAccessBlocked) {
        calls.call(
                "PUT",
                "account/settings",
                new Requests.AccountWide(passwords, publicAccessBlocked));
    }

    /** How a user signs in to the console; one that is not there is made. */
    public void user(String name, boolean password, boolean mfa) {
        calls.call("PUT", user(name), new Requests.ChangeUser(password, mfa, null));
    }

    /** Makes a user with an active access key that is so old. */
    public void userWithKey(String name, Duration age) {
        calls.call("PUT", user(name), new Requests.ChangeUser(false, false, age));
    }

    public void deleteUser(String name) {
        calls.call("DELETE", user(name), null);
    }

    private static String user(String name) {
        return "users/" + name;
    }
}
