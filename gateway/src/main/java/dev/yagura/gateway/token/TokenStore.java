package dev.yagura.gateway.token;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Tokens at rest. */
interface TokenStore {
    void insert(Token token);

    Optional<Token> find(UUID id);

    /** Newest first, those with a lower id than the given one. */
    List<Token> list(Optional<UUID> below, int limit);

    /** Admin tokens that are neither revoked nor expired. */
    List<Token> liveAdmins(Instant now);

    /**
     * Ends a token and tells every gateway; the time of the first revocation stays.
     *
     * @return empty when there is no such token
     */
    Optional<Token> revoke(UUID id, Instant now);
}
