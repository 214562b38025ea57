package dev.yagura.bench.platform;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * Tables of a service in the platform's PostgreSQL.
 *
 * @param user owns the tables
 */
public record Database(String schema, String url, String user, String password) {

    /** A connection that finds the tables without their schema's name. */
    public Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(url, user, password);
        connection.setSchema(schema);
        return connection;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return url + " as " + user;
    }
}
