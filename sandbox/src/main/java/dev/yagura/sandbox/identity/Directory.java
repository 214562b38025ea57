package dev.yagura.sandbox.identity;

import dev.yagura.sandbox.wire.Principal;
import dev.yagura.sandbox.world.Account;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Users, roles, instance profiles of one account, and every access key of it that is valid for a
 * while.
 */
public final class Directory {
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /** How long keys from the metadata service last. */
    private static final Duration INSTANCE_SESSION = Duration.ofHours(6);

    private final Account account;
    private final Clock wall;
    private final SecureRandom random = new SecureRandom();
    private final AccountSettings settings = new AccountSettings();
    private final Map<String, User> users = new HashMap<>();
    private final Map<String, Role> roles = new HashMap<>();
    private final Map<String, InstanceProfile> profiles = new HashMap<>();
    private final Map<String, Credential> credentials = new HashMap<>();

    private final Map<String, AccessKey.Use> roleUses = new HashMap<>();

    /** Policies inside users and roles: by its name, then of the policy. */
    private final Map<InlinePolicyOperations.Holder, Map<String, SortedMap<String, InlinePolicy>>>
            inline = new EnumMap<>(InlinePolicyOperations.Holder.class);

    /**
     * @param account in its home region
     * @param wall time of session expiry: clients sign and refresh by it, not by simulated time
     */
    public Directory(Account account, Clock wall) {
        this.account = account;
        this.wall = wall;
    }

    public Account account() {
        return account;
    }

    public AccountSettings settings() {
        return settings;
    }

    public void add(User user) {
        users.put(user.name(), user);
        for (AccessKey key : user.keys()) {
            Principal principal = new Principal(user.arn(), user.id(), account.id(), key.id());
            credentials.put(
                    key.id(),
                    new Credential(
                            key.id(),
                            key.secret(),
                            null,
                            null,
                            new Identity(principal, user.policy(), null)));
        }
    }

    public void add(Role role) {
        roles.put(role.name(), role);
    }

    /** False when there is no such profile. */
    public boolean removeInstanceProfile(String name) {
        return profiles.remove(name) != null;
    }

    public void add(InstanceProfile profile) {
        profiles.put(profile.name(), profile);
    }

    /** One of the account's own: IAM knows no other. */
    public Optional<Role> role(String name) {
        return Optional.ofNullable(roles.get(name))
                .filter(role -> role.accountId().equals(account.id()));
    }

    /** Every one of the account's own, by name. */
    public List<Role> roles() {
        return roles.values().stream()
                .filter(role -> role.accountId().equals(account.id()))
                .sorted(Comparator.comparing(Role::name))
                .toList();
    }

    /** Its sessions may do nothing any more, as in AWS. */
    public void removeRole(String name) {
        roles.remove(name);
        inlinePolicies(InlinePolicyOperations.Holder.ROLE, name).clear();
        credentials
                .values()
                .removeIf(each -> {
                    RoleSession session = each.identity().session();
                    return session != null && session.roleName().equals(name);
                });
    }

    /** Every one, by name. */
    public List<User> users() {
        return users.values().stream().sorted(Comparator.comparing(User::name)).toList();
    }

    /** Its keys are unknown from now on; false when there is no such user. */
    public boolean removeUser(String name) {
        User user = users.remove(name);
        if (user != null) {
            user.keys().forEach(key -> credentials.remove(key.id()));
        }
        return user != null;
    }

    public Optional<User> user(String name) {
        return Optional.ofNullable(users.get(name));
    }

    /** Whose key it is. */
    Optional<User> ownerOf(String accessKeyId) {
        return users.values().stream()
                .filter(user -> user.keys().stream().anyMatch(key -> key.id().equals(accessKeyId)))
                .findFirst();
    }

    Optional<Role> roleOf(String arn) {
        return roles.values().stream().filter(role -> role.arn().equals(arn)).findFirst();
    }

    public Optional<InstanceProfile> instanceProfile(String name) {
        return Optional.ofNullable(profiles.get(name));
    }

    /** By name. */
    public List<InstanceProfile> instanceProfiles() {
        return profiles.values().stream()
                .sorted(Comparator.comparing(InstanceProfile::name))
                .toList();
    }

    public Optional<InstanceProfile> instanceProfileOf(String arn) {
        return profiles.values().stream().filter(each -> each.arn().equals(arn)).findFirst();
    }

    /** By name. */
    public List<InstanceProfile> profilesOf(String roleName) {
        return profiles.values().stream()
                .filter(profile -> profile.roleName().equals(roleName))
                .sorted(Comparator.comparing(InstanceProfile::name))
                .toList();
    }

    /** Policies inside a user or role, by name; changes are seen by every session at once. */
    SortedMap<String, InlinePolicy> inlinePolicies(
            InlinePolicyOperations.Holder holder, String name) {
        return inline.computeIfAbsent(holder, each -> new HashMap<>())
                .computeIfAbsent(name, each -> new TreeMap<>());
    }

