package dev.yagura.inventory.enrollment;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.UUID;

@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
class JpaEnrollmentTokenStore implements EnrollmentTokenStore {
    @PersistenceContext(unitName = "inventory")
    private EntityManager entityManager;

    @Override
    public void insert(EnrollmentToken token, String secretSha256) {
        entityManager.persist(JpaEnrollmentToken.of(token, secretSha256));
    }

    @Override
    public Optional<EnrollmentToken> lock(String secretSha256) {
        return entityManager
                .createQuery(
                        "SELECT t FROM JpaEnrollmentToken t WHERE t.secretSha256 = :hash",
                        JpaEnrollmentToken.class)
                .setParameter("hash", secretSha256)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .findFirst()
                .map(JpaEnrollmentToken::token);
    }

    @Override
    public void countUse(UUID id) {
        entityManager.find(JpaEnrollmentToken.class, id).countUse();
    }
}
