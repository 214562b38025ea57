package dev.yagura.sandbox.identity;

import dev.yagura.sandbox.wire.Principal;
import dev.yagura.sandbox.world.Account;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Users, roles, instance profiles and every access key that is valid for a while. */
public final class Directory {
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private final Account account;
    private final Clock wall;
    private final SecureRandom random = new SecureRandom();
    private final List<User> users = new ArrayList<>();
    private final Map<String, Role> roles = new HashMap<>();
    private final Map<String, InstanceProfile> profiles = new HashMap<>();
    private final Map<String, Credential> credentials = new HashMap<>();

    /**
     * @param wall time of session expiry: clients sign and refresh by it, not by simulated time
     */
    public Directory(Account account, Clock wall) {
        this.account = account;
        this.wall = wall;
    }

    public Account account() {
        return account;
    }

    public void add(User user) {
        users.add(user);
        Principal principal = new Principal(user.arn(), user.id(), account.id());
        credentials.put(
                user.accessKeyId(),
                new Credential(
                        user.accessKeyId(),
                        user.secretKey(),
                        null,
                        null,
                        new Identity(principal, user.policy())));
    }

    public void add(Role role) {
        roles.put(role.name(), role);
    }

    public void add(InstanceProfile profile) {
        profiles.put(profile.name(), profile);
    }

    public Optional<Role> role(String name) {
        return Optional.ofNullable(roles.get(name));
    }

    Optional<Role> roleOf(String arn) {
        return roles.values().stream().filter(role -> role.arn().equals(arn)).findFirst();
    }

    public Optional<InstanceProfile> instanceProfile(String name) {
        return Optional.ofNullable(profiles.get(name));
    }

    /** The policy of the user, role or role session with an ARN. */
    Optional<Policy> policyOf(String arn) {
        return users.stream()
                .filter(user -> user.arn().equals(arn))
                .map(User::policy)
                .findFirst()
                .or(() -> roleOf(arn).map(Role::policy));
    }

    Optional<Credential> credential(String accessKeyId) {
        return Optional.ofNullable(credentials.get(accessKeyId));
    }

    Instant now() {
        return wall.instant();
    }

    /** Keys of a new session of a role. */
    Credential openSession(Role role, String sessionName, Instant expiresAt) {
        String arn = account.globalArn("sts", "assumed-role/" + role.name() + "/" + sessionName);
        Principal principal = new Principal(arn, role.id() + ":" + sessionName, account.id());
        Credential session =
                new Credential(
                        "ASIA" + base32(16),
                        base64(30),
                        base64(96),
                        expiresAt,
                        new Identity(principal, role.policy()));
        credentials.put(session.accessKeyId(), session);
        return session;
    }

    private String base32(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(BASE32.charAt(random.nextInt(BASE32.length())));
        }
        return text.toString();
    }

    private String base64(int bytes) {
        byte[] raw = new byte[bytes];
        random.nextBytes(raw);
        return Base64.getEncoder().encodeToString(raw);
    }
}
