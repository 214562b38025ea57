package dev.yagura.gateway.audit;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Entries on their way to the database: bounded, in order, taken in groups. */
final class AuditQueue {
    private static final int GROUP = 500;
    private static final int MAX_COUNTED = 1_000;

    /** An entry and who waits for it. */
    record Waiting(AuditEntry entry, @Nullable CompletableFuture<Void> waiter) {
        void stored() {
            if (waiter != null) {
                waiter.complete(null);
            }
        }
    }

    /** What makes refusals equal. */
    private record Kind(String method, AuditEntry.Who who, String host, String reason) {
        static Kind of(AuditEntry entry) {
            String peer = entry.peer();
            int port = peer.lastIndexOf(':');
            String host = port < 0 ? peer : peer.substring(0, port);
            return new Kind(entry.method(), entry.who(), host, entry.reason());
        }
    }

    private final int capacity;
    private final Duration linger;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Waiting> entries = new ArrayDeque<>();
    private final Map<Kind, AuditEntry> counted = new LinkedHashMap<>();
    private int waiters;
    private long lost;
    private boolean closed;

    AuditQueue(int capacity, Duration linger, Clock clock) {
        this.capacity = capacity;
        this.linger = linger;
        this.clock = clock;
    }

    /** Adds an entry that somebody waits for; false when there is no room. */
    boolean offer(AuditEntry entry, CompletableFuture<Void> waiter) {
        lock.lock();
        try {
            if (closed || entries.size() >= capacity) {
                return false;
            }
            entries.add(new Waiting(entry, waiter));
            waiters++;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    void add(AuditEntry entry) {
        lock.lock();
        try {
            if (entries.size() >= capacity) {
                lost += entry.calls();
                return;
            }
            entries.add(new Waiting(entry, null));
            // The first one begins the linger; a full group ends it.
            if (entries.size() == 1 || entries.size() == GROUP) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void addCounted(AuditEntry entry) {
        lock.lock();
        try {
            Kind kind = Kind.of(entry);
            if (counted.size() >= MAX_COUNTED && !counted.containsKey(kind)) {
                lost += entry.calls();
                return;
            }
            counted.merge(kind, entry, (first, next) -> withCalls(first, first.calls() + 1));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isFull() {
        lock.lock();
        try {
            return entries.size() >= capacity;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return entries.size() + counted.size();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Lets what is in it out without linger; nobody may wait any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next group; empty only when closed and empty. */
    List<Waiting> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (entries.isEmpty() && counted.isEmpty() && lost == 0 && !closed) {
                changed.await();
            }
            long remaining = linger.toNanos();
            while (waiters == 0 && entries.size() < GROUP && !closed && remaining > 0) {
                remaining = changed.awaitNanos(remaining);
            }
            return group();
        } finally {
            lock.unlock();
        }
    }

    private List<Waiting> group() {
        List<Waiting> group = new ArrayList<>(Math.min(GROUP, entries.size()));
        while (group.size() < GROUP && !entries.isEmpty()) {
            Waiting next = entries.remove();
            if (next.waiter() != null) {
                waiters--;
            }
            group.add(next);
        }
        counted.values().forEach(entry -> group.add(new Waiting(entry, null)));
        counted.clear();
        if (lost > 0) {
            group.add(new Waiting(lossEntry(), null));
            lost = 0;
        }
        return group;
    }

    private AuditEntry lossEntry() {
        return withCalls(
                new AuditEntry(
                        new UUID(0, 0),
                        AuditEntry.Event.LOST,
                        "",
                        AuditEntry.Who.UNKNOWN,
                        "",
                        "",
                        "AUDIT_QUEUE_FULL",
                        clock.instant(),
                        Duration.ZERO,
                        1),
                lost);
    }

    private static AuditEntry withCalls(AuditEntry entry, long calls) {
        return new AuditEntry(
                entry.callId(),
                entry.event(),
                entry.method(),
                entry.who(),
                entry.peer(),
                entry.status(),
                entry.reason(),
                entry.time(),
                entry.duration(),
                calls);
    }
}
