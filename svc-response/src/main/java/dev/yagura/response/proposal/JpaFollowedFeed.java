package dev.yagura.response.proposal;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

@Entity
@Table(name = "followed_feed")
class JpaFollowedFeed {
    @Id private String name = "";
    private String cursor = "";

    @Column(name = "updated_at")
    private Instant updatedAt = Instant.EPOCH;

    protected JpaFollowedFeed() {}

    JpaFollowedFeed(String name, String cursor, Instant now) {
        this.name = name;
        this.cursor = cursor;
        this.updatedAt = now;
    }

    String cursor() {
        return cursor;
    }
}
