package dev.yagura.inventory.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.common.text.Texts;
import dev.yagura.inventory.access.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Each call's answer is saved if nothing newer is; users follow the answer that has them. */
@ApplicationScoped
class SqlAccountFactStore implements AccountFactStore {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int REASON_LENGTH = 500;
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    /** The content of before stays where there is none now. */
    private static final String SAVE =
            """
            INSERT INTO account_fact AS known (partition, account_id, action, asked_time,
                observed_time, content, failure)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (partition, account_id, action) DO UPDATE SET
                asked_time = excluded.asked_time, failure = excluded.failure,
                observed_time = coalesce(excluded.observed_time, known.observed_time),
                content = CASE WHEN excluded.observed_time IS NULL THEN known.content
                    ELSE excluded.content END
            WHERE known.asked_time < excluded.asked_time
            """;

    /** Writes only what is new: a report is made every four hours at most. */
    private static final String SAVE_USER =
            """
            INSERT INTO account_user AS known (id, partition, account_id, name, password, mfa,
                active_keys)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET password = excluded.password, mfa = excluded.mfa,
                active_keys = excluded.active_keys
            WHERE (known.password, known.mfa, known.active_keys)
                IS DISTINCT FROM (excluded.password, excluded.mfa, excluded.active_keys)
            """;

    private static final String REMOVE_USERS =
            "DELETE FROM account_user WHERE partition = ? AND account_id = ? AND id <> ALL (?)";

    private static final String FACTS =
            "SELECT partition, account_id, action, observed_time, content, failure"
                    + " FROM account_fact WHERE (? OR account_id = ANY (?))"
                    + " ORDER BY partition, account_id";

    private static final String USERS_OF_ACCOUNT =
            "SELECT name, password, mfa, active_keys FROM account_user WHERE account_id = ?"
                    + " ORDER BY name";

    private static final String USERS =
            "SELECT u.name, u.password, u.mfa, u.active_keys, u.id, u.partition, u.account_id,"
                    + " f.observed_time FROM account_user u JOIN account_fact f"
                    + " ON f.partition = u.partition AND f.account_id = u.account_id"
                    + " AND f.action = ? WHERE u.id > ? AND (? OR u.account_id = ANY (?))"
                    + " ORDER BY u.id LIMIT ?";

    private final Transactions transactions;

    @Inject
    SqlAccountFactStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Of one call, as it is kept. */
    private record Content(String action, @Nullable Instant observed, String text, String failure) {
        static Content of(String action, Answer<?> answer) {
            return switch (answer) {
                case Answer.Told<?> told ->
                        new Content(action, told.observed(), json(counted(told.value())), "");
                case Answer.Pending<?> pending -> new Content(action, null, "", pending.why());
                case Answer.Failed<?> failed -> new Content(action, null, "", failed.why());
            };
        }

        /** Users have rows of their own. */
        private static Object counted(Object value) {
            return value instanceof List<?> users ? users.size() : value;
        }
    }

    @Override
    public void save(String partition, String accountId, AccountAnswers answers, Instant asked) {
        transactions.run(transaction -> {
            Connection connection = transaction.connection();
            Account account = new Account(partition, accountId);
            save(connection, account, Content.of(AccountFacts.ROOT, answers.root()), asked);
            save(
                    connection,
                    account,
                    Content.of(AccountFacts.PASSWORDS, answers.passwords()),
                    asked);
            save(
                    connection,
                    account,
                    Content.of(AccountFacts.PUBLIC_ACCESS, answers.publicAccess()),
                    asked);
            boolean newest =
                    save(
                            connection,
                            account,
                            Content.of(AccountFacts.USERS, answers.users()),
                            asked);
            if (newest && answers.users() instanceof Answer.Told<List<IamUser>> told) {
                saveUsers(connection, account, told.value());
            }
        });
    }

    private record Account(String partition, String id) {}

    /** False when a later reading has asked for it. */
    private static boolean save(
            Connection connection, Account account, Content content, Instant asked)
            throws SQLException {
        try (PreparedStatement save = connection.prepareStatement(SAVE)) {
            save.setString(1, account.partition());
            save.setString(2, account.id());
            save.setString(3, content.action());
            save.setTimestamp(4, Timestamp.from(asked));
            save.setTimestamp(
                    5, content.observed() == null ? null : Timestamp.from(content.observed()));
            save.setString(6, content.text());
            save.setString(7, Texts.clip(content.failure(), REASON_LENGTH));
            return save.executeUpdate() == 1;
        }
    }

