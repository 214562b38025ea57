package dev.yagura.detection.feed;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.Incident;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What detection has stored, as tests look at it. */
record StoredDetections(Transactions transactions) {

    /** Every alert, with the id of its incident. */
    List<Alert> alerts() {
        return rows("SELECT body, incident_id FROM alert").stream()
                .map(row ->
                        parsed(Alert.parser(), row.body()).toBuilder()
                                .setIncident(row.text())
                                .build())
                .toList();
    }

    List<Incident> incidents() {
        return rows("SELECT body, id FROM incident").stream()
                .map(row -> parsed(Incident.parser(), row.body()))
                .toList();
    }

    /** Matches of all alerts. */
    long matches() {
        return alerts().stream().mapToLong(Alert::getMatchCount).sum();
    }

    /** The number that a query answers. */
    long count(String sql) {
        return Long.parseLong(text(sql));
    }

    /** The text that a query answers. */
    String text(String sql) {
        return transactions.query(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                rows.next();
                return rows.getString(1);
            }
        });
    }

    private record Row(byte[] body, String text) {}

    private List<Row> rows(String sql) {
        return transactions.query(connection -> {
            List<Row> found = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    found.add(new Row(rows.getBytes(1), rows.getString(2)));
                }
            }
            return found;
        });
    }

    private static <T> T parsed(Parser<T> parser, byte[] body) {
        try {
            return parser.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
