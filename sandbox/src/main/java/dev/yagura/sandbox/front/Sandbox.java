package dev.yagura.sandbox.front;

import dev.yagura.sandbox.cloud.Cloud;
import dev.yagura.sandbox.kubernetes.Clusters;
import dev.yagura.sandbox.seed.DocumentFolder;
import dev.yagura.sandbox.seed.Planting;
import dev.yagura.sandbox.seed.Seed;
import dev.yagura.sandbox.shell.Scripts;
import dev.yagura.sandbox.wire.Api;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The one cloud that is running, and the lock around it. */
public final class Sandbox {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Seed seed;
    private final DocumentFolder documents;
    private final @Nullable Scripts scripts;
    private final Clock wall;
    private final FaultPlan faults = new FaultPlan();
    private final Journal journal = new Journal();
    private final EarlierAnswers earlier = new EarlierAnswers();
    private Clusters.Server clusterServer = Clusters.Server.NONE;
    private Cloud cloud;
    private long arrivals;

    /**
     * @param scripts what runs scripts on this machine; null if none may run
     */
    public Sandbox(Seed seed, DocumentFolder documents, @Nullable Scripts scripts, Clock wall) {
        this.seed = seed;
        this.documents = documents;
        this.scripts = scripts;
        this.wall = wall;
        this.cloud = Planting.grow(seed, documents, scripts, wall);
        this.journal.setBaseline(Exposure.of(cloud.world()));
    }

    /** What serves the APIs of clusters from now on. */
    public void serveClusters(Clusters.Server server) {
        lock.lock();
        try {
            clusterServer = server;
            cloud.clusters().servedBy(server);
        } finally {
            lock.unlock();
        }
    }

    public Seed seed() {
        return seed;
    }

    public FaultPlan faults() {
        return faults;
    }

    public Journal journal() {
        return journal;
    }

    EarlierAnswers earlier() {
        return earlier;
    }

    /** Runs something alone with the cloud, which is brought up to the present first. */
    public <T> T within(Function<Cloud, T> action) {
        lock.lock();
        try {
            cloud.settle();
            T result = action.apply(cloud);
            cloud.changed();
            noteArrivals();
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** Changes whenever a queue has something that it had not before. */
    long arrivals() {
        lock.lock();
        try {
            return arrivals;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits, while others may use the cloud, until a queue has something more, or the time is over.
     *
     * @param seen what {@link #arrivals} was
     * @return false if the thread is to end
     */
    boolean awaitArrival(long seen, Duration atMost) {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (arrivals == seen && left > 0) {
                left = arrived.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void noteArrivals() {
        long now = cloud.queues().arrivals();
        if (now != arrivals) {
            arrivals = now;
            arrived.signalAll();
        }
    }

    /** The services that answer; what they answer from needs {@link #within}. */
    public List<Api> apis() {
        lock.lock();
        try {
            return cloud.apis();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Back to the seed: a new cloud, an empty journal, no faults, the clock at real time, and no
     * script that runs.
     */
    public void reset() {
        lock.lock();
        try {
            if (scripts != null) {
                scripts.killAll();
            }
            cloud = Planting.grow(seed, documents, scripts, wall);
            cloud.clusters().servedBy(clusterServer);
            noteArrivals();
            faults.clear();
            earlier.clear();
            journal.clear();
            journal.setBaseline(Exposure.of(cloud.world()));
        } finally {
            lock.unlock();
        }
    }
}
