package dev.yagura.sandbox.scaling;

import java.time.Instant;

/**
 * An instance in an Auto Scaling group.
 *
 * @param changesAt when a passing state (EnteringStandby, Pending) ends; far in the future for a
 *     lasting one
 */
public record Membership(
        String instanceId,
        String instanceType,
        String availabilityZone,
        String groupName,
        String lifecycleState,
        Instant changesAt,
        String healthStatus,
        boolean protectedFromScaleIn) {
    public static final String IN_SERVICE = "InService";

    static final String STANDBY = "Standby";
    static final String ENTERING_STANDBY = "EnteringStandby";
    static final String PENDING = "Pending";

    boolean isIn(String state) {
        return lifecycleState.equals(state);
    }

    Membership lasting(String state) {
        return passing(state, Instant.MAX);
    }

    Membership passing(String state, Instant until) {
        return new Membership(
                instanceId,
                instanceType,
                availabilityZone,
                groupName,
                state,
                until,
                healthStatus,
                protectedFromScaleIn);
    }

    Membership withProtection(boolean changed) {
        return new Membership(
                instanceId,
                instanceType,
                availabilityZone,
                groupName,
                lifecycleState,
                changesAt,
                healthStatus,
                changed);
    }

    /** As it is at a time: passing states end. */
    Membership at(Instant now) {
        if (now.isBefore(changesAt)) {
            return this;
        }
        return lasting(isIn(ENTERING_STANDBY) ? STANDBY : IN_SERVICE);
    }
}
