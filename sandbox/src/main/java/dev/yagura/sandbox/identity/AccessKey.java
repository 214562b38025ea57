package dev.yagura.sandbox.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A long-lived key of a user. Not safe for use by several threads at once. */
public final class AccessKey {
    private final String id;
    private final String secret;
    private final Instant createdAt;
    private boolean active = true;
    private @Nullable Use lastUse;

    /** IAM itself tells it hours later; here at once. */
    record Use(Instant at, String service, String region) {}

    public AccessKey(String id, String secret, Instant createdAt) {
        this.id = id;
        this.secret = secret;
        this.createdAt = createdAt;
    }

    String id() {
        return id;
    }

    String secret() {
        return secret;
    }

    Instant createdAt() {
        return createdAt;
    }

    boolean isActive() {
        return active;
    }

    void setActive(boolean active) {
        this.active = active;
    }

    @Nullable Use lastUse() {
        return lastUse;
    }

    void used(Use use) {
        this.lastUse = use;
    }
}
