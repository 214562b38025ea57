package dev.yagura.ingest.feed;

import dev.yagura.common.persistence.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Positions in PostgreSQL; every consumer writes all of its partitions each second. */
@ApplicationScoped
class SqlPositionStore implements PositionStore {
    private static final String UPSERT =
            """
            INSERT INTO consumer_position (consumer, log_partition, incarnation, position, replay_floor)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (consumer, log_partition) DO UPDATE
            SET incarnation = excluded.incarnation, position = excluded.position,
                replay_floor = excluded.replay_floor, updated_at = now()
            """;

    private final Transactions transactions;

    @Inject
    SqlPositionStore(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void save(List<ConsumerPosition> positions) {
        // One order for all writers: two of them never wait for each other.
        List<ConsumerPosition> ordered =
                positions.stream()
                        .sorted(Comparator.comparingInt(ConsumerPosition::partition))
                        .toList();
        transactions.run(transaction -> {
            try (PreparedStatement upsert = transaction.connection().prepareStatement(UPSERT)) {
                for (ConsumerPosition position : ordered) {
                    upsert.setString(1, position.consumer());
                    upsert.setInt(2, position.partition());
                    upsert.setString(3, position.incarnation());
                    upsert.setLong(4, position.position());
                    upsert.setLong(5, position.replayFloor());
                    upsert.addBatch();
                }
                upsert.executeBatch();
            }
        });
    }

    @Override
    public List<ConsumerPosition> all() {
        return transactions.query(connection -> {
            List<ConsumerPosition> all = new ArrayList<>();
            try (PreparedStatement select =
                            connection.prepareStatement(
                                    "SELECT consumer, log_partition, incarnation, position, replay_floor FROM consumer_position");
                    ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(
                            new ConsumerPosition(
                                    rows.getString(1),
                                    rows.getInt(2),
                                    rows.getString(3),
                                    rows.getLong(4),
                                    rows.getLong(5)));
                }
            }
            return all;
        });
    }
}
