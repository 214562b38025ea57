package dev.yagura.sandbox.messaging;

import dev.yagura.sandbox.wire.ApiFault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A standard queue of SQS: what is received stays in it, unseen for a while, until it is deleted.
 */
public final class Queue {
    private static final Duration STANDARD_VISIBILITY = Duration.ofSeconds(30);

    private final String name;
    private final String arn;

    /** By id, the first that came first. */
    private final Map<String, Message> messages = new LinkedHashMap<>();

    private Duration visibility = STANDARD_VISIBILITY;
    private @Nullable Redrive redrive;
    private boolean held;
    private long arrivals;

    Queue(String name, String arn) {
        this.name = name;
        this.arn = arn;
    }

    /** Where what was received that often goes instead. */
    record Redrive(Queue to, int after) {}

    /** What a queue has, and what became of it so far. */
    static final class Message {
        private final String id = UUID.randomUUID().toString();
        private final String body;
        private final Instant sentAt;
        private Instant visibleAt;
        private @Nullable Instant firstReceivedAt;
        private int receives;

        private Message(String body, Instant sentAt, Instant visibleAt) {
            this.body = body;
            this.sentAt = sentAt;
            this.visibleAt = visibleAt;
        }

        String id() {
            return id;
        }

        String body() {
            return body;
        }

        Instant sentAt() {
            return sentAt;
        }

        Optional<Instant> firstReceivedAt() {
            return Optional.ofNullable(firstReceivedAt);
        }

        int receives() {
            return receives;
        }
    }

    public String name() {
        return name;
    }

    public String arn() {
        return arn;
    }

    Duration visibility() {
        return visibility;
    }

    Optional<Redrive> redrive() {
        return Optional.ofNullable(redrive);
    }

    /** How many messages ever came. */
    long arrivals() {
        return arrivals;
    }

    public void hideFor(Duration wanted) {
        visibility = wanted;
    }

    /** What was received so often is not received again, and goes to another queue. */
    public void redriveTo(Queue to, int after) {
        redrive = new Redrive(to, after);
    }

    /** Nothing is received while it is held. */
    public void hold(boolean wanted) {
        held = wanted;
        arrivals++;
    }

    /** Returns the id of the message. */
    public String send(String body, Duration delay, Instant now) {
        Message message = new Message(body, now, now.plus(delay));
        messages.put(message.id, message);
        arrivals++;
        return message.id;
    }

    /** Texts of all messages, also of those that are received and not deleted. */
    public List<String> bodies() {
        return messages.values().stream().map(Message::body).toList();
    }

    public void clear() {
        messages.clear();
    }

    long visible(Instant now) {
        return messages.values().stream().filter(message -> isVisible(message, now)).count();
    }

    boolean hasVisible(Instant now) {
        return messages.values().stream().anyMatch(message -> isVisible(message, now));
    }

    int size() {
        return messages.size();
    }

    /** Receives, and hides what it receives. */
    List<Message> receive(int most, Duration hidden, Instant now) {
        List<Message> received = new ArrayList<>();
        Iterator<Message> all = messages.values().iterator();
        while (all.hasNext() && received.size() < most) {
            Message message = all.next();
            if (!isVisible(message, now)) {
                continue;
            }
            if (redrive != null && message.receives >= redrive.after) {
                all.remove();
                redrive.to.take(message, now);
                continue;
            }
            message.receives++;
            message.visibleAt = now.plus(hidden);
            if (message.firstReceivedAt == null) {
                message.firstReceivedAt = now;
            }
            received.add(message);
        }
        return received;
    }

    /** What a receiver shows when it deletes or hides a message; another for each receive. */
    String receipt(Message message) {
        String text = "%s %s %d".formatted(arn, message.id, message.receives);
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With a receipt that is not the newest one nothing is deleted, and no error is told. */
    void delete(String receipt) {
        find(receipt).ifPresent(message -> messages.remove(message.id));
    }

    void hide(String receipt, Duration hidden, Instant now) {
        Message message =
                find(receipt)
                        .filter(each -> each.visibleAt.isAfter(now))
                        .orElseThrow(() ->
                                ApiFault.of(
                                        "MessageNotInflight",
                                        "The specified message isn't in flight."));
        message.visibleAt = now.plus(hidden);
    }

    private Optional<Message> find(String receipt) {
        String text;
        try {
            text = new String(Base64.getDecoder().decode(receipt), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid(receipt);
        }
        String[] parts = text.split(" ", -1);
        if (parts.length != 3 || !parts[0].equals(arn)) {
            throw invalid(receipt);
        }
        return Optional.ofNullable(messages.get(parts[1]))
                .filter(message -> Integer.toString(message.receives).equals(parts[2]));
    }

    private static ApiFault invalid(String receipt) {
        return ApiFault.of(
                "ReceiptHandleIsInvalid",
                "The input receipt handle \"%s\" is not a valid receipt handle.",
                receipt);
    }

    /** From another queue: as old as it was, and received as often. */
    private void take(Message message, Instant now) {
        message.visibleAt = now;
        messages.put(message.id, message);
        arrivals++;
    }

    private boolean isVisible(Message message, Instant now) {
        return !held && !message.visibleAt.isAfter(now);
    }
}
