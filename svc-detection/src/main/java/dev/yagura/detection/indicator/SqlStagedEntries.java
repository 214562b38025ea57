package dev.yagura.detection.indicator;

import dev.yagura.indicator.IndicatorEntry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Entries of an import on their way into indicator_staging, by COPY. */
final class SqlStagedEntries {
    private static final String COPY =
            """
            COPY indicator_staging (import_id, position, id, lookup_id, kind, value, source_id, valid_from,
                valid_until, revoked_by_source, confidence, severity, labels, description, modified) FROM STDIN
            """;

    private static final int FLUSH = 64 * 1024;

    private final UUID importId;
    private final String list;
    private final CopyIn copy;
    private final StringBuilder rows = new StringBuilder(FLUSH + 8 * 1024);
    private long position;

    private SqlStagedEntries(UUID importId, String list, CopyIn copy) {
        this.importId = importId;
        this.list = list;
        this.copy = copy;
    }

    /**
     * Copies all entries.
     *
     * @return how many
     */
    static long copy(
            Connection connection, UUID importId, String list, IndicatorStore.Entries entries)
            throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
        try {
            SqlStagedEntries staged = new SqlStagedEntries(importId, list, copy);
            entries.read(staged::add);
            staged.flush();
            copy.endCopy();
            return staged.position;
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void add(IndicatorEntry entry) {
        position++;
        cell(importId.toString(), '\t');
        cell(Long.toString(position), '\t');
        cell(IndicatorIds.indicator(list, entry.key(), entry.sourceId()).toString(), '\t');
        cell(IndicatorIds.lookup(entry.key()).toString(), '\t');
        cell(Integer.toString(entry.key().kind().code()), '\t');
        cell(entry.key().value(), '\t');
        cell(entry.sourceId(), '\t');
        cell(entry.validFrom(), '\t');
        cell(entry.validUntil(), '\t');
        cell(Boolean.toString(entry.revoked()), '\t');
        cell(Integer.toString(entry.confidence()), '\t');
        cell(Integer.toString(entry.severity().getNumber()), '\t');
        cell(String.join("\n", entry.labels()), '\t');
        cell(entry.description(), '\t');
        cell(entry.modified(), '\n');
        if (rows.length() >= FLUSH) {
            flush();
        }
    }

    private void cell(@Nullable Instant time, char end) {
        if (time == null) {
            rows.append("\\N").append(end);
        } else {
            cell(time.toString(), end);
        }
    }

    /** COPY's text format. */
    private void cell(String text, char end) {
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            switch (c) {
                case '\\' -> rows.append("\\\\");
                case '\n' -> rows.append("\\n");
                case '\r' -> rows.append("\\r");
                case '\t' -> rows.append("\\t");
                default -> rows.append(c);
            }
        }
        rows.append(end);
    }

    private void flush() {
        byte[] bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
        rows.setLength(0);
        try {
            copy.writeToCopy(bytes, 0, bytes.length);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused rows of an import", e);
        }
    }
}
