package dev.yagura.inventory.enrollment;

import dev.yagura.inventory.access.JpaSession;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.UUID;

@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
class JpaEnrollmentTokenStore implements EnrollmentTokenStore {
    @Inject private JpaSession session;

    @Override
    public void insert(EnrollmentToken token, String secretSha256) {
        session.entityManager().persist(JpaEnrollmentToken.of(token, secretSha256));
    }

    @Override
    public Optional<EnrollmentToken> lock(String secretSha256) {
        return session
                .entityManager()
                .createQuery(
                        "SELECT t FROM JpaEnrollmentToken t WHERE t.secretSha256 = :hash",
                        JpaEnrollmentToken.class)
                .setParameter("hash", secretSha256)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList()
                .stream()
                .findFirst()
                .map(JpaEnrollmentToken::token);
    }

    @Override
    public void countUse(UUID id) {
        session.entityManager().find(JpaEnrollmentToken.class, id).countUse();
    }
}
