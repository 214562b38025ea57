package dev.yagura.detection.arrival;

import dev.yagura.sigma.taxonomy.EventKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Kinds of events that arrived. */
public final class SqlArrivals {
    /** Longer than anybody may ask for. */
    private static final Duration KEPT = Duration.ofDays(100);

    /** Kinds are made by agents' events: how many are kept must not be theirs to say. */
    private static final int MOST_KINDS = 20_000;

    private static final Comparator<EventKind> IN_ORDER =
            Comparator.comparing(EventKind::os)
                    .thenComparing(EventKind::source)
                    .thenComparing(EventKind::classUid)
                    .thenComparing(EventKind::activityId)
                    .thenComparing(EventKind::channel)
                    .thenComparing(EventKind::eventId);

    private static final String SAW =
            """
            INSERT INTO arrived_kind AS k (os, source, class_uid, activity_id, channel, event_id, last_time)
            SELECT kinds.*, ? FROM unnest(?::text[], ?::text[], ?::integer[], ?::integer[], ?::text[], ?::text[]) kinds
            ON CONFLICT (os, source, class_uid, activity_id, channel, event_id)
                DO UPDATE SET last_time = greatest(k.last_time, excluded.last_time)
            """;

    private static final String FORGET =
            """
            DELETE FROM arrived_kind WHERE last_time < ? OR last_time < (
                SELECT last_time FROM arrived_kind ORDER BY last_time DESC OFFSET ? LIMIT 1)
            """;

    private SqlArrivals() {}

    /** Events of these kinds arrived until now; rows are written in one order. */
    public static void saw(Connection connection, Collection<EventKind> kinds, Instant now)
            throws SQLException {
        if (kinds.isEmpty()) {
            return;
        }
        List<EventKind> ordered = kinds.stream().sorted(IN_ORDER).toList();
        try (PreparedStatement insert = connection.prepareStatement(SAW)) {
            insert.setTimestamp(1, Timestamp.from(now));
            array(insert, 2, "text", ordered.stream().map(EventKind::os).toArray());
            array(insert, 3, "text", ordered.stream().map(EventKind::source).toArray());
            array(insert, 4, "int4", ordered.stream().map(EventKind::classUid).toArray());
            array(insert, 5, "int4", ordered.stream().map(EventKind::activityId).toArray());
            array(insert, 6, "text", ordered.stream().map(EventKind::channel).toArray());
            array(insert, 7, "text", ordered.stream().map(EventKind::eventId).toArray());
            insert.executeUpdate();
        }
        try (PreparedStatement forget = connection.prepareStatement(FORGET)) {
            forget.setTimestamp(1, Timestamp.from(now.minus(KEPT)));
            forget.setInt(2, MOST_KINDS);
            forget.executeUpdate();
        }
    }

    private static void array(PreparedStatement insert, int at, String type, Object[] values)
            throws SQLException {
        insert.setArray(at, insert.getConnection().createArrayOf(type, values));
    }

    /** When the newest event of each kind came; kinds without one since then are not there. */
    public static Map<EventKind, Instant> since(Connection connection, Instant earliest)
            throws SQLException {
        Map<EventKind, Instant> kinds = new HashMap<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT os, source, class_uid, activity_id, channel, event_id, last_time"
                                + " FROM arrived_kind WHERE last_time >= ?")) {
            query.setTimestamp(1, Timestamp.from(earliest));
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    kinds.put(
                            new EventKind(
                                    rows.getString(1),
                                    rows.getString(2),
                                    rows.getInt(3),
                                    rows.getInt(4),
                                    rows.getString(5),
                                    rows.getString(6)),
                            rows.getTimestamp(7).toInstant());
                }
            }
        }
        return kinds;
    }
}
