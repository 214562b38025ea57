package dev.yagura.sandbox.scaling;

/** An instance in an Auto Scaling group. */
public record Membership(
        String instanceId,
        String groupName,
        String lifecycleState,
        String healthStatus,
        boolean protectedFromScaleIn) {}
