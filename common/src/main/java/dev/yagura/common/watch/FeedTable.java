package dev.yagura.common.watch;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Statements on the tables feed_head and feed_change of one feed. */
final class FeedTable {
    private static final int TRIM_BATCH = 5000;

    // One round trip: takes the numbers and writes the rows.
    private static final String APPEND =
            """
            WITH taken AS (
                UPDATE feed_head SET head = head + ? WHERE feed = ? RETURNING feed, head)
            INSERT INTO feed_change (feed, number, key)
            SELECT taken.feed, taken.head - ? + changed.place, changed.key
            FROM taken, unnest(?::uuid[]) WITH ORDINALITY AS changed (key, place)
            """;

    private static final String BOUNDS =
            """
            SELECT incarnation, head,
                coalesce((SELECT min(number) FROM feed_change WHERE feed = ?), head + 1) AS first
            FROM feed_head WHERE feed = ?
            """;

    // Head and rows of one snapshot.
    private static final String READ =
            """
            SELECT h.incarnation, h.head, c.number, c.key
            FROM feed_head h LEFT JOIN LATERAL (
                SELECT number, key FROM feed_change
                WHERE feed = h.feed AND number > ? ORDER BY number LIMIT ?) c ON true
            WHERE h.feed = ? ORDER BY c.number
            """;

    // Looks at the lowest rows only: numbers and times rise together.
    private static final String TRIM =
            """
            DELETE FROM feed_change WHERE feed = ? AND number IN (
                SELECT number FROM (
                    SELECT number, changed_at FROM feed_change
                    WHERE feed = ? ORDER BY number LIMIT ?) AS lowest
                WHERE number <= (SELECT head - ? FROM feed_head WHERE feed = ?)
                    OR changed_at < clock_timestamp() - make_interval(secs => ?))
            """;

    private final String feed;

    FeedTable(String feed) {
        this.feed = feed;
    }

    /**
     * What the feed has.
     *
     * @param first lowest number kept; head + 1 when nothing is
     */
    record Bounds(UUID incarnation, long head, long first) {}

    /** Rows above a number, and the head of the same moment. */
    record Page(UUID incarnation, long head, List<Change> changes) {}

    void append(Connection connection, Collection<UUID> keys) throws SQLException {
        Array array = connection.createArrayOf("uuid", keys.toArray());
        try (PreparedStatement append = connection.prepareStatement(APPEND)) {
            append.setInt(1, keys.size());
            append.setString(2, feed);
            append.setInt(3, keys.size());
            append.setArray(4, array);
            if (append.executeUpdate() != keys.size()) {
                throw unknownFeed();
            }
        } finally {
            array.free();
        }
    }

    Bounds bounds(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(BOUNDS)) {
            query.setString(1, feed);
            query.setString(2, feed);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw unknownFeed();
                }
                return new Bounds(row.getObject(1, UUID.class), row.getLong(2), row.getLong(3));
            }
        }
    }

    Page read(Connection connection, long after, int limit) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(READ)) {
            query.setLong(1, after);
            query.setInt(2, limit);
            query.setString(3, feed);
            try (ResultSet rows = query.executeQuery()) {
                if (!rows.next()) {
                    throw unknownFeed();
                }
                UUID incarnation = rows.getObject(1, UUID.class);
                long head = rows.getLong(2);
                List<Change> changes = new ArrayList<>();
                do {
                    long number = rows.getLong(3);
                    if (!rows.wasNull()) {
                        changes.add(new Change(number, rows.getObject(4, UUID.class)));
                    }
                } while (rows.next());
                return new Page(incarnation, head, List.copyOf(changes));
            }
        }
    }

    /** Deletes one batch; true when there may be more. */
    boolean trim(Connection connection, Duration maxAge, long maxChanges) throws SQLException {
        try (PreparedStatement trim = connection.prepareStatement(TRIM)) {
            trim.setString(1, feed);
            trim.setString(2, feed);
            trim.setInt(3, TRIM_BATCH);
            trim.setLong(4, maxChanges);
            trim.setString(5, feed);
            trim.setDouble(6, maxAge.toMillis() / 1000.0);
            return trim.executeUpdate() == TRIM_BATCH;
        }
    }

    private IllegalStateException unknownFeed() {
        return new IllegalStateException(
                "feed_head has no row '%s'; a migration must insert it".formatted(feed));
    }
}
