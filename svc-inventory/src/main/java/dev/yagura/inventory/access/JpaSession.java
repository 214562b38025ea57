package dev.yagura.inventory.access;

import dev.yagura.common.persistence.DatabaseErrors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * The one entity manager of all stores: where each store injects its own, one transaction over
 * several stores has several connections, which wait for each other's locks.
 */
@ApplicationScoped
public class JpaSession {
    @PersistenceContext(unitName = "inventory")
    private EntityManager entityManager;

    /** Use of a statement. */
    @FunctionalInterface
    public interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    /** Of the caller's transaction. */
    public EntityManager entityManager() {
        return entityManager;
    }

    /**
     * SQL that JPA lacks, on the transaction's own connection: what is locked by it stays locked
     * until the end of the transaction.
     */
    public <T> T sql(String sql, Use<T> use) {
        Connection connection = entityManager.unwrap(Connection.class);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            return use.of(statement);
        } catch (SQLException e) {
            throw DatabaseErrors.translate(e);
        }
    }
}
