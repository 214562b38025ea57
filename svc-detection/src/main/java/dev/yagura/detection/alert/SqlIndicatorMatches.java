package dev.yagura.detection.alert;

import dev.yagura.proto.detection.v1.Match;
import dev.yagura.proto.ingest.v1.Position;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Matches of indicators that are in alerts. Live detection and a retro-match derive the same id for
 * the same event and list; who writes it first, in the transaction of the alert, counts it.
 */
public final class SqlIndicatorMatches {
    private static final String CLAIM =
            """
            INSERT INTO indicator_match (match_id, partition_id, incarnation, log_offset, create_time)
            SELECT * FROM unnest(?, ?, ?, ?, ?) ON CONFLICT (match_id) DO NOTHING RETURNING match_id
            """;

    private SqlIndicatorMatches() {}

    /** Without those of indicators that are in an alert already; in the same order. */
    public static List<Sighting> claim(Connection connection, List<Sighting> sightings, Instant now)
            throws SQLException {
        Map<UUID, Position> wanted = new LinkedHashMap<>();
        for (Sighting sighting : sightings) {
            Match match = sighting.match();
            if (match.getIndicatorsCount() > 0) {
                wanted.put(UUID.fromString(match.getId()), match.getEvidence().getPosition());
            }
        }
        if (wanted.isEmpty()) {
            return sightings;
        }
        Set<UUID> claimed = insert(connection, wanted, now);
        List<Sighting> fresh = new ArrayList<>();
        for (Sighting sighting : sightings) {
            if (sighting.match().getIndicatorsCount() == 0
                    || claimed.remove(UUID.fromString(sighting.match().getId()))) {
                fresh.add(sighting);
            }
        }
        return fresh;
    }

    private static Set<UUID> insert(Connection connection, Map<UUID, Position> matches, Instant now)
            throws SQLException {
        Set<UUID> claimed = new HashSet<>();
        // In the order of ids, so that nobody deadlocks.
        List<UUID> ids = matches.keySet().stream().sorted().toList();
        List<Position> places = ids.stream().map(matches::get).toList();
        List<Array> columns =
                List.of(
                        connection.createArrayOf("uuid", ids.toArray()),
                        connection.createArrayOf(
                                "int4", places.stream().map(Position::getPartition).toArray()),
                        connection.createArrayOf(
                                "text", places.stream().map(Position::getIncarnation).toArray()),
                        connection.createArrayOf(
                                "int8", places.stream().map(Position::getOffset).toArray()),
                        connection.createArrayOf(
                                "timestamptz",
                                ids.stream().map(id -> Timestamp.from(now)).toArray()));
        try (PreparedStatement insert = connection.prepareStatement(CLAIM)) {
            for (int index = 0; index < columns.size(); index++) {
                insert.setArray(index + 1, columns.get(index));
            }
            try (ResultSet rows = insert.executeQuery()) {
                while (rows.next()) {
                    claimed.add(rows.getObject(1, UUID.class));
                }
            }
        }
        for (Array column : columns) {
            column.free();
        }
        return claimed;
    }

    /**
     * Forgets matches whose events the log does not keep any more.
     *
     * @param first oldest entry that the partition keeps
     * @param othersBefore matches in other logs are forgotten when they were made before this
     */
    public static void prune(Connection connection, Position first, Instant othersBefore)
            throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement(
                        """
                        DELETE FROM indicator_match WHERE partition_id = ?
                            AND (incarnation = ? AND log_offset < ? OR incarnation <> ? AND create_time < ?)
                        """)) {
            delete.setInt(1, first.getPartition());
            delete.setString(2, first.getIncarnation());
            delete.setLong(3, first.getOffset());
            delete.setString(4, first.getIncarnation());
            delete.setTimestamp(5, Timestamp.from(othersBefore));
            delete.executeUpdate();
        }
    }
}
