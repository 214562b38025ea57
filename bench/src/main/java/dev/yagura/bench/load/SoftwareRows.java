package dev.yagura.bench.load;

import dev.yagura.bench.platform.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Software of all generated instances, without times of installation: two hundred hosts have the
 * same list, of five hundred packages. Of most packages there are five versions; one of a hundred
 * is of another version in each list.
 */
public final class SoftwareRows {
    private static final int HOSTS_OF_A_LIST = 200;
    private static final int PACKAGES = 500;

    /** Every host has it, in one of five versions. */
    public static final String COMMON = "package-7";

    /** Every host has it; its versions are those of {@link #rareVersion}. */
    public static final String RARE = "package-100";

    private static final String LISTS =
            "INSERT INTO software_list (fingerprint, used_time)"
                    + " SELECT sha256(list::text::bytea), now() FROM generate_series(1, ?) list";

    private static final String ENTRIES =
            """
            INSERT INTO software_entry (list_id, position, folded_name, name, version, release,
                architecture, publisher)
            SELECT list.id, entry, 'package-' || entry, 'package-' || entry,
                CASE WHEN entry % 100 = 0 THEN '2.' || list.id ELSE '1.' || list.id % 5 END,
                '1.amzn2023', 'x86_64', 'Amazon Linux'
            FROM software_list list, generate_series(1, ?) entry
            """;

    private static final String HOSTS =
            """
            INSERT INTO software_host (asset_id, partition, account_id, region, list_id,
                capture_time, left_out, read_time)
            SELECT id, partition, account_id, region,
                (SELECT min(id) FROM software_list) + row_number() OVER (ORDER BY id) % ?,
                now(), 0, now()
            FROM asset WHERE resource_type = 'AWS::EC2::Instance'
            """;

    private SoftwareRows() {}

    /** A version of {@link #RARE} that one list has, or none. */
    public static String rareVersion(int any) {
        return "2." + any % 1_000;
    }

    /**
     * Writes them.
     *
     * @param hosts how many instances there are
     */
    static void writeTo(Database database, int hosts) throws SQLException {
        int lists = Math.max(1, hosts / HOSTS_OF_A_LIST);
        try (Connection connection = database.connect()) {
            run(connection, LISTS, lists);
            run(connection, ENTRIES, PACKAGES);
            run(connection, HOSTS, lists);
            try (Statement settle = connection.createStatement()) {
                for (String table : List.of("software_list", "software_entry", "software_host")) {
                    settle.execute("VACUUM ANALYZE " + table);
                }
            }
        }
    }

    private static void run(Connection connection, String sql, int number) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, number);
            statement.executeUpdate();
        }
    }
}
