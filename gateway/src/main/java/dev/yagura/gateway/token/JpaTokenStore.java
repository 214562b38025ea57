package dev.yagura.gateway.token;

import dev.yagura.common.watch.ChangeFeeds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** In the schema of the gateway; a revocation is in the feed "tokens". */
@ApplicationScoped
class JpaTokenStore implements TokenStore {
    @PersistenceContext(unitName = "gateway")
    private EntityManager entityManager;

    @Inject private ChangeFeeds feeds;

    @Override
    @Transactional
    public void insert(Token token) {
        entityManager.persist(new JpaToken(token));
    }

    @Override
    @Transactional
    public Optional<Token> find(UUID id) {
        return Optional.ofNullable(entityManager.find(JpaToken.class, id)).map(JpaToken::toToken);
    }

    @Override
    @Transactional
    public List<Token> list(Optional<UUID> below, int limit) {
        String where = below.isPresent() ? "WHERE t.id < :below " : "";
        TypedQuery<JpaToken> query =
                entityManager.createQuery(
                        "SELECT t FROM JpaToken t " + where + "ORDER BY t.id DESC", JpaToken.class);
        below.ifPresent(id -> query.setParameter("below", id));
        return query.setMaxResults(limit).getResultList().stream().map(JpaToken::toToken).toList();
    }

    @Override
    @Transactional
    public List<Token> liveAdmins(Instant now) {
        return entityManager
                .createQuery(
                        "SELECT t FROM JpaToken t WHERE t.role = 'ADMIN' AND t.revokedAt IS NULL"
                                + " AND t.expiresAt > :now",
                        JpaToken.class)
                .setParameter("now", now)
                .getResultStream()
                .map(JpaToken::toToken)
                .toList();
    }

    @Override
    @Transactional
    public Optional<Token> revoke(UUID id, Instant now) {
        JpaToken found = entityManager.find(JpaToken.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (found == null) {
            return Optional.empty();
        }
        if (!found.isRevoked()) {
            found.revoke(now);
            feeds.feed(TokenRevocations.FEED).append(entityManager, id);
        }
        return Optional.of(found.toToken());
    }
}
