package dev.yagura.response.action;

import jakarta.persistence.EntityManager;
import java.math.BigDecimal;
import java.time.Instant;

/** The database's clock: replicas need not agree on theirs. */
public final class JpaClock {
    private JpaClock() {}

    /** The time now, whenever the transaction began. */
    public static Instant now(EntityManager entityManager) {
        BigDecimal seconds =
                (BigDecimal)
                        entityManager
                                .createNativeQuery("SELECT extract(epoch FROM clock_timestamp())")
                                .getSingleResult();
        return Instant.ofEpochSecond(
                seconds.longValue(),
                seconds.remainder(BigDecimal.ONE).movePointRight(9).intValue());
    }
}
