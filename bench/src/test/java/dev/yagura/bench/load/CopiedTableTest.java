package dev.yagura.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.bench.platform.Database;
import dev.yagura.testkit.PostgresFixture;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CopiedTableTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("sample");

    private static final String INDEXES =
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'sample' ORDER BY indexname";

    private Database database;

    @BeforeEach
    void makeTable() {
        Map<String, String> keys = POSTGRES.settings();
        String prefix = "yagura.sample.database.";
        database =
                new Database(
                        "sample",
                        Objects.requireNonNull(keys.get(prefix + "url")),
                        Objects.requireNonNull(keys.get(prefix + "migration-user")),
                        Objects.requireNonNull(keys.get(prefix + "migration-password")));
        POSTGRES.execute(
                "DROP TABLE IF EXISTS sample.thing; CREATE TABLE sample.thing (id uuid PRIMARY KEY,"
                        + " name text NOT NULL, content bytea, UNIQUE (name, id));"
                        + " CREATE INDEX thing_named ON sample.thing (name) WHERE name <> ''");
    }

    @Test
    void keepsRowsAsTheyAreAndIndexesAsTheyWere() throws Exception {
        List<String> before = rows(INDEXES);
        try (CopiedTable table = new CopiedTable(database, "thing", "id, name, content")) {
            table.row(new UUID(0, 1), "back\\slash", new byte[] {0, (byte) 0xFF});
            table.row(new UUID(0, 2), "", null);
            table.commit();
            table.settle();
        }

        assertThat(before).hasSize(3);
        assertThat(rows(INDEXES)).isEqualTo(before);
        assertThat(
                        rows(
                                "SELECT name || ':' || coalesce(encode(content, 'hex'), 'none')"
                                        + " FROM thing ORDER BY id"))
                .containsExactly("back\\slash:00ff", ":none");
    }

    @Test
    void leavesTheTableAloneWhenItIsNotCommitted() throws Exception {
        List<String> before = rows(INDEXES);
        try (CopiedTable table = new CopiedTable(database, "thing", "id, name")) {
            table.row(new UUID(0, 1), "lost");
        }

        assertThat(rows("SELECT name FROM thing")).isEmpty();
        assertThat(rows(INDEXES)).isEqualTo(before);
    }

    private List<String> rows(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }
}
