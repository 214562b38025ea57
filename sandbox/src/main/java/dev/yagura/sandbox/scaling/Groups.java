package dev.yagura.sandbox.scaling;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Every group and who is in it, as of now. */
public final class Groups {
    /** The standard deregistration delay of a target group. */
    private static final Duration DRAINING = Duration.ofSeconds(300);

    /** The standard interval of health checks. */
    private static final Duration FIRST_CHECK = Duration.ofSeconds(30);

    private final Clock clock;
    private final TreeMap<String, AutoScalingGroup> scalingGroups = new TreeMap<>();
    private final TreeMap<String, Membership> memberships = new TreeMap<>();
    private final TreeMap<String, TargetGroup> targetGroups = new TreeMap<>();
    private final TreeMap<String, TreeMap<String, Target>> targets = new TreeMap<>();
    private int made;

    public Groups(Clock clock) {
        this.clock = clock;
    }

    /**
     * An empty group that is made now; put it where it belongs.
     *
     * @param subnet that it launches into
     */
    public AutoScalingGroup make(String name, String subnet) {
        UUID id = UUID.nameUUIDFromBytes((++made + " " + subnet + " " + name).getBytes(UTF_8));
        return new AutoScalingGroup(
                name,
                new AutoScalingGroup.Made(
                        clock.instant(),
                        id.toString(),
                        "lt-0%016x".formatted(id.getMostSignificantBits()),
                        List.of(subnet)),
                Map.of(),
                0,
                1,
                0,
                Set.of(),
                List.of());
    }

    public void put(AutoScalingGroup group) {
        scalingGroups.put(group.name(), group);
    }

    public void add(TargetGroup group) {
        targetGroups.put(group.name(), group);
    }

    public Optional<AutoScalingGroup> autoScalingGroup(String name) {
        return Optional.ofNullable(scalingGroups.get(name));
    }

    /** By name. */
    public Collection<AutoScalingGroup> autoScalingGroups() {
        return Collections.unmodifiableCollection(scalingGroups.values());
    }

    /** An instance is in at most one Auto Scaling group. */
    public void join(Membership membership) {
        memberships.put(membership.instanceId(), membership);
    }

    /** Whoever was in it stays, and is in none; false when there is no such group. */
    public boolean removeAutoScalingGroup(String name) {
        memberships.values().removeIf(member -> member.groupName().equals(name));
        return scalingGroups.remove(name) != null;
    }

    public void leaveAutoScaling(String instanceId) {
        memberships.remove(instanceId);
    }

    public void put(String targetGroup, Target target) {
        targets.computeIfAbsent(targetGroup, name -> new TreeMap<>()).put(target.key(), target);
    }

    /** Gone at once, without draining: as if it had never been there. */
    public void forget(String targetGroup, String id) {
        targets.getOrDefault(targetGroup, new TreeMap<>())
                .values()
                .removeIf(target -> target.id().equals(id));
    }

    /** A new target, or one that was draining, waits for its first health check. */
    void register(TargetGroup group, Target wanted) {
        boolean registered =
                targetsOf(group.name()).stream()
                        .filter(target -> !target.isDraining())
                        .anyMatch(target -> target.key().equals(wanted.key()));
        if (!registered) {
            put(
                    group.name(),
                    Target.registered(
                            wanted.id(),
                            wanted.port(),
                            wanted.zone(),
                            clock.instant().plus(FIRST_CHECK)));
        }
    }

    /** Drains first; one that is not in use, or not there, needs no time. */
    void deregister(String targetGroup, String key) {
        targetsOf(targetGroup).stream()
                .filter(target -> target.key().equals(key))
                .filter(target -> !target.isDraining())
                .forEach(target -> {
                    if (target.state().equals("unused")) {
                        targets.getOrDefault(targetGroup, new TreeMap<>()).remove(key);
                    } else {
                        put(targetGroup, target.draining(clock.instant().plus(DRAINING)));
                    }
                });
    }

    public Optional<TargetGroup> targetGroup(String name) {
        return Optional.ofNullable(targetGroups.get(name));
    }

    /** By name. */
    public Collection<TargetGroup> targetGroups() {
        return Collections.unmodifiableCollection(targetGroups.values());
    }

    /** Of every Auto Scaling group, by instance. */
    public List<Membership> memberships() {
        return memberships.values().stream().map(member -> member.at(clock.instant())).toList();
    }

    List<Membership> membersOf(String group) {
        return memberships().stream().filter(member -> member.groupName().equals(group)).toList();
    }

    List<Target> targetsOf(String targetGroup) {
        return targets.getOrDefault(targetGroup, new TreeMap<>()).values().stream()
                .flatMap(target -> target.at(clock.instant()).stream())
                .toList();
    }
}
