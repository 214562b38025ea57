package dev.yagura.inventory.account;

import dev.yagura.inventory.access.Visibility;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What is known of accounts. */
public interface AccountFactStore {

    /**
     * Makes what a reading was told what is known. Of what it was not told the former stays, with
     * why; what a later reading has asked for since changes nothing.
     *
     * @param asked when the reading began
     */
    void save(String partition, String accountId, AccountAnswers answers, Instant asked);

    /** Empty before the first reading of the account. */
    Optional<AccountFacts> find(String accountId);

    /** Of every account that was ever read, by {@link AccountFacts#id}. */
    List<AccountFacts> list(Visibility visibility);

    /** Users of an account, by name. */
    List<IamUser> users(String accountId);

    /** Users above an id, by id. */
    List<ListedUser> users(Visibility visibility, Optional<UUID> after, int limit);
}
