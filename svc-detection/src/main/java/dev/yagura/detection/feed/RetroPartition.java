package dev.yagura.detection.feed;

import dev.yagura.common.persistence.Transactions;
import dev.yagura.detection.alert.LogRecord;
import dev.yagura.detection.alert.Sighting;
import dev.yagura.detection.alert.Sightings;
import dev.yagura.detection.alert.SqlIndicatorMatches;
import dev.yagura.detection.incident.DetectionWriter;
import dev.yagura.detection.indicator.IndicatorMatch;
import dev.yagura.detection.indicator.IndicatorMatcher;
import dev.yagura.detection.process.HostProcesses;
import dev.yagura.proto.ingest.v1.LogEntry;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * One partition of a retro-match. Process tables are made anew from the kept entries, so ancestors
 * that started before them are unknown.
 */
final class RetroPartition implements KeptPartition.Visitor {
    /** More matches than this are committed before reading on. */
    private static final int MOST_PENDING = 500;

    private final int partition;
    private final IndicatorMatcher matcher;
    private final Set<String> accounts;
    private final Parts parts;
    private final RetroProgress progress;
    private final Map<UUID, HostProcesses> hosts = new HashMap<>();
    private final List<Sighting> pending = new ArrayList<>();

    /** What all partitions share. */
    record Parts(
            FeedConfig config,
            Transactions transactions,
            DetectionWriter writer,
            Sightings sightings,
            Clock clock) {}

    RetroPartition(
            int partition,
            IndicatorMatcher matcher,
            Set<String> accounts,
            Parts parts,
            RetroProgress progress) {
        this.partition = partition;
        this.matcher = matcher;
        this.accounts = accounts;
        this.parts = parts;
        this.progress = progress;
    }

    @Override
    public KeptPartition.Choice choose(LogEntry entry) {
        return accounts.isEmpty() || accounts.contains(entry.getScope().getAccountId())
                ? KeptPartition.Choice.TAKE
                : KeptPartition.Choice.SKIP;
    }

    @Override
    public void unreadable(String problem) {
        progress.unreadable(); // live detection has recorded the loss
    }

    @Override
    public void withoutTelemetry() {
        // Indicators ask for what happened on hosts.
    }

    @Override
    public void pageRead() throws InterruptedException {
        commit();
        progress.tell();
    }

    @Override
    public void take(LogRecord record, List<SensorEvent> events) {
        HostProcesses processes =
                hosts.computeIfAbsent(
                        record.hostId(),
                        id -> new HostProcesses(parts.config().maxHostProcesses()));
        long offset = record.entry().getClockOffsetNs();
        for (int index = 0; index < events.size(); index++) {
            SensorEvent event = events.get(index);
            long occurredNs = event.core().getTimeNs() + offset;
            processes.observe(event.core(), occurredNs, offset);
            progress.event(occurredNs);
            List<IndicatorMatch> matches = matcher.match(event, occurredNs);
            progress.matched(matches.size());
            for (IndicatorMatch match : matches) {
                pending.add(
                        parts.sightings()
                                .of(
                                        record,
                                        index,
                                        event,
                                        match.rule(),
                                        processes.lineage(event.core()))
                                .of(match.evidence(), true));
            }
        }
        if (pending.size() >= MOST_PENDING) {
            commit();
        }
    }

    /**
     * Writes the alerts of what was matched since the last time; to be called at the end, too.
     *
     * <p>The lock of the partition's row keeps its owner out meanwhile, so that neither writes over
     * the other's alerts.
     */
    void commit() {
        if (pending.isEmpty()) {
            return;
        }
        Map<UUID, Integer> partitions = new HashMap<>();
        pending.forEach(sighting -> partitions.put(sighting.hostId(), partition));
        int fresh =
                parts.transactions()
                        .inTransaction(transaction -> {
                            SqlPartitionStore.check(transaction.connection(), List.of(partition));
                            List<Sighting> sightings =
                                    SqlIndicatorMatches.claim(
                                            transaction.connection(),
                                            pending,
                                            parts.clock().instant());
                            DetectionWriter.Changes changes =
                                    parts.writer()
                                            .write(
                                                    transaction.connection(),
                                                    new DetectionWriter.Input(
                                                            sightings, partitions, List.of()));
                            parts.writer().announce(transaction, changes);
                            return sightings.size();
                        });
        pending.clear();
        progress.committed(fresh);
    }
}
