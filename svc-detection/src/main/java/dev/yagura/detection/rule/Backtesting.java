package dev.yagura.detection.rule;

import dev.yagura.common.identity.Principal;
import dev.yagura.detection.alert.LogRecord;
import dev.yagura.detection.alert.Nanos;
import dev.yagura.detection.alert.Sightings;
import dev.yagura.proto.detection.v1.Backtest;
import dev.yagura.proto.detection.v1.BacktestMatch;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.taxonomy.EventKind;
import dev.yagura.sigma.taxonomy.EventSource;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Counts what one rule would have done on the batches that it is shown. */
final class Backtesting implements Looking {
    private static final int MAX_SAMPLES = 10;
    private static final int MAX_MEASURED = 256;
    private static final int MAX_ALERTS = 100_000;

    private final EventMatcher matcher;
    private final Optional<ExceptionMatcher> exceptions;
    private final List<EventSource> sources;
    private final Sightings sightings;
    private final Principal caller;
    private final Instant now;
    private final Backtest.Builder result = Backtest.newBuilder();
    private final Set<UUID> alerts = new HashSet<>();
    private final List<KindCounts.Sample> measured = new ArrayList<>();
    private final Span span = new Span();

    /**
     * For one rule.
     *
     * @param matcher has only this rule
     * @param sources that its log source means
     * @param caller sees events of its own accounts only
     */
    Backtesting(
            EventMatcher matcher,
            Optional<ExceptionMatcher> exceptions,
            List<EventSource> sources,
            Sightings sightings,
            Principal caller,
            Instant now) {
        this.matcher = matcher;
        this.exceptions = exceptions;
        this.sources = sources;
        this.sightings = sightings;
        this.caller = caller;
        this.now = now;
    }

    @Override
    public void take(LogRecord record, List<SensorEvent> events) {
        if (!caller.maySee(record.entry().getScope().getAccountId())) {
            return;
        }
        Device device = record.entry().getDevice();
        result.setBatches(result.getBatches() + 1).setEvents(result.getEvents() + events.size());
        for (int index = 0; index < events.size(); index++) {
            SensorEvent event = events.get(index);
            span.saw(event.core().getTimeNs() + record.entry().getClockOffsetNs());
            EventKind kind = EventKind.of(device, event);
            if (sources.stream().anyMatch(source -> source.accepts(kind))) {
                result.setLogsourceEvents(result.getLogsourceEvents() + 1);
                if (measured.size() < MAX_MEASURED) {
                    measured.add(new KindCounts.Sample(device, event.whole()));
                }
                for (RuleMatch match : matcher.match(device, event)) {
                    matched(record, index, event, match);
                }
            }
        }
    }

    private void matched(LogRecord record, int index, SensorEvent event, RuleMatch match) {
        Optional<UUID> exception =
                exceptions.flatMap(
                        matching -> matching.covering(record.entry().getDevice(), event, now));
        if (exception.isPresent()) {
            result.setExceptedMatches(result.getExceptedMatches() + 1);
        } else {
            result.setMatches(result.getMatches() + 1);
            if (alerts.size() < MAX_ALERTS) {
                alerts.add(sightings.alertId(record, event.core(), match.rule().getId()));
            }
        }
        if (result.getSamplesCount() < MAX_SAMPLES) {
            result.addSamples(
                    BacktestMatch.newBuilder()
                            .setHostId(record.hostId().toString())
                            .setHostname(record.entry().getDevice().getHostname())
                            .setTime(
                                    Nanos.timestamp(
                                            event.core().getTimeNs()
                                                    + record.entry().getClockOffsetNs()))
                            .setEventId(record.eventId(index))
                            .addAllMatchedFields(match.matchedFields())
                            .setCondition(match.condition())
                            .setException(
                                    exception
                                            .map(id -> match.rule().getName() + "/exceptions/" + id)
                                            .orElse("")));
        }
    }

    /** The counts, with the cost of the rule on the events that it was shown. */
    @Override
    public Backtest.Builder result() {
        return span.into(result.setCostNs(RuleCost.nanos(matcher, measured)), alerts.size());
    }
}
