package dev.yagura.inventory.posture;

import dev.yagura.inventory.account.Fact;
import dev.yagura.inventory.account.IamUser;
import dev.yagura.inventory.account.PasswordPolicy;
import dev.yagura.inventory.account.RootUser;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Every check of an account, by the CIS AWS Foundations Benchmark 3.0.0: sections 1.4, 1.5, 1.8,
 * 1.9, 1.10, 1.14, 2.1.4.
 */
final class AccountChecks {
    static final String ROOT_MFA = "root-mfa";
    static final String ROOT_KEY = "root-no-access-key";
    static final String PASSWORDS = "password-policy";
    static final String USERS_MFA = "users-mfa";
    static final String KEYS_ROTATED = "keys-rotated";
    static final String BUCKETS = "account-blocks-public-buckets";

    /** In the order in which people are shown them. */
    static final List<String> IDS =
            List.of(ROOT_MFA, ROOT_KEY, PASSWORDS, USERS_MFA, KEYS_ROTATED, BUCKETS);

    private static final int SHORTEST_PASSWORD = 14;
    private static final int REUSE_PREVENTION = 24;
    private static final Duration OLDEST_KEY = Duration.ofDays(90);
    private static final int NAMED = 10;

    private static final String MFA_REMEDY =
            "let the user register an MFA device, or take the password away: aws iam"
                    + " delete-login-profile";

    private static final String KEY_REMEDY =
            "make another key, move what uses the old one, then aws iam delete-access-key; better a"
                    + " role";

    private AccountChecks() {}

    /** By id, in order. */
    static Map<String, CheckResult> of(AccountView account, List<IamUser> users) {
        Map<String, CheckResult> results = new LinkedHashMap<>();
        results.put(ROOT_MFA, rootMfa(account));
        results.put(ROOT_KEY, rootKey(account));
        results.put(PASSWORDS, passwords(account));
        results.put(
                USERS_MFA,
                every(
                        account,
                        users,
                        user -> !user.isWithoutMfa(),
                        "have a password and no MFA",
                        MFA_REMEDY));
        results.put(
                KEYS_ROTATED,
                every(
                        account,
                        users,
                        user -> oldKeys(user, account.now()).isEmpty(),
                        "have an active access key of more than 90 days",
                        KEY_REMEDY));
        results.put(BUCKETS, buckets(account));
        return results;
    }

    static CheckResult rootMfa(AccountView account) {
        Fact<RootUser> fact = account.facts().root();
        return account.judge(
                fact,
                root ->
                        root.mfa()
                                ? CheckResult.pass("the root user has MFA", fact.observed())
                                : root.password()
                                        ? CheckResult.fail(
                                                "the root user can sign in without MFA",
                                                "sign in as root and register an MFA device, or"
                                                        + " take the password away by centralized root"
                                                        + " access",
                                                fact.observed())
                                        : CheckResult.pass(
                                                "the root user has no password", fact.observed()));
    }

    static CheckResult rootKey(AccountView account) {
        Fact<RootUser> fact = account.facts().root();
        return account.judge(
                fact,
                root ->
                        root.accessKey()
                                ? CheckResult.fail(
                                        "the root user has an access key",
                                        "sign in as root and delete it; give what uses it a role",
                                        fact.observed())
                                : CheckResult.pass(
                                        "the root user has no access key", fact.observed()));
    }

    static CheckResult passwords(AccountView account) {
        Fact<PasswordPolicy> fact = account.facts().passwords();
        return account.judge(
                fact,
                policy -> {
                    String found =
                            "%s: at least %d characters, %d former passwords refused"
                                    .formatted(
                                            policy.own()
                                                    ? "password policy"
                                                    : "no policy of its own, so IAM's",
                                            policy.minimumLength(),
                                            policy.reusePrevention());
                    return policy.minimumLength() >= SHORTEST_PASSWORD
                                    && policy.reusePrevention() >= REUSE_PREVENTION
                            ? CheckResult.pass(found, fact.observed())
                            : CheckResult.fail(
                                    found,
                                    "aws iam update-account-password-policy"
                                            + " --minimum-password-length 14"
                                            + " --password-reuse-prevention 24, with the other settings"
                                            + " that it has: what is left out goes back to its default",
                                    fact.observed());
                });
    }

    static CheckResult buckets(AccountView account) {
        var fact = account.facts().publicAccess();
        return account.judge(
                fact,
                block ->
                        block.blocksEverything()
                                ? CheckResult.pass(
                                        "no bucket of the account can be public", fact.observed())
                                : CheckResult.fail(
                                        "the account lets its buckets be public",
                                        "aws s3control put-public-access-block --account-id %s with"
                                                        .formatted(account.facts().accountId())
                                                + " all four settings on, after moving what the public"
                                                + " must read behind CloudFront",
                                        fact.observed()));
    }

    static Optional<MisconfigurationCheck.Bad> withoutMfa(IamUser user) {
        return user.isWithoutMfa()
                ? Optional.of(
                        new MisconfigurationCheck.Bad(
                                "the user can sign in to the console without MFA", MFA_REMEDY))
                : Optional.empty();
    }

    static Optional<MisconfigurationCheck.Bad> oldKey(IamUser user, Instant now) {
        return oldKeys(user, now).stream()
                .min(Instant::compareTo)
                .map(oldest ->
                        new MisconfigurationCheck.Bad(
                                "the user has an active access key of " + oldest, KEY_REMEDY));
    }

    private static List<Instant> oldKeys(IamUser user, Instant now) {
        return user.activeKeys().stream()
                .filter(made -> made.isBefore(now.minus(OLDEST_KEY)))
                .toList();
    }

    private static CheckResult every(
            AccountView account,
            List<IamUser> users,
            Predicate<IamUser> good,
            String what,
            String remedy) {
        Fact<Integer> fact = account.facts().users();
        return account.judge(
                fact,
                count -> {
                    List<String> bad =
                            users.stream().filter(good.negate()).map(IamUser::name).toList();
                    return bad.isEmpty()
                            ? CheckResult.pass(
                                    "0 of %d users %s".formatted(count, what), fact.observed())
                            : CheckResult.fail(
                                    "%d of %d users %s: %s"
                                            .formatted(bad.size(), count, what, named(bad)),
                                    remedy,
                                    fact.observed());
                });
    }

    private static String named(List<String> names) {
        String first = names.stream().limit(NAMED).collect(Collectors.joining(", "));
        return names.size() > NAMED ? first + ", …" : first;
    }
}
