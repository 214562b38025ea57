package dev.yagura.sandbox.front;

import dev.yagura.sandbox.cloud.Cloud;
import dev.yagura.sandbox.seed.Planting;
import dev.yagura.sandbox.seed.Seed;
import java.time.Clock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** The one cloud that is running, and the lock around it. */
public final class Sandbox {
    private final ReentrantLock lock = new ReentrantLock();
    private final Seed seed;
    private final Clock wall;
    private final FaultPlan faults = new FaultPlan();
    private final Journal journal = new Journal();
    private Cloud cloud;

    public Sandbox(Seed seed, Clock wall) {
        this.seed = seed;
        this.wall = wall;
        this.cloud = Planting.grow(seed, wall);
        this.journal.setBaseline(Exposure.of(cloud.world()));
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

    /** Runs something alone with the cloud, which is brought up to the present first. */
    public <T> T within(Function<Cloud, T> action) {
        lock.lock();
        try {
            cloud.settle();
            T result = action.apply(cloud);
            cloud.changed();
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** Back to the seed: a new cloud, an empty journal, no faults, the clock at real time. */
    public void reset() {
        lock.lock();
        try {
            cloud = Planting.grow(seed, wall);
            faults.clear();
            journal.clear();
            journal.setBaseline(Exposure.of(cloud.world()));
        } finally {
            lock.unlock();
        }
    }
}
