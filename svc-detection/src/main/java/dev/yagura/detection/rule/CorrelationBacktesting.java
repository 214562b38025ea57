package dev.yagura.detection.rule;

import dev.yagura.common.identity.Principal;
import dev.yagura.detection.alert.LogRecord;
import dev.yagura.detection.alert.Nanos;
import dev.yagura.proto.detection.v1.Backtest;
import dev.yagura.proto.detection.v1.BacktestMatch;
import dev.yagura.proto.detection.v1.MatchedField;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.correlation.CorrelationGraph;
import dev.yagura.sigma.correlation.CorrelationMatch;
import dev.yagura.sigma.correlation.CorrelationSet;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.taxonomy.EventFields;
import dev.yagura.sigma.taxonomy.EventKind;
import dev.yagura.sigma.taxonomy.EventSource;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts what a correlation would have found in the batches that it is shown: its rules, and the
 * correlations and rules of those, are matched anew.
 */
final class CorrelationBacktesting implements Looking {
    private static final int MAX_SAMPLES = 10;

    /** Events whose hosts samples may name. */
    private static final int MAX_HOSTS = 100_000;

    private final Rule rule;
    private final RuleMappings mappings;
    private final Principal caller;
    private final Instant now;
    private final Map<String, SigmaRule> parts = new LinkedHashMap<>();
    private final Map<String, ExceptionMatcher> exceptions = new HashMap<>();
    private final List<EventSource> sources = new ArrayList<>();
    private final EventMatcher matcher;
    private final CorrelationSet correlations;
    private final Map<String, Device> hosts = new HashMap<>();
    private final Backtest.Builder result = Backtest.newBuilder();
    private final Span span = new Span();

    /**
     * For one correlation.
     *
     * @param rule linked; stands for the one of its name in the book
     * @param caller sees events of its own accounts only
     */
    CorrelationBacktesting(
            Rule rule, RuleBook book, RuleMappings mappings, Principal caller, Instant now) {
        this.rule = rule;
        this.mappings = mappings;
        this.caller = caller;
        this.now = now;
        List<CorrelationGraph.Input> linked = new ArrayList<>();
        collect(rule, book, linked);
        correlations = new CorrelationSet(new CorrelationGraph(linked));
        matcher =
                mappings.compile(
                        0,
                        parts.keySet().stream()
                                .flatMap(name -> booked(book, name).stream())
                                .map(part -> part.rule().input(0))
                                .toList());
    }

    private void collect(Rule outer, RuleBook book, List<CorrelationGraph.Input> linked) {
        outer.linked().ifPresent(linked::add);
        for (String name : outer.correlation().orElseThrow().rules()) {
            booked(book, name).ifPresent(part -> collect(part, book, linked));
        }
    }

    private void collect(BookedRule part, RuleBook book, List<CorrelationGraph.Input> linked) {
        if (part.isCorrelating()) {
            collect(part.rule(), book, linked);
        } else if (part.isEvaluated() && !parts.containsKey(part.name())) {
            SigmaRule sigma = part.rule().sigma().orElseThrow();
            parts.put(part.name(), sigma);
            sources.addAll(mappings.sources(sigma.logSource()));
            ExceptionMatcher.fitting(part.exceptions(), sigma, mappings)
                    .ifPresent(matching -> exceptions.put(part.name(), matching));
        }
    }

    private static Optional<BookedRule> booked(RuleBook book, String name) {
        return Optional.ofNullable(book.rules().get(name));
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
            long time = event.core().getTimeNs() + record.entry().getClockOffsetNs();
            span.saw(time);
            EventKind kind = EventKind.of(device, event);
            if (sources.stream().anyMatch(source -> source.accepts(kind))) {
                result.setLogsourceEvents(result.getLogsourceEvents() + 1);
                for (RuleMatch match : matcher.match(device, event)) {
                    matched(match, device, event, record.eventId(index), time);
                }
            }
        }
    }

    private void matched(
            RuleMatch match, Device device, SensorEvent event, String eventId, long time) {
        String name = match.rule().getName();
        SigmaRule sigma = parts.get(name);
        ExceptionMatcher matching = exceptions.get(name);
        if (sigma == null
                || (matching != null && matching.covering(device, event, now).isPresent())) {
            return;
        }
        correlations.add(
                name,
                eventId,
                time,
                EventFields.of(mappings.sources(sigma.logSource()), device, event));
        if (hosts.size() < MAX_HOSTS) {
            hosts.put(eventId, device);
        }
    }

    /** The counts; its cost is that of its rules. */
    @Override
    public Backtest.Builder result() {
        List<CorrelationMatch> found = correlations.finish().getOrDefault(rule.name(), List.of());
        found.stream().limit(MAX_SAMPLES).forEach(match -> result.addSamples(sample(match)));
        return span.into(result.setMatches(found.size()), found.size());
    }

    private BacktestMatch sample(CorrelationMatch match) {
        String eventId = match.firstEventIds().getFirst();
        Device host = hosts.getOrDefault(eventId, Device.getDefaultInstance());
        BacktestMatch.Builder sample =
                BacktestMatch.newBuilder()
                        .setHostId(host.getHostId())
                        .setHostname(host.getHostname())
                        .setTime(Nanos.timestamp(match.firstNs()))
                        .setEventId(eventId)
                        .setCondition(match.events() + " events");
        List<String> groupBy = rule.correlation().orElseThrow().definition().groupBy();
        for (int index = 0; index < groupBy.size(); index++) {
            sample.addMatchedFields(
                    MatchedField.newBuilder()
                            .setField(groupBy.get(index))
                            .setValue(match.group().values().get(index)));
        }
        return sample.build();
    }
}
