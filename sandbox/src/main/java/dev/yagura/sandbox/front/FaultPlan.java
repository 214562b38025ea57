package dev.yagura.sandbox.front;

import dev.yagura.sandbox.wire.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Faults to come, in the order planned; the first that concerns a call counts it. */
public final class FaultPlan {
    private final List<PlannedFault> planned = new ArrayList<>();

    public synchronized void add(PlannedFault fault) {
        planned.add(fault);
    }

    public synchronized List<PlannedFault> pending() {
        return List.copyOf(planned);
    }

    public synchronized void clear() {
        planned.clear();
    }

    synchronized Optional<Fault> take(Place place, String action, Parameters parameters) {
        for (int i = 0; i < planned.size(); i++) {
            PlannedFault fault = planned.get(i);
            if (fault.concerns(place, action, parameters)) {
                if (fault.skip() > 0) {
                    planned.set(i, fault.skippedOne());
                    return Optional.empty();
                }
                if (fault.times() == 1) {
                    planned.remove(i);
                } else {
                    planned.set(i, fault.hitOne());
                }
                return Optional.of(fault.fault());
            }
        }
        return Optional.empty();
    }
}
