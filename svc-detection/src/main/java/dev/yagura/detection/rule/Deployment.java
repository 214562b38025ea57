package dev.yagura.detection.rule;

import java.time.Instant;

/**
 * What somebody decided to do with a rule's matches.
 *
 * @param version counts the decisions, from 1; 0 is the default of the pack
 * @param updater id of who decided; empty for a default
 */
record Deployment(
        DeploymentState state, String reason, long version, Instant updateTime, String updater) {

    /** Nobody decided. */
    static Deployment ofPack(DeploymentState state) {
        return new Deployment(state, "", 0, Instant.EPOCH, "");
    }
}
