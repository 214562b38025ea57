package dev.yagura.response.proposal;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Optional;

@ApplicationScoped
class JpaFollowedFeeds implements FollowedFeeds {
    @PersistenceContext(unitName = "response")
    private EntityManager entityManager;

    @Inject private Clock clock;

    @Override
    @Transactional
    public Optional<String> cursor(String feed) {
        return Optional.ofNullable(entityManager.find(JpaFollowedFeed.class, feed))
                .map(JpaFollowedFeed::cursor);
    }

    @Override
    @Transactional
    public void save(String feed, String cursor) {
        entityManager.merge(new JpaFollowedFeed(feed, cursor, clock.instant()));
    }
}
