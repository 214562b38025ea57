package dev.yagura.sandbox.messaging;

import dev.yagura.sandbox.world.Account;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The queues of the account and region, by name. */
public final class Queues {
    private final Account account;
    private final SortedMap<String, Queue> byName = new TreeMap<>();

    public Queues(Account account) {
        this.account = account;
    }

    /** The one of that name, made if there is none. */
    public Queue open(String name) {
        return byName.computeIfAbsent(name, each -> new Queue(each, account.arn("sqs", each)));
    }

    public Optional<Queue> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Grows whenever something may be received that could not be before. */
    public long arrivals() {
        return byName.values().stream().mapToLong(Queue::arrivals).sum();
    }

    /** Where clients are told that a queue is; only its last two parts are looked at. */
    String url(String name) {
        return "https://sqs.%s.amazonaws.com/%s/%s".formatted(account.region(), account.id(), name);
    }

    /** Empty for one that is not there, or of another account. */
    Optional<Queue> byUrl(String url) {
        String[] parts = url.split("/", -1);
        return parts.length >= 2 && parts[parts.length - 2].equals(account.id())
                ? find(parts[parts.length - 1])
                : Optional.empty();
    }
}
