package dev.yagura.detection.rule;

/** Numbers of rule sets, shared by all replicas. */
interface RuleSetStore {
    /**
     * The number of the rule set with this content: the one it has had before, or else one more
     * than the highest.
     *
     * @param contentHash SHA-256 over all rules, hexadecimal
     * @return 1 or more
     */
    long numberOf(String contentHash);
}
