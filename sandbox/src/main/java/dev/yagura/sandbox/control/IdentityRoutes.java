package dev.yagura.sandbox.control;

import dev.yagura.sandbox.cloud.Cloud;
import dev.yagura.sandbox.cloud.UnknownNameException;
import dev.yagura.sandbox.front.Sandbox;
import dev.yagura.sandbox.identity.AccessKey;
import dev.yagura.sandbox.identity.AccountSettings;
import dev.yagura.sandbox.identity.Policy;
import dev.yagura.sandbox.identity.User;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The root user, the settings and the users of an account, as whoever administers it. */
final class IdentityRoutes {
    private final Sandbox sandbox;

    IdentityRoutes(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> all() {
        return List.of(
                Route.of("PUT", "account/root", this::changeRoot),
                Route.of("PUT", "account/settings", this::change),
                Route.of("PUT", "users/*", this::changeUser),
                Route.of("DELETE", "users/*", this::deleteUser));
    }

    private Object changeRoot(ControlRequest request) {
        AccountSettings.Root root = request.as(AccountSettings.Root.class);
        return sandbox.within(cloud -> {
            cloud.directory().settings().setRoot(root);
            return Map.of();
        });
    }

    private Object change(ControlRequest request) {
        Requests.AccountWide wanted = request.as(Requests.AccountWide.class);
        return sandbox.within(cloud -> {
            cloud.directory().settings().setPasswordRules(wanted.passwords());
            cloud.directory().settings().blockPublicAccess(wanted.publicAccessBlocked());
            return Map.of();
        });
    }

    private Object changeUser(ControlRequest request) {
        Requests.ChangeUser wanted = request.as(Requests.ChangeUser.class);
        String name = request.part(0);
        return sandbox.within(cloud -> {
            if (cloud.directory().user(name).isEmpty()) {
                make(name, wanted.keyAge(), cloud);
            }
            AccountSettings settings = cloud.directory().settings();
            AccountSettings.SignIn former = settings.signIn(name);
            settings.setSignIn(
                    name,
                    new AccountSettings.SignIn(
                            or(wanted.password(), former.password()),
                            or(wanted.mfa(), former.mfa())));
            return Map.of();
        });
    }

    /** One that may do nothing. */
    private static void make(String name, @Nullable Duration keyAge, Cloud cloud) {
        User user =
                new User(
                        name,
                        cloud.world().ids().next("AIDA"),
                        cloud.directory().account().globalArn("iam", "user/" + name),
                        new Policy(List.of()),
                        Map.of(),
                        cloud.clock().instant(),
                        keyAge == null
                                ? List.of()
                                : List.of(
                                        new AccessKey(
                                                "AKIA" + name.toUpperCase(Locale.ROOT),
                                                "sandbox/only/good/for/nothing/" + name,
                                                cloud.clock().instant().minus(keyAge))));
        cloud.directory().add(user);
    }

    private Object deleteUser(ControlRequest request) {
        return sandbox.within(cloud -> {
            if (!cloud.directory().removeUser(request.part(0))) {
                throw new UnknownNameException("user", request.part(0));
            }
            return Map.of();
        });
    }

    private static boolean or(@Nullable Boolean wanted, boolean former) {
        return wanted == null ? former : wanted;
    }
}
