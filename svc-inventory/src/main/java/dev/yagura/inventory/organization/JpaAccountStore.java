package dev.yagura.inventory.organization;

import dev.yagura.inventory.access.JpaSession;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** SQL on the transaction's connection. */
@ApplicationScoped
@Transactional
class JpaAccountStore implements AccountStore {
    /** Writes only what is new, so that a list without news locks nothing. */
    private static final String SAVE =
            """
            INSERT INTO organization_account AS known (partition, account_id, name, state)
            VALUES (?, ?, ?, ?)
            ON CONFLICT (partition, account_id) DO UPDATE SET
                name = excluded.name, state = excluded.state,
                state_time = CASE WHEN known.state = excluded.state THEN known.state_time
                    ELSE clock_timestamp() END
            WHERE (known.name, known.state) IS DISTINCT FROM (excluded.name, excluded.state)
            """;

    private static final String LEAVE =
            """
            UPDATE organization_account SET state = ?, state_time = clock_timestamp()
            WHERE partition = ? AND state <> ? AND account_id <> ALL (?)
            """;

    private static final String ACTIVE =
            "SELECT account_id FROM organization_account WHERE partition = ? AND state = ?"
                    + " ORDER BY account_id";

    private static final String INACTIVE =
            "SELECT account_id, name, state, state_time FROM organization_account"
                    + " WHERE partition = ? AND state <> ? ORDER BY account_id";

    @Inject private JpaSession session;

    @Override
    public void replace(String partition, List<ListedAccount> accounts) {
        session.sql(
                SAVE,
                save -> {
                    for (ListedAccount account :
                            accounts.stream()
                                    .sorted(Comparator.comparing(ListedAccount::id))
                                    .toList()) {
                        save.setString(1, partition);
                        save.setString(2, account.id());
                        save.setString(3, account.name());
                        save.setString(4, account.state());
                        save.addBatch();
                    }
                    return save.executeBatch();
                });
        session.sql(
                LEAVE,
                leave -> {
                    leave.setString(1, KnownAccount.LEFT);
                    leave.setString(2, partition);
                    leave.setString(3, KnownAccount.LEFT);
                    leave.setArray(
                            4,
                            leave.getConnection()
                                    .createArrayOf(
                                            "text",
                                            accounts.stream().map(ListedAccount::id).toArray()));
                    return leave.executeUpdate();
                });
    }

    @Override
    public List<String> active(String partition) {
        return session.sql(
                ACTIVE,
                query -> {
                    query.setString(1, partition);
                    query.setString(2, ListedAccount.ACTIVE);
                    List<String> ids = new ArrayList<>();
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            ids.add(row.getString(1));
                        }
                    }
                    return ids;
                });
    }

    @Override
    public List<KnownAccount> inactive(String partition) {
        return session.sql(
                INACTIVE,
                query -> {
                    query.setString(1, partition);
                    query.setString(2, ListedAccount.ACTIVE);
                    List<KnownAccount> accounts = new ArrayList<>();
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            accounts.add(
                                    new KnownAccount(
                                            row.getString(1),
                                            row.getString(2),
                                            row.getString(3),
                                            row.getTimestamp(4).toInstant()));
                        }
                    }
                    return accounts;
                });
    }
}
