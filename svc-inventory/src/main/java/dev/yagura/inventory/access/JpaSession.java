package dev.yagura.inventory.access;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;

/**
 * The one entity manager of all stores: where each store injects its own, one transaction over
 * several stores has several connections, which wait for each other's locks.
 */
@ApplicationScoped
public class JpaSession {
    @PersistenceContext(unitName = "inventory")
    private EntityManager entityManager;

    /** Of the caller's transaction. */
    public EntityManager entityManager() {
        return entityManager;
    }
}
