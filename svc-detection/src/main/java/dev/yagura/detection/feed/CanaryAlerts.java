package dev.yagura.detection.feed;

import dev.yagura.common.log.LogKeys;
import dev.yagura.detection.alert.Sighting;
import dev.yagura.detection.canary.CanaryRead;
import dev.yagura.detection.canary.CanaryStage;
import dev.yagura.detection.canary.SqlCanaryReads;
import dev.yagura.detection.incident.DetectionWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the alerts of canaries as those of events are written, and takes them back: nobody ever
 * sees one, and what is stored is that it could be written.
 */
final class CanaryAlerts {
    private static final Logger LOG = LoggerFactory.getLogger(CanaryAlerts.class);

    private final DetectionWriter writer;

    CanaryAlerts(DetectionWriter writer) {
        this.writer = writer;
    }

    /** Within the transaction of the cursors, before the change feeds are written. */
    void write(Connection connection, List<CanaryMatcher.Outcome> outcomes, Instant now)
            throws SQLException {
        if (outcomes.isEmpty()) {
            return;
        }
        List<Sighting> alerts =
                outcomes.stream().flatMap(outcome -> outcome.alert().stream()).toList();
        String problem = alerts.isEmpty() ? "" : tryOut(connection, outcomes, alerts);
        List<CanaryRead> reads = new ArrayList<>();
        for (CanaryMatcher.Outcome outcome : outcomes) {
            reads.add(problem.isEmpty() ? outcome.read() : failed(outcome, problem));
        }
        SqlCanaryReads.add(connection, reads, now);
    }

    /** Why the alerts could not be written; empty when they could. */
    private String tryOut(
            Connection connection, List<CanaryMatcher.Outcome> outcomes, List<Sighting> alerts)
            throws SQLException {
        Map<UUID, Integer> partitions = new HashMap<>();
        outcomes.forEach(outcome ->
                outcome.alert()
                        .ifPresent(alert ->
                                partitions.put(alert.hostId(), outcome.read().partition())));
        String problem = "";
        Savepoint before = connection.setSavepoint();
        try {
            DetectionWriter.Changes changes =
                    writer.write(
                            connection, new DetectionWriter.Input(alerts, partitions, List.of()));
            if (changes.alerts().isEmpty() || changes.incidents().isEmpty()) {
                problem = "the match became no alert";
            }
        } catch (SQLException | RuntimeException e) {
            LOG.atError()
                    .addKeyValue(LogKeys.COUNT, alerts.size())
                    .setCause(e)
                    .log("alerts of canaries cannot be written");
            problem = "the alert could not be written: " + e.getMessage();
        }
        connection.rollback(before);
        return problem;
    }

    private static CanaryRead failed(CanaryMatcher.Outcome outcome, String problem) {
        CanaryRead read = outcome.read();
        if (outcome.alert().isEmpty()) {
            return read;
        }
        List<CanaryRead.Failure> failures = new ArrayList<>(read.failures());
        failures.add(
                new CanaryRead.Failure(
                        outcome.alert().get().rule().getName(), CanaryStage.MATCHED, problem));
        return new CanaryRead(read.partition(), read.round(), read.receivedNs(), failures);
    }
}
