package dev.yagura.sigma.correlation;

/**
 * The beginning of a match whose events have left the group's state.
 *
 * @param summary of those events
 * @param firstNs time of the first of them that qualified; {@link #NONE} when none did
 * @param lastNs time of the last of them that qualified; {@link #NONE} when none did
 */
record SealedPart(EventSummary summary, long firstNs, long lastNs) {
    static final long NONE = Long.MIN_VALUE;

    boolean hasInstant() {
        return lastNs != NONE;
    }
}
