package dev.yagura.sandbox.scaling;

import dev.yagura.sandbox.world.Account;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * An Auto Scaling group.
 *
 * @param suspended processes that are suspended
 * @param targetGroups names of the target groups that are attached to it
 */
public record AutoScalingGroup(
        String name,
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

    public AutoScalingGroup {
        suspended = Set.copyOf(suspended);
        targetGroups = List.copyOf(targetGroups);
    }

    public String arn(Account account) {
        return account.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/" + name);
    }

    AutoScalingGroup withDesired(int changed) {
        return new AutoScalingGroup(name, min, max, changed, suspended, targetGroups);
    }

    AutoScalingGroup suspending(Set<String> processes) {
        Set<String> changed = new TreeSet<>(suspended);
        changed.addAll(processes);
        return new AutoScalingGroup(name, min, max, desired, changed, targetGroups);
    }

    AutoScalingGroup resuming(Set<String> processes) {
        Set<String> changed = new TreeSet<>(suspended);
        changed.removeAll(processes);
        return new AutoScalingGroup(name, min, max, desired, changed, targetGroups);
    }
}
