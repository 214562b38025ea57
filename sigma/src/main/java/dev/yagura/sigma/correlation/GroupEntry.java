package dev.yagura.sigma.correlation;

/** A match of a group, and whether it qualifies. */
final class GroupEntry {
    private final BaseMatch match;
    private boolean qualifies;

    GroupEntry(BaseMatch match, boolean qualifies) {
        this.match = match;
        this.qualifies = qualifies;
    }

    BaseMatch match() {
        return match;
    }

    long timeNs() {
        return match.timeNs();
    }

    boolean qualifies() {
        return qualifies;
    }

    void qualify(boolean holds) {
        qualifies = holds;
    }
}
