package dev.yagura.inventory.organization;

import java.util.List;

/** What Organizations listed last; times are of the database's clock. */
public interface AccountStore {

    /** A complete list: accounts that were listed before and are not in it have left. */
    void replace(String partition, List<ListedAccount> accounts);

    /** Ids of those that are active, in order. */
    List<String> active(String partition);

    /** The others, in order of their ids. */
    List<KnownAccount> inactive(String partition);
}
