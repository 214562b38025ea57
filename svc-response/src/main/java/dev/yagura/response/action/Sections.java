package dev.yagura.response.action;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What only one action of the installation may be in. Actions of this process wait in a queue; with
 * those of others, the one at its head takes turns by the store.
 */
final class Sections {
    /** How long an action waits before that counts as an attempt. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * For so many leases nobody else enters after a process that may only be slow: longer than all
     * calls inside take with their retries.
     */
    private static final int LEASES = 4;

    /** How often the lease of one that waits is extended. */
    private static final Duration BEAT = Duration.ofSeconds(5);

    /** How often the head of the queue looks whether another process is done, at the longest. */
    private static final Duration LOOK = Duration.ofMillis(40);

    private final RunStore store;
    private final Clock clock;
    private final Map<String, Queue> queues = new HashMap<>();

    /** Of one section; dropped by the last one who leaves it. */
    private static final class Queue {
        private final ReentrantLock lock = new ReentrantLock(true);
        private int users;
    }

    Sections(RunStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Does the work alone.
     *
     * @param extension of the lease, while it waits
     * @throws RetryLaterException others were busy for too long
     * @throws LeaseLostException another runner has the action meanwhile
     */
    <T> T alone(String section, RunStore.Lease lease, Duration extension, Supplier<T> work) {
        Instant patience = clock.instant().plus(PATIENCE);
        Queue queue = join(section);
        try {
            await(queue, section, lease, extension, patience);
            try {
                enter(section, lease, extension, patience);
                return work.get();
            } finally {
                store.leave(lease, section);
                queue.lock.unlock();
            }
        } finally {
            part(section, queue);
        }
    }

    private void await(
            Queue queue,
            String section,
            RunStore.Lease lease,
            Duration extension,
            Instant patience) {
        try {
            while (!queue.lock.tryLock(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                requirePatience(section, patience);
                store.extend(lease, extension);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryLaterException("interrupted while waiting for " + section);
        }
    }

    private void enter(String section, RunStore.Lease lease, Duration extension, Instant patience) {
        try {
            while (!store.enter(lease, section, extension.multipliedBy(LEASES))) {
                requirePatience(section, patience);
                TimeUnit.NANOSECONDS.sleep(ThreadLocalRandom.current().nextLong(1, LOOK.toNanos()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryLaterException("interrupted while waiting for " + section);
        }
    }

    private void requirePatience(String section, Instant patience) {
        if (clock.instant().isAfter(patience)) {
            throw new RetryLaterException("other actions are busy with " + section);
        }
    }

    private Queue join(String section) {
        synchronized (queues) {
            Queue queue = queues.computeIfAbsent(section, each -> new Queue());
            queue.users++;
            return queue;
        }
    }

    private void part(String section, Queue queue) {
        synchronized (queues) {
            queue.users--;
            if (queue.users == 0) {
                queues.remove(section);
            }
        }
    }
}
