package dev.yagura.detection.canary;

import dev.yagura.common.persistence.Transactions;
import dev.yagura.detection.arrival.SqlArrivals;
import dev.yagura.sigma.taxonomy.EventKind;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Tells how it is with the canaries, from what all replicas have stored. */
final class CanaryReports {
    private static final String NOT_READ =
            "is in the log, but no reader of the partition has committed it";
    private static final String NOT_SENT = "no round of canaries was sent lately";

    private final CanaryConfig config;
    private final CanarySource source;
    private final SqlCanaryStore store;
    private final Transactions transactions;
    private final Clock clock;

    CanaryReports(
            CanaryConfig config,
            CanarySource source,
            SqlCanaryStore store,
            Transactions transactions,
            Clock clock) {
        this.config = config;
        this.source = source;
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Canaries of the rules in force that stand for something that arrived lately, by name. */
    Set<String> needed() {
        Set<EventKind> arrived =
                transactions.query(connection ->
                        SqlArrivals.since(connection, clock.instant().minus(config.window()))
                                .keySet());
        Set<String> needed = new TreeSet<>();
        source.canaries()
                .entries()
                .forEach((name, entry) -> {
                    if (arrived.stream().anyMatch(entry.probe().canary()::standsFor)) {
                        needed.add(name);
                    }
                });
        return needed;
    }

    /** By name. */
    List<CanaryReport> all() {
        Set<String> needed = needed();
        SqlCanaryStore.Stored stored = store.read();
        List<CanaryReport> reports = new ArrayList<>();
        source.canaries()
                .entries()
                .forEach((name, entry) ->
                        reports.add(
                                needed.contains(name)
                                        ? report(name, entry, stored)
                                        : idle(name, entry)));
        return reports;
    }

    private static CanaryReport idle(String name, CanaryRules.Entry entry) {
        return new CanaryReport(
                name,
                entry,
                CanaryReport.State.IDLE,
                Optional.empty(),
                Duration.ZERO,
                Duration.ZERO,
                CanaryStage.NONE,
                "",
                List.of());
    }

    private CanaryReport report(
            String name, CanaryRules.Entry entry, SqlCanaryStore.Stored stored) {
        SqlCanaryStore.Sent sent =
                stored.sent()
                        .getOrDefault(
                                name,
                                new SqlCanaryStore.Sent(
                                        0,
                                        Optional.empty(),
                                        Duration.ZERO,
                                        Duration.ZERO,
                                        Duration.ZERO));
        Cause cause;
        if (!entry.problem().isEmpty()) {
            cause = new Cause(CanaryStage.NONE, entry.problem(), List.of());
        } else if (sent.waiting().compareTo(config.limit()) > 0) {
            cause = cause(sent, stored, stored.failures().getOrDefault(name, List.of()));
        } else {
            cause = new Cause(CanaryStage.NONE, "", List.of());
        }
        CanaryReport.State state;
        if (!cause.problem().isEmpty()) {
            state = CanaryReport.State.FAILING;
        } else {
            state =
                    sent.proven().isPresent()
                            ? CanaryReport.State.PROVEN
                            : CanaryReport.State.PENDING;
        }
        return new CanaryReport(
                name,
                entry,
                state,
                sent.proven(),
                sent.age(),
                sent.delay(),
                cause.stage(),
                cause.problem(),
                cause.partitions());
    }

    private record Cause(CanaryStage stage, String problem, List<Integer> partitions) {}

    /** The earliest stage is told: what comes after it may be a consequence. */
    private static Cause cause(
            SqlCanaryStore.Sent sent,
            SqlCanaryStore.Stored stored,
            List<SqlCanaryStore.Failed> failures) {
        List<SqlCanaryStore.Partition> behind =
                stored.partitions().stream()
                        .filter(partition -> partition.readRound() <= sent.provenRound())
                        .toList();
        List<SqlCanaryStore.Partition> refused =
                behind.stream()
                        .filter(partition ->
                                !partition.appendProblem().isEmpty()
                                        && partition.appendedRound() <= partition.readRound())
                        .toList();
        List<SqlCanaryStore.Partition> unread =
                behind.stream()
                        .filter(partition -> partition.appendedRound() > partition.readRound())
                        .toList();
        if (!refused.isEmpty()) {
            return new Cause(
                    CanaryStage.COMPILED, refused.getFirst().appendProblem(), ids(refused));
        }
        if (!unread.isEmpty()) {
            return new Cause(CanaryStage.APPENDED, NOT_READ, ids(unread));
        }
        return failures.stream()
                .min(Comparator.comparing(SqlCanaryStore.Failed::stage))
                .map(first ->
                        new Cause(
                                first.stage(),
                                first.problem(),
                                failures.stream().map(SqlCanaryStore.Failed::partition).toList()))
                .orElse(new Cause(CanaryStage.COMPILED, NOT_SENT, List.of()));
    }

    private static List<Integer> ids(List<SqlCanaryStore.Partition> partitions) {
        return partitions.stream().map(SqlCanaryStore.Partition::id).toList();
    }
}
