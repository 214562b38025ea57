package dev.yagura.inventory.posture;

import dev.yagura.common.config.Settings;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.account.AccountFactStore;
import dev.yagura.inventory.account.AccountFacts;
import dev.yagura.inventory.reconcile.ReadingStore;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of accounts now. */
@ApplicationScoped
class Accounts {
    private final AccountFactStore store;
    private final ReadingStore readings;
    private final PostureConfig config;
    private final Clock clock;

    @Inject
    Accounts(AccountFactStore store, ReadingStore readings, Settings settings, Clock clock) {
        this.store = store;
        this.readings = readings;
        this.config = PostureConfig.from(settings);
        this.clock = clock;
    }

    /** At one moment, by account; of one that nobody reads, too. */
    static final class Known {
        private final Map<String, AccountView> byAccount;
        private final Instant now;
        private final PostureConfig config;

        private Known(Map<String, AccountView> byAccount, Instant now, PostureConfig config) {
            this.byAccount = Map.copyOf(byAccount);
            this.now = now;
            this.config = config;
        }

        /** By {@link AccountFacts#id}. */
        List<AccountView> all() {
            return byAccount.values().stream()
                    .sorted(Comparator.comparing(account -> account.facts().id()))
                    .toList();
        }

        Optional<AccountView> find(String accountId) {
            return Optional.ofNullable(byAccount.get(accountId));
        }

        AccountView of(Scope scope) {
            return find(scope.getAccountId())
                    .orElseGet(() ->
                            new AccountView(
                                    AccountFacts.unknown(
                                            scope.getPartition(), scope.getAccountId()),
                                    "",
                                    now,
                                    config.staleAfter()));
        }
    }

    /**
     * Of every account that is read, or was. One whose first region became another one has two
     * readings: it is read while one of them is.
     */
    Known known(Visibility visibility) {
        Instant now = clock.instant();
        Map<String, AccountFacts> facts = new HashMap<>();
        store.list(visibility).forEach(each -> facts.put(each.accountId(), each));
        Map<String, AccountView> views = new HashMap<>();
        for (ReadingStore.Freshness reading : read(visibility)) {
            Scope scope = reading.set().scope();
            @Nullable AccountFacts told = facts.get(scope.getAccountId());
            views.merge(
                    scope.getAccountId(),
                    new AccountView(
                            told == null
                                    ? AccountFacts.unknown(
                                            scope.getPartition(), scope.getAccountId())
                                    : told,
                            reading.notRead(),
                            now,
                            config.staleAfter()),
                    (one, other) -> one.notRead().isEmpty() ? one : other);
        }
        return new Known(views, now, config);
    }

    private Collection<ReadingStore.Freshness> read(Visibility visibility) {
        return readings.freshness().stream()
                .filter(reading -> reading.set().resourceType().equals(AccountFacts.TYPE))
                .filter(reading -> visibility.covers(reading.set().scope().getAccountId()))
                .toList();
    }
}
