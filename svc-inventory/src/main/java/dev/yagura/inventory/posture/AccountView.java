package dev.yagura.inventory.posture;

import dev.yagura.inventory.account.AccountFacts;
import dev.yagura.inventory.account.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an account at one moment.
 *
 * @param notRead why it is read no more; empty while it is
 * @param staleAfter what was read longer ago is not known any more
 */
record AccountView(AccountFacts facts, String notRead, Instant now, Duration staleAfter) {
    /** IAM makes a credential report no more often. */
    private static final Duration REPORT = Duration.ofHours(4);

    private static final String REMEDY =
            "where the next reading does not tell it: let the role call %s as"
                    + " deploy/policies/inventory.json does; ./yagura logs inventory";

    /** Why a fact is not known; empty when it is. */
    Optional<String> gap(Fact<?> fact) {
        String failure = fact.failure().isEmpty() ? "" : ": " + fact.failure();
        if (!notRead.isEmpty()) {
            return Optional.of(notRead);
        }
        @Nullable Instant observed = fact.observed();
        if (observed == null) {
            return Optional.of(fact.action() + " has not told it yet" + failure);
        }
        Duration longest = fact == facts.users() ? staleAfter.plus(REPORT) : staleAfter;
        return observed.isBefore(now.minus(longest))
                ? Optional.of(fact.action() + " last told it at " + observed + failure)
                : Optional.empty();
    }

    /** Unknown, or what is found by the fact. */
    <T> CheckResult judge(Fact<T> fact, Function<T, CheckResult> found) {
        @Nullable T value = fact.value();
        Optional<String> gap = gap(fact);
        if (value == null || gap.isPresent()) {
            return CheckResult.unknown(
                    gap.orElse("not known"), REMEDY.formatted(fact.action()), fact.observed());
        }
        return found.apply(value);
    }
}
