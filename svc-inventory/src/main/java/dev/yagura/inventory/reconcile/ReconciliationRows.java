package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Reconciliation;
import dev.yagura.inventory.asset.Tally;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of {@link SqlReconciliationStore}. */
final class ReconciliationRows {
    private ReconciliationRows() {}

    static List<Reconciliation> reconciliations(PreparedStatement query) throws SQLException {
        List<Reconciliation> found = new ArrayList<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                found.add(reconciliation(row));
            }
        }
        return found;
    }

    private static Reconciliation reconciliation(ResultSet row) throws SQLException {
        Map<Reconciliation.State, Integer> counts = new EnumMap<>(Reconciliation.State.class);
        for (Reconciliation.State state : Reconciliation.State.values()) {
            // The columns are in the order of the states.
            int count = row.getInt(12 + state.ordinal());
            if (count > 0) {
                counts.put(state, count);
            }
        }
        boolean goesOn =
                counts.containsKey(Reconciliation.State.WAITING)
                        || counts.containsKey(Reconciliation.State.READING);
        return new Reconciliation(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getString(3),
                row.getTimestamp(4).toInstant(),
                row.getTimestamp(5).toInstant(),
                counts,
                tally(row, 6),
                goesOn ? null : instant(row.getTimestamp(11)),
                List.of());
    }

    static Reconciliation.ReconciledSet set(ResultSet row) throws SQLException {
        return new Reconciliation.ReconciledSet(
                new AssetSet(
                        Scopes.of(row.getString(1), row.getString(2), row.getString(3)),
                        row.getString(4)),
                Reconciliation.State.valueOf(row.getString(10)),
                row.getString(11),
                tally(row, 5),
                instant(row.getTimestamp(12)),
                instant(row.getTimestamp(13)));
    }

    private static Tally tally(ResultSet row, int index) throws SQLException {
        return new Tally(
                row.getLong(index),
                row.getLong(index + 1),
                row.getLong(index + 2),
                row.getLong(index + 3),
                row.getLong(index + 4));
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
