package dev.yagura.sandbox.scaling;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Every group and who is in it. */
public final class Groups {
    private final Set<String> autoScalingGroups = new TreeSet<>();
    private final TreeMap<String, Membership> memberships = new TreeMap<>();
    private final TreeMap<String, TargetGroup> targetGroups = new TreeMap<>();
    private final TreeMap<String, TreeMap<String, Target>> targets = new TreeMap<>();

    public void addAutoScalingGroup(String name) {
        autoScalingGroups.add(name);
    }

    public void add(TargetGroup group) {
        targetGroups.put(group.name(), group);
    }

    public boolean hasAutoScalingGroup(String name) {
        return autoScalingGroups.contains(name);
    }

    /** An instance is in at most one Auto Scaling group. */
    public void join(Membership membership) {
        memberships.put(membership.instanceId(), membership);
    }

    public void leaveAutoScaling(String instanceId) {
        memberships.remove(instanceId);
    }

    public void register(String targetGroup, Target target) {
        targets.computeIfAbsent(targetGroup, name -> new TreeMap<>())
                .put(target.instanceId(), target);
    }

    public void deregister(String targetGroup, String instanceId) {
        targets.getOrDefault(targetGroup, new TreeMap<>()).remove(instanceId);
    }

    public Optional<TargetGroup> targetGroup(String name) {
        return Optional.ofNullable(targetGroups.get(name));
    }

    Collection<Membership> memberships() {
        return Collections.unmodifiableCollection(memberships.values());
    }

    Collection<TargetGroup> targetGroups() {
        return Collections.unmodifiableCollection(targetGroups.values());
    }

    List<Target> targetsOf(String targetGroup) {
        return List.copyOf(targets.getOrDefault(targetGroup, new TreeMap<>()).values());
    }
}
