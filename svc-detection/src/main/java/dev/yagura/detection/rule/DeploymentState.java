package dev.yagura.detection.rule;

/** What is done with a rule's matches. */
enum DeploymentState {
    /** Not evaluated. */
    DISABLED,
    /** Evaluated and counted; no alert. */
    SHADOW,
    /** Matches become alerts. */
    ALERTING
}
