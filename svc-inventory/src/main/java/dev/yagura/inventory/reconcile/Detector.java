package dev.yagura.inventory.reconcile;

import java.util.Set;

/**
 * GuardDuty's detector of an account and region.
 *
 * @param status "ENABLED", "DISABLED", or {@link #NONE}
 * @param features that are on, by GuardDuty's names, such as "LAMBDA_NETWORK_LOGS"; what is
 *     configured beside one as "RUNTIME_MONITORING/ECS_FARGATE_AGENT_MANAGEMENT"
 */
public record Detector(String status, Set<String> features) {
    /** Status where there is no detector. */
    static final String NONE = "NONE";

    static final String ENABLED = "ENABLED";

    private static final String LAMBDA = "LAMBDA_NETWORK_LOGS";
    private static final String RUNTIME = "RUNTIME_MONITORING";
    private static final String FARGATE_AGENT = RUNTIME + "/ECS_FARGATE_AGENT_MANAGEMENT";

    public Detector {
        features = Set.copyOf(features);
    }

    public boolean isOn() {
        return status.equals(ENABLED);
    }

    public boolean exists() {
        return !status.equals(NONE);
    }

    /** Lambda Protection: it sees the network activity of functions. */
    public boolean watchesFunctions() {
        return isOn() && features.contains(LAMBDA);
    }

    /** Runtime Monitoring that puts GuardDuty's own agent beside the containers of each task. */
    public boolean watchesFargateTasks() {
        return isOn() && features.contains(RUNTIME) && features.contains(FARGATE_AGENT);
    }
}
