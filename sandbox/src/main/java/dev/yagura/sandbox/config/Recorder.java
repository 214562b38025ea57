package dev.yagura.sandbox.config;

import dev.yagura.sandbox.identity.Directory;
import dev.yagura.sandbox.identity.InstanceProfile;
import dev.yagura.sandbox.identity.Role;
import dev.yagura.sandbox.scaling.AutoScalingGroup;
import dev.yagura.sandbox.scaling.Groups;
import dev.yagura.sandbox.scaling.Membership;
import dev.yagura.sandbox.scaling.TargetGroup;
import dev.yagura.sandbox.storage.BucketAccess;
import dev.yagura.sandbox.storage.Buckets;
import dev.yagura.sandbox.world.Account;
import dev.yagura.sandbox.world.World;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The configuration recorder of the account and region. It notices every change when it happens,
 * and what it noticed is told after its lag.
 *
 * <pre>
 *   new       -> ResourceDiscovered       or ResourceNotRecorded where its type is not recorded
 *   changed   -> OK                       or nothing
 *   gone      -> ResourceDeleted          or ResourceDeletedNotRecorded
 *   its type is recorded from now on      -> ResourceDiscovered, or OK if it was recorded before
 *   its type is not recorded from now on  -> ResourceNotRecorded
 * </pre>
 */
public final class Recorder {
    static final int LARGEST_BATCH = 100;

    private final World world;
    private final Directory directory;
    private final Buckets buckets;
    private final Groups groups;
    private final ComputeSubjects compute;
    private final NetworkSubjects network;
    private final AccountSubjects others;
    private final Histories histories = new Histories();
    private final Notifications notifications;
    private final Map<String, Integer> planted = new HashMap<>();

    /** By id, which is of one resource only, whatever its type. */
    private final Map<String, Subject> seen = new HashMap<>();

    private Set<String> otherIds = Set.of();
    private @Nullable Fingerprint fingerprint;

    private boolean recording = true;
    private boolean failing;
    private SortedSet<String> types = new TreeSet<>();
    private Duration lag = Duration.ZERO;
    private int batch = LARGEST_BATCH;
    private Instant startedAt;
    private @Nullable Instant stoppedAt;
    private Instant changedAt;

    public Recorder(
            World world, Directory directory, Buckets buckets, Groups groups, Instant startedAt) {
        this.world = world;
        this.directory = directory;
        this.buckets = buckets;
        this.groups = groups;
        this.compute = new ComputeSubjects(world, directory);
        this.network = new NetworkSubjects(world);
        this.others = new AccountSubjects(world.account(), directory, buckets, groups);
        this.notifications = new Notifications(world.account(), buckets);
        this.startedAt = startedAt;
        this.changedAt = startedAt;
    }

    /**
     * What cannot be the same if a role, bucket, group or load balancer has changed; cheap to
     * compare.
     */
    private record Fingerprint(
            List<Role> roles,
            List<InstanceProfile> profiles,
            List<TargetGroup> targetGroups,
            SortedMap<String, BucketAccess> buckets,
            List<AutoScalingGroup> groups,
            List<Membership> members) {}

    /**
     * Looks at what has changed, keeps an item for each resource that is another than before, and
     * tells what is to be told by now.
     */
    public void notice(Instant now) {
        if (recording && !failing) {
            look(now);
        }
        notifications.send(now);
    }

    private void look(Instant now) {
        Set<String> touched = world.takeTouched();
        for (String id : List.copyOf(touched)) {
            touched.addAll(compute.instancesOf(id, seen.get(id)));
        }
        touched.forEach(id -> look(id, compute.of(id).or(() -> network.of(id)), now));
        Fingerprint current =
                new Fingerprint(
                        directory.roles(),
                        directory.instanceProfiles(),
                        List.copyOf(groups.targetGroups()),
                        buckets.access(),
                        List.copyOf(groups.autoScalingGroups()),
                        groups.memberships());
        if (!current.equals(fingerprint)) {
            fingerprint = current;
            noticeOthers(now);
        }
    }

    private void noticeOthers(Instant now) {
        Map<String, Subject> found = new TreeMap<>();
        others.all().forEach(subject -> found.put(subject.key().id(), subject));
        Set<String> gone = new TreeSet<>(otherIds);
        gone.removeAll(found.keySet());
        gone.forEach(id -> look(id, Optional.empty(), now));
        found.forEach((id, subject) -> look(id, Optional.of(subject), now));
        otherIds = found.keySet();
    }

    private void look(String id, Optional<Subject> current, Instant now) {
        Subject before = current.isPresent() ? seen.put(id, current.get()) : seen.remove(id);
        if (current.isPresent()) {
            changed(before, current.get(), now);
        } else if (before != null) {
            gone(before, now);
        }
    }

