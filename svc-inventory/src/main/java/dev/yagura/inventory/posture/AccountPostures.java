package dev.yagura.inventory.posture;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.account.AccountFactStore;
import dev.yagura.proto.inventory.v1.PosturePolicy;
import dev.yagura.proto.inventory.v1.PostureVerdict;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Judges accounts by what is known of them now. */
@ApplicationScoped
class AccountPostures {
    private final Accounts accounts;
    private final AccountFactStore store;
    private final PosturePolicy policy;

    @Inject
    AccountPostures(Accounts accounts, AccountFactStore store, Settings settings) {
        this.accounts = accounts;
        this.store = store;
        this.policy = PostureConfig.from(settings).policy();
    }

    /**
     * An account, judged.
     *
     * @param results by check, in their order
     */
    record Judged(
            AccountView account,
            PostureDecision decision,
            Map<String, CheckResult> results,
            String policy) {}

    Judged judge(String accountId, Visibility visibility) {
        return judge(find(accountId, visibility));
    }

    /**
     * What is known of an account that is read, or was.
     *
     * @throws NotFoundException there is none, or none that the caller may see
     */
    AccountView find(String accountId, Visibility visibility) {
        return visibility
                .within(accountId)
                .flatMap(visible -> accounts.known(visible).find(accountId))
                .orElseThrow(() -> new NotFoundException("account", accountId));
    }

    List<Judged> judgeAll() {
        return accounts.known(new Visibility(Set.of())).all().stream().map(this::judge).toList();
    }

    private Judged judge(AccountView account) {
        Map<String, CheckResult> results =
                AccountChecks.of(account, store.users(account.facts().accountId()));
        return new Judged(account, decide(results), results, policy.getName());
    }

    /** A policy that says nothing of accounts allows none. */
    private PostureDecision decide(Map<String, CheckResult> results) {
        boolean asks =
                policy.getRulesList().stream()
                        .anyMatch(rule ->
                                results.containsKey(rule.getCheck())
                                        && rule.getTagsMap().isEmpty());
        return asks
                ? PostureDecision.of(policy, Map.of(), results)
                : new PostureDecision(
                        PostureVerdict.POSTURE_VERDICT_UNKNOWN,
                        List.of("the policy has no rule about accounts"));
    }
}
