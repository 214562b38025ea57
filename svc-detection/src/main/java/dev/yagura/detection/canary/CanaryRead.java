package dev.yagura.detection.canary;

import java.util.List;

/**
 * What came of a round in one partition, to be committed with its cursor.
 *
 * @param receivedNs when ingest took it
 * @param failures canaries that did not come through; all others did
 */
public record CanaryRead(int partition, long round, long receivedNs, List<Failure> failures) {
    public CanaryRead {
        failures = List.copyOf(failures);
    }

    /**
     * A canary that did not come through.
     *
     * @param problem for people
     */
    public record Failure(String name, CanaryStage stage, String problem) {}
}
