package dev.yagura.bench.fault;

import dev.yagura.bench.client.GrpcAlertFollower;
import dev.yagura.proto.detection.v1.Alert;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The last state of each alert that a watch saw, over all the breaks of its stream. */
final class WatchedAlerts implements GrpcAlertFollower.Listener {
    private final Map<String, Long> matches = new HashMap<>();
    private Optional<String> problem = Optional.empty();

    @Override
    public synchronized void alert(Alert alert) {
        Long before = matches.put(alert.getName(), alert.getMatchCount());
        if (before != null && before > alert.getMatchCount()) {
            problem =
                    Optional.of(
                            "%s went from %d matches back to %d"
                                    .formatted(alert.getName(), before, alert.getMatchCount()));
        }
    }

    synchronized Map<String, Long> matches() {
        return Map.copyOf(matches);
    }

    /** What commit order forbids. */
    synchronized Optional<String> problem() {
        return problem;
    }
}
