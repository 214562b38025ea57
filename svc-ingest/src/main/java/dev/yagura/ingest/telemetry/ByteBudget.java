package dev.yagura.ingest.telemetry;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Bytes of batches that all streams together may hold. From three quarters on no stream asks for
 * more; what comes all the same is taken up to the whole.
 */
final class ByteBudget {
    private final long limit;
    private final Executor executor;
    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private long used;

    /**
     * An unused budget.
     *
     * @param executor runs what waits for room: it takes locks that whoever releases may not hold
     */
    ByteBudget(long limit, Executor executor) {
        this.limit = limit;
        this.executor = executor;
    }

    /** Takes bytes, or nothing. */
    synchronized boolean tryTake(int bytes) {
        if (used + bytes > limit) {
            return false;
        }
        used += bytes;
        return true;
    }

    /**
     * Whether a stream may ask for more.
     *
     * @param later called once there is room, when there is none now
     */
    synchronized boolean hasRoom(Runnable later) {
        if (used < limit / 4 * 3) {
            return true;
        }
        waiting.add(later);
        return false;
    }

    /** Gives bytes back; streams that wait for room go on, first come first served. */
    void release(int bytes) {
        ArrayDeque<Runnable> ready = new ArrayDeque<>();
        synchronized (this) {
            used -= bytes;
            if (used < limit / 4 * 3) {
                ready.addAll(waiting);
                waiting.clear();
            }
        }
        ready.forEach(executor::execute);
    }

    synchronized void forget(Runnable later) {
        waiting.remove(later);
    }

    synchronized long used() {
        return used;
    }
}