    /**
     * What every policy that applies to a caller says of an action.
     *
     * @param resource its ARN, or {@code *}
     */
    public Policy.Decision decide(Identity identity, String action, String resource) {
        RoleSession session = identity.session();
        SortedMap<String, InlinePolicy> inside =
                session == null
                        ? inlinePolicies(
                                InlinePolicyOperations.Holder.USER, userName(identity.principal()))
                        : inlinePolicies(InlinePolicyOperations.Holder.ROLE, session.roleName());
        List<Policy.Statement> statements = new ArrayList<>(identity.policy().statements());
        inside.values().forEach(policy -> statements.addAll(policy.of(session)));
        return new Policy(statements).decide(action, resource);
    }

    private static String userName(Principal user) {
        return user.arn().substring(user.arn().lastIndexOf('/') + 1);
    }

    /** Whether a caller's own policy allows an action that another one implies. */
    public boolean allows(Principal principal, String action) {
        return policyOf(principal.arn())
                .filter(policy -> policy.decide(action) == Policy.Decision.ALLOWED)
                .isPresent();
    }

    /** The same of an action on a resource. */
    public boolean allows(Principal principal, String action, String resource) {
        return policyOf(principal.arn())
                .filter(policy -> policy.decide(action, resource) == Policy.Decision.ALLOWED)
                .isPresent();
    }

    /** The policy of the user, role or role session with an ARN. */
    Optional<Policy> policyOf(String arn) {
        return users.values().stream()
                .filter(user -> user.arn().equals(arn))
                .map(User::policy)
                .findFirst()
                .or(() -> roleOf(arn).map(Role::policy))
                .or(() -> roleOfSession(arn).map(Role::policy));
    }

    Optional<Role> roleOfSession(String arn) {
        String prefix = account.globalArn("sts", "assumed-role/");
        return arn.startsWith(prefix)
                ? role(arn.substring(prefix.length(), arn.lastIndexOf('/')))
                : Optional.empty();
    }

    /** Whether a key was ever one of the account's. */
    public boolean knows(String accessKeyId) {
        return credentials.containsKey(accessKeyId);
    }

    /** Empty also for the key of a user that is not active. */
    Optional<Credential> credential(String accessKeyId) {
        return Optional.ofNullable(credentials.get(accessKeyId))
                .filter(each -> longLived(accessKeyId).filter(key -> !key.isActive()).isEmpty());
    }

    /** A call was signed with it. */
    void used(Credential credential, String service, String region) {
        AccessKey.Use use = new AccessKey.Use(now(), service, region);
        longLived(credential.accessKeyId()).ifPresent(key -> key.used(use));
        RoleSession session = credential.identity().session();
        if (session != null) {
            roleUses.put(session.roleName(), use);
        }
    }

    /** Of any session of a role. */
    Optional<AccessKey.Use> lastUse(String roleName) {
        return Optional.ofNullable(roleUses.get(roleName));
    }

    private Optional<AccessKey> longLived(String id) {
        return users.values().stream()
                .flatMap(user -> user.keys().stream())
                .filter(key -> key.id().equals(id))
                .findFirst();
    }

    Instant now() {
        return wall.instant();
    }

    /** Keys as an instance gets them from its metadata service, named after it. */
    public Credential openInstanceSession(
            InstanceProfile profile, String instanceId, String instanceArn) {
        Role role = role(profile.roleName()).orElseThrow();
        return openSession(role, instanceId, now().plus(INSTANCE_SESSION), instanceArn);
    }

    /** Keys as a function or task finds them in its environment. */
    public Credential openServiceSession(String roleName, String sessionName) {
        return openSession(role(roleName).orElseThrow(), sessionName, now().plus(INSTANCE_SESSION));
    }

    /** Keys of a new session of a role. */
    Credential openSession(Role role, String sessionName, Instant expiresAt) {
        return openSession(role, sessionName, expiresAt, null);
    }

    private Credential openSession(
            Role role, String sessionName, Instant expiresAt, @Nullable String sourceInstanceArn) {
        String home = role.accountId();
        String arn =
                new Account(home, account.region(), account.partition())
                        .globalArn("sts", "assumed-role/" + role.name() + "/" + sessionName);
        String accessKeyId = "ASIA" + base32(16);
        Principal principal = new Principal(arn, role.id() + ":" + sessionName, home, accessKeyId);
        Credential session =
                new Credential(
                        accessKeyId,
                        base64(30),
                        base64(96),
                        expiresAt,
                        new Identity(
                                principal,
                                role.policy(),
                                new RoleSession(
                                        role.name(),
                                        principal.id(),
                                        now().truncatedTo(ChronoUnit.SECONDS),
                                        sourceInstanceArn)));
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
