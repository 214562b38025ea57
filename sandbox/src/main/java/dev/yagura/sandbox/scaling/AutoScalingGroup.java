package dev.yagura.sandbox.scaling;

import dev.yagura.sandbox.world.Account;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * An Auto Scaling group.
 *
 * @param made what it has from the start, and here for life
 * @param suspended processes that are suspended
 * @param targetGroups names of the target groups that are attached to it
 */
public record AutoScalingGroup(
        String name,
        Made made,
        Map<String, String> tags,
        int min,
        int max,
        int desired,
        Set<String> suspended,
        List<String> targetGroups) {
    /** Every process that can be suspended (API reference, SuspendProcesses). */
    static final Set<String> PROCESSES =
            Set.of(
                    "Launch",
                    "Terminate",
                    "AddToLoadBalancer",
                    "AlarmNotification",
                    "AZRebalance",
                    "HealthCheck",
                    "InstanceRefresh",
                    "ReplaceUnhealthy",
                    "ScheduledActions");

    /**
     * How a group was made.
     *
     * @param id of its ARN: a later group of the same name has another
     * @param launchTemplate id of the template, of which the group has version 1
     * @param subnets ids of those that it launches into
     */
    public record Made(Instant at, String id, String launchTemplate, List<String> subnets) {
        public Made {
            subnets = List.copyOf(subnets);
        }
    }

    public AutoScalingGroup {
        tags = Map.copyOf(tags);
        suspended = Set.copyOf(suspended);
        targetGroups = List.copyOf(targetGroups);
    }

    public String arn(Account account) {
        return account.arn(
                "autoscaling",
                "autoScalingGroup:%s:autoScalingGroupName/%s".formatted(made.id, name));
    }

    public AutoScalingGroup resized(int smallest, int wanted, int largest) {
        return new AutoScalingGroup(
                name, made, tags, smallest, largest, wanted, suspended, targetGroups);
    }

    AutoScalingGroup withDesired(int changed) {
        return resized(min, changed, max);
    }

    AutoScalingGroup suspending(Set<String> processes) {
        Set<String> changed = new TreeSet<>(suspended);
        changed.addAll(processes);
        return withSuspended(changed);
    }

    AutoScalingGroup resuming(Set<String> processes) {
        Set<String> changed = new TreeSet<>(suspended);
        changed.removeAll(processes);
        return withSuspended(changed);
    }

    private AutoScalingGroup withSuspended(Set<String> changed) {
        return new AutoScalingGroup(name, made, tags, min, max, desired, changed, targetGroups);
    }
}
