package dev.yagura.inventory.organization;

import java.util.List;

/** Where accounts are listed. What fails throws; a part of the list is never returned. */
public interface AccountSource {
    List<ListedAccount> accounts();
}
