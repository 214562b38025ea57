package dev.yagura.common.persistence;

import dev.yagura.common.watch.ChangeFeeds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A store as a service writes it. */
@ApplicationScoped
class JpaItemStore {
    @PersistenceContext(unitName = "sample")
    private EntityManager entityManager;

    @Inject private ChangeFeeds feeds;

    @Transactional
    void insert(JpaItem item) {
        entityManager.persist(item);
        feeds.feed("items").append(entityManager, item.id());
    }

    @Transactional
    void insertAndFail(JpaItem item) {
        insert(item);
        throw new IllegalStateException("no");
    }

    @Transactional
    Optional<JpaItem> find(UUID id) {
        return Optional.ofNullable(entityManager.find(JpaItem.class, id));
    }

    @Transactional
    List<JpaItem> findAll(List<UUID> ids) {
        return entityManager
                .createQuery(
                        "SELECT i FROM JpaItem i WHERE i.id IN :ids ORDER BY i.id", JpaItem.class)
                .setParameter("ids", ids)
                .getResultList();
    }

    @Transactional
    List<JpaItem> findByParent(UUID parent) {
        return entityManager
                .createQuery("SELECT i FROM JpaItem i WHERE i.parent = :parent", JpaItem.class)
                .setParameter("parent", parent)
                .getResultList();
    }
}
