package dev.yagura.detection.canary;

/** Where the canaries of the rules in force come from. */
public interface CanarySource {
    CanaryRules canaries();
}
