package dev.yagura.response.outbox;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One event on its way to one endpoint.
 *
 * @param attempts begun since it was made, or replayed
 * @param lastStatus HTTP status of the last answer; 0 for none
 * @param lastError why the last attempt failed; empty when it did not
 * @param answer of the endpoint, cut, where it says something
 * @param endedAt when it was delivered, or given up
 */
public record Delivery(
        UUID id,
        String endpoint,
        String type,
        String resource,
        String accountId,
        String body,
        DeliveryState state,
        int attempts,
        Instant nextAttemptAt,
        int lastStatus,
        String lastError,
        String answer,
        Instant createdAt,
        Optional<Instant> endedAt) {}
