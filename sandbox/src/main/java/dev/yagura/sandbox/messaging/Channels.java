package dev.yagura.sandbox.messaging;

import dev.yagura.sandbox.world.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Topics and event buses by ARN, and what FIFO topics remember. */
public final class Channels {
    private static final String FIFO = ".fifo";

    /** SNS takes a message for the same within it. */
    private static final Duration DEDUPLICATION = Duration.ofMinutes(5);

    private final Account account;
    private final Set<String> topics = new TreeSet<>();
    private final Set<String> buses = new TreeSet<>();
    private final Map<String, Taken> taken = new HashMap<>();

    /** A message that a FIFO topic took. */
    private record Taken(String messageId, Instant at) {}

    public Channels(Account account) {
        this.account = account;
        addBus("default");
    }

    public void addTopic(String name) {
        topics.add(account.arn("sns", name));
    }

    public void addBus(String name) {
        buses.add(account.arn("events", "event-bus/" + name));
    }

    boolean hasTopic(String arn) {
        return topics.contains(arn);
    }

    static boolean isFifo(String topicArn) {
        return topicArn.endsWith(FIFO);
    }

    String owner() {
        return account.id();
    }

    /** ARN of a bus, which may be named by its ARN. */
    Optional<String> bus(String nameOrArn) {
        String arn =
                nameOrArn.startsWith("arn:")
                        ? nameOrArn
                        : account.arn("events", "event-bus/" + nameOrArn);
        return Optional.of(arn).filter(buses::contains);
    }

    /** Id of a message of a FIFO topic: that of the first with the same deduplication id. */
    String take(String topicArn, String deduplicationId, Instant now) {
        Taken fresh = new Taken(UUID.randomUUID().toString(), now);
        return taken.merge(
                        topicArn + " " + deduplicationId,
                        fresh,
                        (before, next) ->
                                before.at().plus(DEDUPLICATION).isAfter(now) ? before : next)
                .messageId();
    }
}
