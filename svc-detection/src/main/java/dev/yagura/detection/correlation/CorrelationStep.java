package dev.yagura.detection.correlation;

import dev.yagura.common.persistence.Transaction;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.detection.alert.AlertGroup;
import dev.yagura.detection.alert.CorrelationFinding;
import dev.yagura.detection.alert.Sighting;
import dev.yagura.detection.alert.SqlAlertStore;
import dev.yagura.detection.incident.DetectionWriter;
import dev.yagura.detection.rule.CorrelationRules;
import dev.yagura.detection.rule.DetectionRules;
import dev.yagura.detection.rule.RuleCounts;
import dev.yagura.detection.rule.SqlRuleCounts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** One transaction of the second stage: a portion of a shard's inbox goes into its groups. */
final class CorrelationStep {
    private static final int PORTION = 1_000;

    /** A group to which nothing came for this long, and its own time, is forgotten. */
    private static final Duration KEPT = Duration.ofDays(1);

    private static final String LOCK_PARTITIONS =
            """
            SELECT partition_id FROM log_partition WHERE partition_id = ANY (?)
            ORDER BY partition_id FOR UPDATE
            """;

    private final CorrelationConfig config;
    private final Transactions transactions;
    private final DetectionWriter writer;
    private final DetectionRules rules;
    private final Clock clock;
    private final CorrelationMetrics metrics;

    CorrelationStep(
            CorrelationConfig config,
            Transactions transactions,
            DetectionWriter writer,
            DetectionRules rules,
            Clock clock,
            CorrelationMetrics metrics) {
        this.config = config;
        this.transactions = transactions;
        this.writer = writer;
        this.rules = rules;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** What a transaction took. */
    private record Taken(int members, int tooLate) {}

    /**
     * Works on one shard.
     *
     * @return whether there was something to do
     */
    boolean run() {
        CorrelationRules inForce = rules.current().correlations();
        if (inForce.isEmpty()) {
            return false;
        }
        Taken taken = transactions.inTransaction(transaction -> take(transaction, inForce));
        metrics.took(taken.members() - taken.tooLate(), taken.tooLate());
        return taken.members() > 0;
    }

    private Taken take(Transaction transaction, CorrelationRules inForce) throws SQLException {
        Connection connection = transaction.connection();
        OptionalInt shard = SqlCorrelationInbox.lockShard(connection, inForce.keys());
        if (shard.isEmpty()) {
            return new Taken(0, 0);
        }
        List<SqlCorrelationInbox.Row> rows =
                SqlCorrelationInbox.read(connection, shard.getAsInt(), inForce.keys(), PORTION);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Map<UUID, GroupWork> groups = groups(connection, rows, inForce, now);
        groups.values().forEach(GroupWork::apply);
        Evidence evidence = Evidence.of(connection, groups.values());
        List<CorrelationMember> further = new ArrayList<>();
        Findings findings = new Findings();
        for (GroupWork group : groups.values()) {
            further.addAll(group.further(inForce, evidence));
            findings.add(group, inForce, evidence);
        }
        lockPartitions(connection, partitions(connection, findings));
        DetectionWriter.Changes changes =
                writer.correlate(
                        connection,
                        findings.alerting,
                        findings.withdrawn,
                        findings.partitionByHost());
        SqlCorrelationGroups.save(
                connection, groups.values().stream().map(GroupWork::saved).toList(), now);
        SqlCorrelationInbox.delete(connection, rows);
        SqlCorrelationInbox.put(connection, further);
        SqlRuleCounts.add(connection, findings.counts, changes.createdByRule(), now);
        writer.announce(transaction, changes);
        return new Taken(rows.size(), groups.values().stream().mapToInt(GroupWork::tooLate).sum());
    }

    private Map<UUID, GroupWork> groups(
            Connection connection,
            List<SqlCorrelationInbox.Row> rows,
            CorrelationRules inForce,
            Instant now)
            throws SQLException {
        Map<UUID, List<CorrelationMember>> members = new LinkedHashMap<>();
        rows.forEach(row ->
                members.computeIfAbsent(row.member().groupId(), id -> new ArrayList<>())
                        .add(row.member()));
        Map<UUID, SqlCorrelationGroups.Stored> stored =
                SqlCorrelationGroups.load(connection, members.keySet());
        Map<UUID, GroupWork> groups = new LinkedHashMap<>();
        members.forEach((id, all) -> {
            CorrelationRules.InForce correlation =
                    inForce.ofKey(all.getFirst().correlation()).orElseThrow();
            groups.put(id, new GroupWork(correlation, all, stored.get(id), config.lateness(), now));
        });
        return groups;
    }

    /** What the groups of a portion found. */
    private static final class Findings {
        private final List<CorrelationFinding> alerting = new ArrayList<>();
        private final Set<UUID> withdrawn = new TreeSet<>();
        private final RuleCounts counts = new RuleCounts();

        void add(GroupWork group, CorrelationRules inForce, Evidence evidence) {
            group.count(inForce, counts);
            if (group.raisesAlerts(inForce)) {
                alerting.addAll(group.findings(evidence));
                withdrawn.addAll(group.withdrawn());
            }
        }

        Map<UUID, Integer> partitionByHost() {
            Map<UUID, Integer> partitions = new HashMap<>();
            for (CorrelationFinding finding : alerting) {
                for (Sighting sighting : finding.sightings()) {
                    partitions.put(sighting.hostId(), partition(sighting));
                }
            }
            return partitions;
        }
    }

    private static int partition(Sighting sighting) {
        return sighting.match().getEvidence().getPosition().getPartition();
    }

    /**
     * Of all hosts whose incidents may change: alerts and incidents are written under their lock.
     */
    private static Set<Integer> partitions(Connection connection, Findings findings)
            throws SQLException {
        Set<Integer> partitions = new TreeSet<>(findings.partitionByHost().values());
        Set<UUID> alerts = new TreeSet<>(findings.withdrawn);
        findings.alerting.forEach(finding -> alerts.add(finding.match().id()));
        for (AlertGroup alert : SqlAlertStore.load(connection, alerts).values()) {
            partitions.addAll(alert.partitions());
        }
        return partitions;
    }

    /**
     * In their order, as the reader of the log does. It never waits for a shard, and this holds no
     * other lock that somebody waits for, so they do not deadlock.
     */
    private static void lockPartitions(Connection connection, Collection<Integer> partitions)
            throws SQLException {
        if (partitions.isEmpty()) {
            return;
        }
        try (PreparedStatement lock = connection.prepareStatement(LOCK_PARTITIONS)) {
            lock.setArray(1, connection.createArrayOf("int4", partitions.toArray()));
            lock.executeQuery().close();
        }
    }

    /** Forgets groups that nothing can come to any more, and what is of no correlation in force. */
    void forget() {
        CorrelationRules inForce = rules.current().correlations();
        Instant now = clock.instant();
        transactions.run(transaction -> {
            for (String key : inForce.keys()) {
                Duration timespan =
                        inForce.ofKey(key).orElseThrow().definition().correlation().timespan();
                SqlCorrelationGroups.forget(
                        transaction.connection(),
                        List.of(key),
                        now.minus(KEPT).minus(config.lateness()).minus(timespan));
            }
            SqlCorrelationGroups.forgetOthers(
                    transaction.connection(), inForce.keys(), now.minus(KEPT));
        });
    }
}
