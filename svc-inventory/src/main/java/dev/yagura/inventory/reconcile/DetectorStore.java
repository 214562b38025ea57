package dev.yagura.inventory.reconcile;

import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import java.util.List;

/** What GuardDuty said of each scope. */
public interface DetectorStore {

    /**
     * Makes a reading what is known; one that began before the newest changes nothing.
     *
     * @param asked when the reading began
     */
    void replace(Scope scope, Detector detector, Instant asked);

    /** A reading failed; what was known stays. */
    void fail(Scope scope, String reason);

    /** Of every scope that was ever tried. */
    List<DetectorKnowledge> knowledge();
}
