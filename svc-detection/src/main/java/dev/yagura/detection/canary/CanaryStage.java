package dev.yagura.detection.canary;

/** The last thing that is known to have worked, in the order of the way. */
public enum CanaryStage {
    NONE,
    COMPILED,
    APPENDED,
    READ,
    MATCHED
}
