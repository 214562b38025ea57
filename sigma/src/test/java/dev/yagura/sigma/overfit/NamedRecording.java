package dev.yagura.sigma.overfit;

import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleMatch;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Somebody else's recording and the rule that names it.
 *
 * @param name of the file, or what it shows
 * @param named the rule that it was recorded for; where nobody says, the worst rule that alerts it,
 *     and of several the one that alerts the most events
 * @param alerts what is alerted, each event with its matches
 * @param events in all
 */
record NamedRecording(
        String name, RuleReference named, Map<Event, List<RuleMatch>> alerts, int events) {
    private static final Set<String> WINDOWS = Set.of("sysmon", "windows_event_log");
    private static final Device DEVICE = Device.newBuilder().setOs("windows").build();

    /** Of a recording that was made for one rule. */
    static NamedRecording of(String name, String ruleId, List<Event> events, EventMatcher matcher) {
        Map<Event, List<RuleMatch>> alerts =
                alerts(events, matcher, Severity.SEVERITY_INFORMATIONAL);
        RuleReference named =
                alerts.values().stream()
                        .flatMap(List::stream)
                        .map(RuleMatch::rule)
                        .filter(rule -> rule.getId().equals(ruleId))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(name + " does not fire its rule"));
        return new NamedRecording(name, named, alerts, events.size());
    }

    /** Of an attack that was recorded for no rule; empty when nothing is alerted at the level. */
    static Optional<NamedRecording> of(
            String name, List<Event> events, EventMatcher matcher, Severity level) {
        Map<Event, List<RuleMatch>> alerts = alerts(events, matcher, level);
        Map<RuleReference, Long> counts =
                alerts.values().stream()
                        .flatMap(List::stream)
                        .collect(Collectors.groupingBy(RuleMatch::rule, Collectors.counting()));
        return alerts.values().stream()
                .flatMap(List::stream)
                .max(
                        Comparator.comparing(RuleMatch::severity)
                                .thenComparing(match -> counts.get(match.rule()))
                                .thenComparing(match -> match.rule().getId()))
                .map(worst -> new NamedRecording(name, worst.rule(), alerts, events.size()));
    }

    private static Map<Event, List<RuleMatch>> alerts(
            List<Event> events, EventMatcher matcher, Severity level) {
        Map<Event, List<RuleMatch>> alerts = new LinkedHashMap<>();
        Device device = device(events);
        for (int i = 0; i < events.size(); i++) {
            List<RuleMatch> matches =
                    matcher.match(device, events.get(i)).stream()
                            .filter(match -> match.severity().compareTo(level) >= 0)
                            .toList();
            if (!matches.isEmpty()) {
                alerts.put(
                        events.get(i).toBuilder().setSourceRecordId(Integer.toString(i)).build(),
                        matches);
            }
        }
        return alerts;
    }

    /** Events that the named rule alerts. */
    long namedEvents() {
        return alerts.values().stream().filter(this::hasNamed).count();
    }

    /** Of those, the ones that another rule alerts too. */
    long leftWithoutNamed() {
        return alerts.values().stream()
                .filter(this::hasNamed)
                .filter(matches -> matches.stream().anyMatch(match -> !isNamed(match)))
                .count();
    }

    /** Of those, the ones that a rule of none of its techniques alerts too. */
    long leftWithoutTechniques() {
        return alerts.values().stream()
                .filter(this::hasNamed)
                .filter(matches -> matches.stream().anyMatch(match -> !sharesTechnique(match)))
                .count();
    }

    /** Events that are alerted by any rule but the named one. */
    long alertedWithoutNamed() {
        return alerts.values().stream()
                .filter(matches -> matches.stream().anyMatch(match -> !isNamed(match)))
                .count();
    }

    /** Events that are alerted by a rule of none of the named one's techniques. */
    long alertedWithoutTechniques() {
        return alerts.values().stream()
                .filter(matches -> matches.stream().anyMatch(match -> !sharesTechnique(match)))
                .count();
    }

    /** Titles of the other rules that fired on any event, and how often. */
    Map<String, Integer> others() {
        Map<String, Integer> others = new TreeMap<>();
        alerts.values().stream()
                .flatMap(List::stream)
                .filter(match -> !isNamed(match))
                .forEach(match -> others.merge(match.rule().getTitle(), 1, Integer::sum));
        return others;
    }

    /** The alerted events that another choice of the intruder's could change, as an attack. */
    RecordedAttack attack(int most) {
        List<Event> steps = alerts.keySet().stream().limit(most).toList();
        return attack(steps);
    }

    /** The same of the events that the named rule alerts. */
    RecordedAttack namedAttack() {
        return attack(
                alerts.entrySet().stream()
                        .filter(entry -> hasNamed(entry.getValue()))
                        .map(Map.Entry::getKey)
                        .toList());
    }

    private RecordedAttack attack(List<Event> steps) {
        return new RecordedAttack(
                device(steps),
                steps,
                steps.stream()
                        .map(event -> new RecordedAttack.Step(name, "", event.getSourceRecordId()))
                        .toList());
    }

    private static Device device(Collection<Event> events) {
        boolean windows = events.stream().allMatch(event -> WINDOWS.contains(event.getSource()));
        return windows ? DEVICE : DEVICE.toBuilder().setOs("linux").build();
    }

    private boolean hasNamed(List<RuleMatch> matches) {
        return matches.stream().anyMatch(this::isNamed);
    }

    private boolean isNamed(RuleMatch match) {
        return match.rule().getName().equals(named.getName());
    }

    private boolean sharesTechnique(RuleMatch match) {
        return isNamed(match)
                || match.rule().getTechniquesList().stream()
                        .map(NamedRules::above)
                        .anyMatch(technique ->
                                named.getTechniquesList().stream()
                                        .map(NamedRules::above)
                                        .anyMatch(technique::equals));
    }
}
