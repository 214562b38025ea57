package dev.yagura.detection.feed;

import dev.yagura.common.error.YaguraException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.detection.alert.LogRecord;
import dev.yagura.detection.alert.Sighting;
import dev.yagura.detection.alert.Sightings;
import dev.yagura.detection.correlation.CorrelationMember;
import dev.yagura.detection.incident.VisibilityLoss;
import dev.yagura.detection.indicator.IndicatorMatch;
import dev.yagura.detection.indicator.IndicatorMatcher;
import dev.yagura.detection.process.HostProcesses;
import dev.yagura.detection.process.HostProcessesCodec;
import dev.yagura.detection.process.Lineage;
import dev.yagura.detection.rule.DetectionRules;
import dev.yagura.detection.rule.MatchOutcome;
import dev.yagura.detection.rule.RuleSnapshot;
import dev.yagura.detection.rule.ShadowAlerts;
import dev.yagura.proto.ingest.v1.LogEntry;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** State and matching of one partition: process tables, and the highest batch of each spool. */
final class EntryMatcher {
    private static final Logger LOG = LoggerFactory.getLogger(EntryMatcher.class);

    private final int partition;
    private final FeedConfig config;
    private final DetectionRules rules;
    private final Sightings sightings;
    private final FeedMetrics metrics;
    private final Clock clock;
    private final ShadowAlerts shadowAlerts = new ShadowAlerts();
    private final IndicatorMatcher indicators;
    private final Map<Mark.Spool, Mark> marks = new HashMap<>();
    private final Map<UUID, Host> hosts = new HashMap<>();
    private long newestReceivedNs;

    private record Host(Scope scope, HostProcesses processes) {}

    EntryMatcher(
            int partition,
            FeedConfig config,
            DetectionRules rules,
            Sightings sightings,
            FeedMetrics metrics,
            Clock clock,
            IndicatorMatcher indicators) {
        this.partition = partition;
        this.config = config;
        this.rules = rules;
        this.sightings = sightings;
        this.metrics = metrics;
        this.clock = clock;
        this.indicators = indicators;
    }

    /** Starts from what is stored. */
    void restore(PartitionState state) {
        marks.clear();
        hosts.clear();
        state.marks()
                .forEach(mark -> {
                    marks.put(mark.spool(), mark);
                    newestReceivedNs = Math.max(newestReceivedNs, mark.receivedNs());
                });
        state.tables()
                .forEach(table ->
                        hosts.put(
                                table.hostId(),
                                new Host(
                                        table.scope(),
                                        HostProcessesCodec.decode(
                                                table.body(), config.maxHostProcesses()))));
    }

    /** Puts the entry into the process tables only: it was matched before. */
    void observe(LogRecord record) {
        try {
            HostProcesses processes = host(record).processes();
            long offset = record.entry().getClockOffsetNs();
            for (SensorEvent event :
                    BatchEvents.unpack(record.entry().getEvents(), config.maxUnpackedBytes())) {
                processes.observe(event.core(), event.core().getTimeNs() + offset, offset);
            }
        } catch (BatchEvents.UnreadableBatchException e) {
            LOG.atDebug()
                    .addKeyValue(LogKeys.REASON, e.getMessage())
                    .log("said when it was matched");
        }
    }

    /** Adds what the entry shows to the progress. */
    void match(LogRecord record, Progress progress) {
        LogEntry entry = record.entry();
        Mark.Spool spool = new Mark.Spool(entry.getAgentId(), entry.getSpoolId());
        @Nullable Mark before = marks.get(spool);
        if (before != null && entry.getSequence() <= before.sequence()) {
            observe(record); // a new log brought it again
            return;
        }
        if (before != null && entry.getSequence() > before.sequence() + 1) {
            progress.lost(
                    loss(
                            record,
                            before.receivedNs(),
                            "%d batches of agent %s never came: declared lost, or rejected"
                                    .formatted(
                                            entry.getSequence() - before.sequence() - 1,
                                            entry.getAgentId())));
        }
        if (entry.getDeclaredLost() != 0) {
            progress.lost(
                    loss(
                            record,
                            before == null ? entry.getReceivedTimeNs() : before.receivedNs(),
                            "agent %s declared %d events lost"
                                    .formatted(
                                            entry.getAgentId(),
                                            Integer.toUnsignedLong(entry.getDeclaredLost()))));
        }
        try {
            events(record, progress);
        } catch (BatchEvents.UnreadableBatchException e) {
            LOG.atError()
                    .addKeyValue(LogKeys.AGENT, entry.getAgentId())
                    .addKeyValue(LogKeys.SEQUENCE, entry.getSequence())
                    .addKeyValue(LogKeys.REASON, e.getMessage())
                    .log("a stored batch cannot be read; its events are not matched");
            progress.lost(
                    loss(
                            record,
                            entry.getReceivedTimeNs(),
                            "a batch of %d events %s"
                                    .formatted(entry.getEventCount(), e.getMessage())));
        }
        Mark mark =
                new Mark(spool, entry.getScope(), entry.getSequence(), entry.getReceivedTimeNs());
        marks.put(spool, mark);
        newestReceivedNs = Math.max(newestReceivedNs, mark.receivedNs());
        progress.marked(mark);
    }

