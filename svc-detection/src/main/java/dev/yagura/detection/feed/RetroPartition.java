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
import dev.yagura.proto.ingest.v1.PositionedEntry;
import dev.yagura.proto.ingest.v1.ReadEventsResponse;
import dev.yagura.proto.telemetry.v1.Event;
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
final class RetroPartition {
    /** More matches than this are committed before reading on. */
    private static final int MOST_PENDING = 500;

    private final int partition;
    private final Place to;
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

    /** Ends the reading of a log that has no end. */
    private static final class ReadAllException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ReadAllException() {
            super("everything is read", null, false, false);
        }
    }

    RetroPartition(
            int partition,
            Place to,
            IndicatorMatcher matcher,
            Set<String> accounts,
            Parts parts,
            RetroProgress progress) {
        this.partition = partition;
        this.to = to;
        this.matcher = matcher;
        this.accounts = accounts;
        this.parts = parts;
        this.progress = progress;
    }

    /** Reads what is after the place, up to the end that was given. */
    void read(EventFeed feed, Place after) throws InterruptedException {
        try {
            feed.read(after.position(partition), this::take);
        } catch (ReadAllException e) {
            // As wanted.
        }
    }

    private void take(ReadEventsResponse page) throws InterruptedException {
        for (PositionedEntry positioned : page.getEntriesList()) {
            if (positioned.getOffset() <= to.offset()) {
                entry(positioned);
            }
            if (pending.size() >= MOST_PENDING) {
                commit();
            }
            if (positioned.getOffset() >= to.offset()) {
                commit();
                throw new ReadAllException();
            }
        }
        commit();
        progress.tell();
    }

    private void entry(PositionedEntry positioned) {
        if (positioned.getEntry().hasCanary()) {
            return;
        }
        if (!accounts.isEmpty()
                && !accounts.contains(positioned.getEntry().getScope().getAccountId())) {
            return;
        }
        try {
            UUID host = UUID.fromString(positioned.getEntry().getDevice().getHostId());
            Place here = new Place(to.incarnation(), positioned.getOffset());
            match(new LogRecord(here.position(partition), positioned.getEntry(), host));
        } catch (IllegalArgumentException | BatchEvents.UnreadableBatchException e) {
            progress.unreadable(); // live detection has recorded the loss
        }
    }

    private void match(LogRecord record) throws BatchEvents.UnreadableBatchException {
        HostProcesses processes =
                hosts.computeIfAbsent(
                        record.hostId(),
                        id -> new HostProcesses(parts.config().maxHostProcesses()));
        long offset = record.entry().getClockOffsetNs();
        List<BatchEvents.Item> items =
                BatchEvents.unpack(record.entry().getEvents(), parts.config().maxUnpackedBytes());
        for (int index = 0; index < items.size(); index++) {
            BatchEvents.Item item = items.get(index);
            Event event = item.event();
            long occurredNs = event.getTimeNs() + offset;
            processes.observe(event, occurredNs, offset);
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
                                        item.bytes(),
                                        match.rule(),
                                        processes.lineage(event))
                                .of(match.evidence(), true));
            }
        }
    }

    /**
     * The lock of the partition's row keeps its owner out meanwhile, so that neither writes over
     * the other's alerts.
     */
    private void commit() {
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
