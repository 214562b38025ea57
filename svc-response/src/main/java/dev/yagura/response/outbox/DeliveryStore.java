package dev.yagura.response.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Deliveries, and who sends them. All times are the database's. */
public interface DeliveryStore {

    /**
     * Right to send a delivery.
     *
     * @param epoch higher than that of every claim before; what an older one writes is dropped
     */
    record Claim(Delivery delivery, long epoch) {}

    /**
     * How an attempt ended.
     *
     * @param status of HTTP; 0 for no answer
     * @param error empty when it succeeded
     * @param answer what is kept of the answer; empty for nothing
     */
    record Outcome(int status, String error, String answer) {}

    /**
     * An endpoint that takes nothing any more.
     *
     * @param fingerprint of its configuration then
     */
    record Disabled(String endpoint, String fingerprint, Instant since, String reason) {}

    /** How many deliveries an endpoint has. */
    record Counts(long pending, long dead) {}

    /**
     * Takes deliveries that are due and that nobody has, each as the next attempt.
     *
     * @param lease how long until another may take them if nothing is written
     */
    List<Claim> claim(String endpoint, int most, Duration lease);

    void delivered(Claim claim, Outcome outcome);

    /** Gives it back for another attempt. */
    void failed(Claim claim, Outcome outcome, Duration pause);

    void dead(Claim claim, Outcome outcome);

    /** Adds a delivery to one endpoint, unless it is there: however often, it is one. */
    void add(UUID id, String endpoint, Event event);

    Optional<Delivery> find(UUID id);

    /**
     * Newest first.
     *
     * @param after ids below this only
     */
    List<Delivery> list(
            Optional<DeliveryState> state,
            Optional<String> endpoint,
            @Nullable UUID after,
            int limit);

    /** By endpoint. */
    Map<String, Counts> counts();

    /** Makes dead letters pending, as if they were new; how many of these were dead. */
    int replay(List<UUID> ids);

    /** The same with all of an endpoint. */
    int replay(String endpoint);

    /** Remembers that an endpoint takes nothing with this configuration. */
    void disable(String endpoint, String fingerprint, String reason);

    Optional<Disabled> disabled(String endpoint);

    /** Gives up what is pending for an endpoint, and older than that, and that nobody sends now. */
    int giveUp(String endpoint, Duration age, String reason);

    /** Names of endpoints that something is pending for. */
    List<String> awaited();

    /** Forgets up to so many that ended longer ago; how many. */
    int forget(DeliveryState state, Duration age, int most);
}