    private void changed(@Nullable Subject before, Subject subject, Instant now) {
        if (before == null) {
            appeared(subject, now);
        } else if (!before.equals(subject) && isRecorded(subject.key().type())) {
            Account account = world.account();
            if (!before.describe(account).equals(subject.describe(account))) {
                add(Item.Status.OK, subject, now);
            }
        }
    }

    private void appeared(Subject subject, Instant now) {
        add(
                isRecorded(subject.key().type())
                        ? Item.Status.DISCOVERED
                        : Item.Status.NOT_RECORDED,
                subject,
                now);
    }

    private void gone(Subject subject, Instant now) {
        add(
                isRecorded(subject.key().type())
                        ? Item.Status.DELETED
                        : Item.Status.DELETED_NOT_RECORDED,
                subject,
                now);
    }

    private void add(Item.Status status, Subject subject, Instant now) {
        Optional<Item> before = histories.newest(subject.key());
        // Later than the one before even where time stands still: the newer of two is told by it.
        Instant captured =
                latest(
                        now.truncatedTo(ChronoUnit.MILLIS),
                        before.map(item -> item.capturedAt().plusMillis(1)));
        // One that was noticed with a longer lag is told first all the same.
        Instant delivered = latest(now.plus(lag), before.map(Item::deliveredAt));
        Item item = new Item(status, captured, delivered, subject);
        histories.add(item);
        notifications.add(item, before);
    }

    private static Instant latest(Instant time, Optional<Instant> other) {
        return other.filter(time::isBefore).orElse(time);
    }

    /** Stops, or goes on: what has changed meanwhile is noticed at once then. */
    public void record(boolean wanted, Instant now) {
        if (recording != wanted) {
            recording = wanted;
            changedAt = now;
            if (wanted) {
                startedAt = now;
            } else {
                stoppedAt = now;
            }
        }
        notice(now);
    }

    /** Fails, as for want of a permission, so that nothing is noticed; or no longer. */
    public void fail(boolean wanted, Instant now) {
        if (failing != wanted) {
            failing = wanted;
            changedAt = now;
        }
        notice(now);
    }

    /** Changes that are noticed from now on are told to a queue, each when it is delivered. */
    public void tell(Channel channel) {
        notifications.tell(channel);
    }

    /** Records resources of these types only; of every type if there are none. */
    public void recordOnly(Collection<String> wanted, Instant now) {
        notice(now);
        types = new TreeSet<>(wanted);
        for (Item item : histories.newest()) {
            boolean recorded = isRecorded(item.key().type());
            if (!item.status().isDeleted() && item.status().isRecorded() != recorded) {
                Subject subject = seen.getOrDefault(item.key().id(), item.subject());
                boolean before =
                        histories.delivered(item.key(), Instant.MAX).stream()
                                .anyMatch(each -> each.status().isRecorded());
                Item.Status again = before ? Item.Status.OK : Item.Status.DISCOVERED;
                add(recorded ? again : Item.Status.NOT_RECORDED, subject, now);
            }
        }
    }

    /** Changes that are noticed from now on are told so much later. */
    public void lagBy(Duration wanted) {
        if (wanted.isNegative()) {
            throw new IllegalArgumentException("lag must not be negative: " + wanted);
        }
        lag = wanted;
    }

    /** BatchGetResourceConfig leaves what is beyond so many resources unprocessed. */
    public void processAtMost(int resources) {
        if (resources < 1 || resources > LARGEST_BATCH) {
            throw new IllegalArgumentException("batch must be from 1 to " + LARGEST_BATCH);
        }
        batch = resources;
    }

    /** So many more resources of a type, which no other API knows. */
    public void plant(String type, int count, Instant now) {
        int first = planted.getOrDefault(type, 0) + 1;
        for (int number = first; number < first + count; number++) {
            appeared(Planted.of(type, number, now), now);
        }
        planted.put(type, first + count - 1);
    }

    /** Deletes one that was planted; false if there is none with that id. */
    public boolean deletePlanted(String type, String id, Instant now) {
        Optional<Item> item =
                histories
                        .newest(new ResourceKey(type, id))
                        .filter(newest -> newest.subject() instanceof Planted)
                        .filter(newest -> !newest.status().isDeleted());
        item.ifPresent(newest -> gone(newest.subject(), now));
        return item.isPresent();
    }

    Account account() {
        return world.account();
    }

    Histories histories() {
        return histories;
    }

    boolean isRecording() {
        return recording;
    }

    boolean isFailing() {
        return failing;
    }

    /** Types that are recorded; empty if every one is. */
    List<String> types() {
        return new ArrayList<>(types);
    }

    int batch() {
        return batch;
    }

    Instant startedAt() {
        return startedAt;
    }

    Optional<Instant> stoppedAt() {
        return Optional.ofNullable(stoppedAt);
    }

    /** When it was last started, stopped, or began or ceased to fail. */
    Instant changedAt() {
        return changedAt;
    }

    private boolean isRecorded(String type) {
        return types.isEmpty() || types.contains(type);
    }
}
