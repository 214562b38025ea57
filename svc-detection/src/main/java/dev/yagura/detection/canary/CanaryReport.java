package dev.yagura.detection.canary;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How it is with one canary.
 *
 * @param lastProven when it last came through every partition
 * @param sinceProven since then, or since it was first sent; zero for one that is not sent
 * @param delay of that proof, from ingest to the commit in the slowest partition
 * @param lastStage of one that is failing
 * @param problem of one that is failing, for people
 * @param failingPartitions where it is failing
 */
public record CanaryReport(
        String name,
        CanaryRules.Entry entry,
        State state,
        Optional<Instant> lastProven,
        Duration sinceProven,
        Duration delay,
        CanaryStage lastStage,
        String problem,
        List<Integer> failingPartitions) {
    public CanaryReport {
        failingPartitions = List.copyOf(failingPartitions);
    }

    /** How it is. */
    public enum State {
        IDLE,
        PENDING,
        PROVEN,
        FAILING
    }
}
