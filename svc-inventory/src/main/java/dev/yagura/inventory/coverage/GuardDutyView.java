package dev.yagura.inventory.coverage;

import dev.yagura.inventory.reconcile.Detector;
import dev.yagura.inventory.reconcile.DetectorKnowledge;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What GuardDuty is known to do in the scope of an asset.
 *
 * @param detector null where it is not known
 * @param observed when it was read last; null before the first time
 * @param offSince null where it is on, or not known
 * @param unread why it is not known; empty where it is
 */
record GuardDutyView(
        @Nullable Detector detector,
        @Nullable Instant observed,
        @Nullable Instant offSince,
        String unread) {
    private static final String NOTHING = ": nothing watches what it does";

    /**
     * @param oldest what was read before it is not known any more
     */
    static GuardDutyView of(@Nullable DetectorKnowledge known, Instant oldest) {
        if (known == null) {
            return new GuardDutyView(null, null, null, "GuardDuty was never read");
        }
        @Nullable Instant observed = known.observedTime();
        if (observed == null || observed.isBefore(oldest)) {
            String last = observed == null ? "was never read" : "was last read at " + observed;
            String failure = known.failure().isEmpty() ? "" : ": " + known.failure();
            return new GuardDutyView(null, observed, null, "GuardDuty " + last + failure);
        }
        return new GuardDutyView(known.detector(), observed, known.offSince(), "");
    }

    /** What is off; empty where GuardDuty is on, or not known. */
    String off() {
        if (detector == null || detector.isOn()) {
            return "";
        }
        return detector.exists()
                ? "GuardDuty's detector of this account and region is "
                        + detector.status().toLowerCase(Locale.ROOT)
                : "GuardDuty has no detector in this account and region";
    }

    boolean watchesFunctions() {
        return detector != null && detector.watchesFunctions();
    }

    boolean watchesFargateTasks() {
        return detector != null && detector.watchesFargateTasks();
    }

    /** What of a function is watched, after "a function cannot run an agent". */
    String ofFunctions() {
        return watched(
                watchesFunctions(), "GuardDuty watches its network activity (Lambda Protection)");
    }

    /** The same of a task on Fargate. */
    String ofFargateTasks() {
        return watched(
                watchesFargateTasks(),
                "GuardDuty watches it (Runtime Monitoring with its agent for Fargate)");
    }

    private String watched(boolean watched, String by) {
        if (detector == null) {
            return "; whether GuardDuty watches it is not known: " + unread;
        }
        return watched ? "; " + by : NOTHING;
    }
}