    private static void saveUsers(Connection connection, Account account, List<IamUser> users)
            throws SQLException {
        List<UUID> ids = new ArrayList<>();
        try (PreparedStatement save = connection.prepareStatement(SAVE_USER)) {
            for (IamUser user :
                    users.stream().sorted(Comparator.comparing(IamUser::name)).toList()) {
                UUID id = AccountFacts.id(account.id(), IamUser.TYPE, user.name());
                ids.add(id);
                save.setObject(1, id);
                save.setString(2, account.partition());
                save.setString(3, account.id());
                save.setString(4, user.name());
                save.setBoolean(5, user.password());
                save.setBoolean(6, user.mfa());
                save.setArray(
                        7,
                        connection.createArrayOf(
                                "timestamptz",
                                user.activeKeys().stream().map(Timestamp::from).toArray()));
                save.addBatch();
            }
            save.executeBatch();
        }
        try (PreparedStatement remove = connection.prepareStatement(REMOVE_USERS)) {
            remove.setString(1, account.partition());
            remove.setString(2, account.id());
            remove.setArray(3, connection.createArrayOf("uuid", ids.toArray()));
            remove.executeUpdate();
        }
    }

    @Override
    public Optional<AccountFacts> find(String accountId) {
        return list(new Visibility(Set.of(accountId))).stream().findFirst();
    }

    @Override
    public List<AccountFacts> list(Visibility visibility) {
        return transactions.query(connection -> {
            try (PreparedStatement query = connection.prepareStatement(FACTS)) {
                query.setBoolean(1, visibility.all());
                query.setArray(
                        2, connection.createArrayOf("text", visibility.accountIds().toArray()));
                Map<Account, Map<String, Content>> accounts = new LinkedHashMap<>();
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        accounts.computeIfAbsent(
                                        new Account(row.getString(1), row.getString(2)),
                                        account -> new LinkedHashMap<>())
                                .put(
                                        row.getString(3),
                                        new Content(
                                                row.getString(3),
                                                instant(row.getTimestamp(4)),
                                                row.getString(5),
                                                row.getString(6)));
                    }
                }
                return accounts.entrySet().stream()
                        .map(each -> facts(each.getKey(), each.getValue()))
                        .sorted(Comparator.comparing(AccountFacts::id))
                        .toList();
            }
        });
    }

    private static AccountFacts facts(Account account, Map<String, Content> contents) {
        return new AccountFacts(
                account.partition(),
                account.id(),
                fact(contents, AccountFacts.ROOT, RootUser.class),
                fact(contents, AccountFacts.PASSWORDS, PasswordPolicy.class),
                fact(contents, AccountFacts.USERS, Integer.class),
                fact(contents, AccountFacts.PUBLIC_ACCESS, PublicAccessBlock.class));
    }

    private static <T> Fact<T> fact(Map<String, Content> contents, String action, Class<T> type) {
        @Nullable Content content = contents.get(action);
        if (content == null) {
            return Fact.unknown(action);
        }
        return new Fact<>(
                action,
                content.observed() == null ? null : parsed(content.text(), type),
                content.observed(),
                content.failure());
    }

    @Override
    public List<IamUser> users(String accountId) {
        return transactions.query(connection -> {
            try (PreparedStatement query = connection.prepareStatement(USERS_OF_ACCOUNT)) {
                query.setString(1, accountId);
                List<IamUser> users = new ArrayList<>();
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        users.add(user(row));
                    }
                }
                return users;
            }
        });
    }

    @Override
    public List<ListedUser> users(Visibility visibility, Optional<UUID> after, int limit) {
        return transactions.query(connection -> {
            try (PreparedStatement query = connection.prepareStatement(USERS)) {
                query.setString(1, AccountFacts.USERS);
                query.setObject(2, after.orElse(BEFORE_ALL));
                query.setBoolean(3, visibility.all());
                query.setArray(
                        4, connection.createArrayOf("text", visibility.accountIds().toArray()));
                query.setInt(5, limit);
                List<ListedUser> users = new ArrayList<>();
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        users.add(
                                new ListedUser(
                                        row.getObject(5, UUID.class),
                                        row.getString(6),
                                        row.getString(7),
                                        user(row),
                                        row.getTimestamp(8).toInstant()));
                    }
                }
                return users;
            }
        });
    }

    private static IamUser user(ResultSet row) throws SQLException {
        return new IamUser(
                row.getString(1),
                row.getBoolean(2),
                row.getBoolean(3),
                Arrays.stream((Timestamp[]) row.getArray(4).getArray())
                        .map(Timestamp::toInstant)
                        .toList());
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what an account is cannot be written", e);
        }
    }

    private static <T> T parsed(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what is kept of an account is not readable", e);
        }
    }
}
