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
        AccountView account =
                visibility
                        .within(accountId)
                        .flatMap(visible -> accounts.known(visible).find(accountId))
                        .orElseThrow(() -> new NotFoundException("account", accountId));
        Map<String, CheckResult> results = AccountChecks.of(account, store.users(accountId));
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
