package dev.yagura.bench.load;

import dev.yagura.bench.platform.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * A table that very many rows are copied into by one transaction, which holds it. Its indexes are
 * made anew when all rows are there, as whoever loads a database does.
 */
final class CopiedTable implements AutoCloseable {
    private static final HexFormat HEX = HexFormat.of();
    private static final int BUFFER = 1 << 16;

    private static final String CONSTRAINTS =
            "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),"
                    + " format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname,"
                    + " pg_get_constraintdef(oid)) FROM pg_constraint"
                    + " WHERE conrelid = ?::regclass AND contype IN ('p', 'u')";
    private static final String INDEXES =
            "SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)"
                    + " FROM pg_index WHERE indrelid = ?::regclass AND indexrelid NOT IN"
                    + " (SELECT conindid FROM pg_constraint WHERE conrelid = indrelid)";

    private final String name;
    private final Connection connection;
    private final CopyIn copy;
    private final List<String> remade = new ArrayList<>();
    private final StringBuilder buffer = new StringBuilder(BUFFER * 2);

    /**
     * Opens it.
     *
     * @param columns in the order of {@link #row}, with commas
     */
    CopiedTable(Database database, String name, String columns) throws SQLException {
        this.name = name;
        connection = database.connect();
        connection.setAutoCommit(false);
        execute("LOCK TABLE " + name);
        execute("SET LOCAL maintenance_work_mem = '256MB'");
        for (String query : List.of(CONSTRAINTS, INDEXES)) {
            drop(query);
        }
        copy =
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY %s (%s) FROM STDIN".formatted(name, columns));
    }

    private void drop(String query) throws SQLException {
        List<String> dropped = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    dropped.add(row.getString(1));
                    remade.add(row.getString(2));
                }
            }
        }
        for (String each : dropped) {
            execute(each);
        }
    }

    /** Adds a row: texts, numbers, bytes, or null. */
    void row(@Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            buffer.append(i == 0 ? "" : "\t");
            append(values[i]);
        }
        buffer.append('\n');
        if (buffer.length() > BUFFER) {
            flush();
        }
    }

    /** As the text format of COPY has it. */
    private void append(@Nullable Object value) {
        switch (value) {
            case null -> buffer.append("\\N");
            case byte[] bytes -> buffer.append("\\\\x").append(HEX.formatHex(bytes));
            case String text -> buffer.append(text.replace("\\", "\\\\"));
            default -> buffer.append(value);
        }
    }

    private void flush() throws SQLException {
        byte[] bytes = buffer.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        buffer.setLength(0);
    }

    /** Ends it, with its indexes. */
    void commit() throws SQLException {
        flush();
        copy.endCopy();
        for (String each : remade) {
            execute(each);
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    /**
     * Leaves it as it is after a while in use. Only when other transactions that began before its
     * end have ended too does PostgreSQL know that everybody sees its rows.
     */
    void settle() throws SQLException {
        execute("VACUUM ANALYZE " + name);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** What was not committed is not there. */
    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException("cannot close the connection that filled " + name, e);
        }
    }
}