    private void events(LogRecord record, Progress progress)
            throws BatchEvents.UnreadableBatchException {
        LogEntry entry = record.entry();
        List<SensorEvent> events = BatchEvents.unpack(entry.getEvents(), config.maxUnpackedBytes());
        RuleSnapshot inForce = rules.current();
        HostProcesses processes = host(record).processes();
        long offset = entry.getClockOffsetNs();
        for (int index = 0; index < events.size(); index++) {
            SensorEvent event = events.get(index);
            processes.observe(event.core(), event.core().getTimeNs() + offset, offset);
            List<RuleMatch> matches = matches(inForce, record, event, progress);
            if (!matches.isEmpty()) {
                Lineage lineage = processes.lineage(event.core());
                for (RuleMatch match : matches) {
                    MatchOutcome outcome = outcome(inForce, record, event, match, progress);
                    boolean isAlerting = outcome instanceof MatchOutcome.Alerting;
                    boolean isMember =
                            !(outcome instanceof MatchOutcome.Excepted)
                                    && inForce.correlations().wants(match.rule().getName());
                    if (isAlerting || isMember) {
                        Sighting sighting = sightings.of(record, index, event, match, lineage);
                        if (isAlerting) {
                            progress.saw(sighting);
                        }
                        CorrelationMember.of(inForce.correlations(), record, event, sighting)
                                .forEach(progress::takesPart);
                    }
                }
            }
            matchIndicators(record, index, event, progress);
        }
        metrics.matched(events.size());
    }

    /** Counts the match, and says what becomes of it. */
    private MatchOutcome outcome(
            RuleSnapshot inForce,
            LogRecord record,
            SensorEvent event,
            RuleMatch match,
            Progress progress) {
        MatchOutcome outcome =
                inForce.outcome(match, record.entry().getDevice(), event, clock.instant());
        String rule = match.rule().getName();
        progress.counts().add(rule, outcome);
        if (outcome instanceof MatchOutcome.Shadow
                && shadowAlerts.isNew(
                        sightings.alertId(record, event.core(), match.rule().getId()))) {
            progress.counts().addShadowAlert(rule);
        }
        return outcome;
    }

    private void matchIndicators(
            LogRecord record, int index, SensorEvent event, Progress progress) {
        long occurredNs = event.core().getTimeNs() + record.entry().getClockOffsetNs();
        try {
            for (IndicatorMatch match : indicators.match(event, occurredNs)) {
                Lineage lineage = host(record).processes().lineage(event.core());
                progress.saw(
                        sightings
                                .of(record, index, event, match.rule(), lineage)
                                .of(match.evidence(), false));
            }
        } catch (YaguraException e) {
            throw e; // the store is away: the entry is read again, nothing is lost
        } catch (RuntimeException e) {
            progress.lost(unmatched(record, e));
        }
    }

    private List<RuleMatch> matches(
            RuleSnapshot inForce, LogRecord record, SensorEvent event, Progress progress) {
        try {
            return inForce.match(record.entry().getDevice(), event);
        } catch (RuntimeException e) {
            progress.lost(unmatched(record, e));
            return List.of();
        }
    }

    /** One event must not stop the host's detection; that it was not matched is recorded. */
    private VisibilityLoss unmatched(LogRecord record, RuntimeException e) {
        LOG.atError()
                .addKeyValue(LogKeys.AGENT, record.entry().getAgentId())
                .addKeyValue(LogKeys.SEQUENCE, record.entry().getSequence())
                .setCause(e)
                .log("an event could not be matched");
        return loss(record, record.entry().getReceivedTimeNs(), "events could not be matched");
    }

    private Host host(LogRecord record) {
        return hosts.computeIfAbsent(
                record.hostId(),
                id ->
                        new Host(
                                record.entry().getScope(),
                                new HostProcesses(config.maxHostProcesses())));
    }

    private VisibilityLoss loss(LogRecord record, long startNs, String reason) {
        return new VisibilityLoss(
                partition,
                Optional.of(record.hostId()),
                startNs,
                record.entry().getReceivedTimeNs(),
                reason);
    }

    /** Process tables that changed since they were asked for. */
    List<HostTable> changedTables() {
        List<HostTable> changed = new ArrayList<>();
        hosts.forEach((id, host) -> {
            if (host.processes().takeChanged()) {
                changed.add(
                        new HostTable(
                                id, host.scope(), HostProcessesCodec.encode(host.processes())));
            }
        });
        return changed;
    }

    /** When ingest took the newest batch that was matched; 0 when none was. */
    long newestReceivedNs() {
        return newestReceivedNs;
    }
}
