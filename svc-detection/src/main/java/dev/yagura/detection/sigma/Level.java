package dev.yagura.detection.sigma;

/** Sigma's levels. */
public enum Level {
    INFORMATIONAL,
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL
}
