package dev.yagura.sandbox.front;

import dev.yagura.sandbox.cloud.Cloud;
import dev.yagura.sandbox.cloud.UnknownNameException;
import dev.yagura.sandbox.identity.SignedRequest;
import dev.yagura.sandbox.kubernetes.Clusters;
import dev.yagura.sandbox.organization.Member;
import dev.yagura.sandbox.organization.Organization;
import dev.yagura.sandbox.organization.Standing;
import dev.yagura.sandbox.seed.AccountSeed;
import dev.yagura.sandbox.seed.DocumentFolder;
import dev.yagura.sandbox.seed.Seed;
import dev.yagura.sandbox.shell.Scripts;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The clouds that are running, seen from one account and region, and the lock around all. */
public final class Sandbox {
    private final Running running;
    private final @Nullable Place place;

    /** What is the same from everywhere. */
    private static final class Running {
        final ReentrantLock lock = new ReentrantLock();
        final Seed seed;
        final DocumentFolder documents;
        final @Nullable Scripts scripts;
        final Clock wall;
        final FaultPlan faults = new FaultPlan();
        final Journal journal = new Journal();
        final EarlierAnswers earlier = new EarlierAnswers();
        Clusters.Server clusterServer = Clusters.Server.NONE;
        final Condition arrived = lock.newCondition();
        Clouds clouds;
        long arrivals;

        Running(Seed seed, DocumentFolder documents, @Nullable Scripts scripts, Clock wall) {
            this.seed = seed;
            this.documents = documents;
            this.scripts = scripts;
            this.wall = wall;
            this.clouds = new Clouds(seed, documents, scripts, wall);
            this.journal.setBaseline(clouds.exposure());
        }
    }

    /**
     * Seen from the first account and region, those of the seed.
     *
     * @param scripts what runs scripts on this machine; null if none may run
     */
    public Sandbox(Seed seed, DocumentFolder documents, @Nullable Scripts scripts, Clock wall) {
        this(new Running(seed, documents, scripts, wall), null);
    }

    private Sandbox(Running running, @Nullable Place place) {
        this.running = running;
        this.place = place;
    }

    /** The same from another account and region, if there is one. */
    public Sandbox at(Place other) {
        return new Sandbox(running, other);
    }

    /** From where it is seen; empty for the first account and region. */
    public Optional<Place> place() {
        return Optional.ofNullable(place);
    }

    /** What serves the APIs of clusters from now on. */
    public void serveClusters(Clusters.Server server) {
        locked(() -> {
            running.clusterServer = server;
            running.clouds.first().clusters().servedBy(server);
            return server;
        });
    }

    public Seed seed() {
        return running.seed;
    }

    public FaultPlan faults() {
        return running.faults;
    }

    public Journal journal() {
        return running.journal;
    }

    EarlierAnswers earlier() {
        return running.earlier;
    }

    /**
     * Runs something alone with the cloud, which is brought up to the present first.
     *
     * @throws UnknownNameException if there is none in this account and region
     */
    public <T> T within(Function<Cloud, T> action) {
        return locked(() -> {
            Cloud cloud = place == null ? running.clouds.first() : running.clouds.at(place);
            cloud.settle();
            T result = action.apply(cloud);
            cloud.changed();
            noteArrivals();
            return result;
        });
    }

    /** Changes whenever a queue has something that it had not before. */
    long arrivals() {
        return locked(() -> running.arrivals);
    }

    /**
     * Waits, while others may use the clouds, until a queue has something more, or the time is
     * over.
     *
     * @param seen what {@link #arrivals} was
     * @return false if the thread is to end
     */
    boolean awaitArrival(long seen, Duration atMost) {
        return locked(() -> {
            try {
                long left = atMost.toNanos();
                while (running.arrivals == seen && left > 0) {
                    left = running.arrived.awaitNanos(left);
                }
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        });
    }

    private void noteArrivals() {
        long now = running.clouds.arrivals();
        if (now != running.arrivals) {
            running.arrivals = now;
            running.arrived.signalAll();
        }
    }

    /** Where a request goes; what is answered there needs {@link #within}. */
    Destination destination(SignedRequest request) {
        Destination.Claim claim = Destination.Claim.of(request);
        return locked(() -> running.clouds.destination(claim));
    }

    /** Every account, by id. */
    public List<Member> accounts() {
        return locked(() -> running.clouds.organization().members());
    }

    /** An account more, which Organizations lists from now on. */
    public void addAccount(AccountSeed account) {
        locked(() -> {
            running.clouds.add(account);
            return account;
        });
    }

    /** An account stands otherwise from now on. */
    public void changeAccount(String accountId, Standing standing) {
        locked(() -> {
            Organization organization = running.clouds.organization();
            organization.change(
                    organization
                            .member(accountId)
                            .orElseThrow(() -> new UnknownNameException("account", accountId)),
                    standing);
            return standing;
        });
    }

    /** What is allowed everywhere now is what the journal compares with. */
    public void setBaseline() {
        locked(() -> {
            running.journal.setBaseline(running.clouds.exposure());
            return running;
        });
    }

    /**
     * Back to the seed: new clouds, an empty journal, no faults, the clock at real time, and no
     * script that runs.
     */
    public void reset() {
        locked(() -> {
            if (running.scripts != null) {
                running.scripts.killAll();
            }
            running.clouds =
                    new Clouds(running.seed, running.documents, running.scripts, running.wall);
            running.clouds.first().clusters().servedBy(running.clusterServer);
            noteArrivals();
            running.faults.clear();
            running.earlier.clear();
            running.journal.clear();
            running.journal.setBaseline(running.clouds.exposure());
            return running;
        });
    }

    private <T> T locked(Supplier<T> action) {
        running.lock.lock();
        try {
            return action.get();
        } finally {
            running.lock.unlock();
        }
    }
}
