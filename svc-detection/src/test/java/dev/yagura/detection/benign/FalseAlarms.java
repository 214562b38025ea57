package dev.yagura.detection.benign;

import dev.yagura.common.ids.AssetIds;
import dev.yagura.detection.TestEvents;
import dev.yagura.detection.alert.AlertConfig;
import dev.yagura.detection.alert.AlertGroup;
import dev.yagura.detection.alert.LogRecord;
import dev.yagura.detection.alert.Sighting;
import dev.yagura.detection.alert.Sightings;
import dev.yagura.detection.asset.AssetReadModel;
import dev.yagura.detection.incident.IncidentConfig;
import dev.yagura.detection.incident.MemoryBoard;
import dev.yagura.detection.process.HostProcesses;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.ingest.v1.LogEntry;
import dev.yagura.proto.ingest.v1.Position;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What one recorded host raises: alerts and incidents of each run of a job, as the service would
 * make them. The runs are joined apart from each other: in the recording they follow within
 * minutes, on a host they are hours apart.
 */
final class FalseAlarms {
    private static final AlertConfig ALERTS = new AlertConfig(Duration.ofHours(1));
    private static final IncidentConfig INCIDENTS =
            new IncidentConfig(Duration.ofHours(1), 500, 500);
    private static final int MAX_PROCESSES = 100_000;

    private final BenignHost host;
    private final Device device;
    private final LogRecord record;
    private final EventMatcher matcher;
    private final Sightings sightings;
    private final HostProcesses processes = new HostProcesses(MAX_PROCESSES);
    private final Map<Integer, List<Sighting>> sightingsByRun = new HashMap<>();
    private final long[] eventsByRun;
    private int index;

    /** One run, and what it raised. */
    record Raised(BenignHost.Run run, long events, List<Alert> alerts, List<Incident> incidents) {
        Raised {
            alerts = List.copyOf(alerts);
            incidents = List.copyOf(incidents);
        }
    }

    private FalseAlarms(BenignHost host, EventMatcher matcher) {
        this.host = host;
        this.matcher = matcher;
        this.device =
                Device.newBuilder()
                        .setHostId(
                                AssetIds.of(TestEvents.SCOPE, "AWS::EC2::Instance", host.role())
                                        .toString())
                        .setScope(TestEvents.SCOPE)
                        .setHostname(host.role() + "-1")
                        .setOs("linux")
                        .build();
        this.record =
                new LogRecord(
                        Position.getDefaultInstance(),
                        LogEntry.newBuilder().setAgentId(host.role()).setDevice(device).build(),
                        UUID.fromString(device.getHostId()));
        this.sightings = new Sightings(ALERTS, new AssetReadModel(), Clock.systemUTC());
        this.eventsByRun = new long[host.runs().size()];
    }

    /** For each rule set what each run raised; the recording is read once. */
    static List<List<Raised>> of(BenignHost host, List<EventMatcher> ruleSets) {
        List<FalseAlarms> alarms =
                ruleSets.stream().map(rules -> new FalseAlarms(host, rules)).toList();
        host.read(event -> alarms.forEach(each -> each.event(event)));
        return alarms.stream().map(FalseAlarms::all).toList();
    }

    private List<Raised> all() {
        return IntStream.range(0, host.runs().size()).mapToObj(this::raised).toList();
    }

    private void event(Event event) {
        int run = host.runAt(event.getTimeNs());
        eventsByRun[run]++;
        processes.observe(event, event.getTimeNs(), 0);
        for (RuleMatch match : matcher.match(device, event)) {
            sightingsByRun
                    .computeIfAbsent(run, key -> new ArrayList<>())
                    .add(
                            sightings.of(
                                    record,
                                    index,
                                    SensorEvent.of(event),
                                    match,
                                    processes.lineage(event)));
        }
        index++;
    }

    private Raised raised(int run) {
        MemoryBoard board = new MemoryBoard(INCIDENTS, Instant.EPOCH);
        board.write(sightingsByRun.getOrDefault(run, List.of()));
        return new Raised(
                host.runs().get(run),
                eventsByRun[run],
                board.alerts().stream().map(AlertGroup::alert).toList(),
                board.incidents().stream()
                        .filter(one -> one.getState() == IncidentState.INCIDENT_STATE_OPEN)
                        .toList());
    }

    /** Incidents of the run that an alert of the rule is in. */
    static long incidentsWith(Raised raised, String ruleId) {
        Set<String> alerts =
                raised.alerts().stream()
                        .filter(alert -> alert.getRule().getId().equals(ruleId))
                        .map(Alert::getName)
                        .collect(Collectors.toCollection(HashSet::new));
        return raised.incidents().stream()
                .filter(incident ->
                        incident.getMembersList().stream()
                                .anyMatch(member -> alerts.contains(member.getAlert())))
                .count();
    }
}
