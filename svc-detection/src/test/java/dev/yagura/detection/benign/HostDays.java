package dev.yagura.detection.benign;

import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Recorded runs as host-days. A job that is run D times a day and was recorded R times counts each
 * of its runs D/R times a day; a fleet has as many hosts of each role.
 */
final class HostDays {
    private static final int HOST_DAYS = 1000;

    private final Map<String, List<FalseAlarms.Raised>> byRole;

    /** Which alerts of which rule. */
    record RuleRow(
            RuleReference rule,
            Severity severity,
            int alerts,
            double alertsPerThousand,
            double incidentsPerThousand,
            Set<String> jobs) {}

    /** One recorded host in numbers. */
    record HostRow(String role, int runs, double minutes, long events, double eventsPerDay) {}

    HostDays(Map<String, List<FalseAlarms.Raised>> byRole) {
        this.byRole = new TreeMap<>(byRole);
    }

    List<HostRow> hosts() {
        return byRole.entrySet().stream()
                .map(entry -> {
                    List<FalseAlarms.Raised> all = entry.getValue();
                    long nanos =
                            all.stream()
                                    .mapToLong(one -> one.run().endNs() - one.run().startNs())
                                    .sum();
                    return new HostRow(
                            entry.getKey(),
                            all.size(),
                            nanos / 60e9,
                            all.stream().mapToLong(FalseAlarms.Raised::events).sum(),
                            perDay(all, FalseAlarms.Raised::events));
                })
                .toList();
    }

    /** Rules that raised something, the worst and then the most frequent first. */
    List<RuleRow> rules() {
        Map<String, List<Alert>> byRule = new TreeMap<>();
        each(raised ->
                raised.alerts()
                        .forEach(alert ->
                                byRule.computeIfAbsent(
                                                alert.getRule().getId(), id -> new ArrayList<>())
                                        .add(alert)));
        return byRule.entrySet().stream()
                .map(entry -> row(entry.getKey(), entry.getValue()))
                .sorted((a, b) -> {
                    int worse = b.severity().compareTo(a.severity());
                    return worse != 0
                            ? worse
                            : Double.compare(b.alertsPerThousand(), a.alertsPerThousand());
                })
                .toList();
    }

    private RuleRow row(String ruleId, List<Alert> alerts) {
        Set<String> jobs = new TreeSet<>();
        byRole.forEach((role, all) ->
                all.stream()
                        .filter(raised -> alerts(raised, ruleId) > 0)
                        .forEach(raised -> jobs.add(role + " " + raised.run().job())));
        return new RuleRow(
                alerts.getFirst().getRule(),
                alerts.getFirst().getSeverity(),
                alerts.size(),
                perThousand(raised -> alerts(raised, ruleId)),
                perThousand(raised -> FalseAlarms.incidentsWith(raised, ruleId)),
                jobs);
    }

    private static long alerts(FalseAlarms.Raised raised, String ruleId) {
        return raised.alerts().stream()
                .filter(alert -> alert.getRule().getId().equals(ruleId))
                .count();
    }

    double alertsPerThousand(Severity least) {
        return perThousand(raised ->
                raised.alerts().stream()
                        .filter(alert -> alert.getSeverity().compareTo(least) >= 0)
                        .count());
    }

    double incidentsPerThousand(Severity least) {
        return perThousand(raised ->
                raised.incidents().stream()
                        .filter(incident -> incident.getSeverity().compareTo(least) >= 0)
                        .count());
    }

    /** Incidents as they are, with the run that each is of. */
    Map<Incident, String> incidents() {
        Map<Incident, String> found = new HashMap<>();
        byRole.forEach((role, all) ->
                all.forEach(raised ->
                        raised.incidents()
                                .forEach(incident ->
                                        found.put(incident, role + " " + raised.run().job()))));
        return found;
    }

    private void each(Consumer<FalseAlarms.Raised> action) {
        byRole.values().forEach(all -> all.forEach(action));
    }

    private double perThousand(ToDoubleFunction<FalseAlarms.Raised> value) {
        return HOST_DAYS
                * byRole.values().stream()
                        .mapToDouble(all -> perDay(all, value))
                        .average()
                        .orElse(0);
    }

    /** Expected a day on a host whose runs these are. */
    static double perDay(List<FalseAlarms.Raised> all, ToDoubleFunction<FalseAlarms.Raised> value) {
        Map<String, List<FalseAlarms.Raised>> byJob = new TreeMap<>();
        all.forEach(raised ->
                byJob.computeIfAbsent(raised.run().job(), job -> new ArrayList<>()).add(raised));
        double sum = 0;
        for (List<FalseAlarms.Raised> runs : byJob.values()) {
            double daily = runs.getFirst().run().daily();
            sum += daily * runs.stream().mapToDouble(value).average().orElse(0);
        }
        return sum;
    }
}
