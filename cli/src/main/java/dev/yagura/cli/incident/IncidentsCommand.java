package dev.yagura.cli.incident;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.GetIncidentReachRequest;
import dev.yagura.proto.detection.v1.GetIncidentRequest;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentFilter;
import dev.yagura.proto.detection.v1.IncidentReach;
import dev.yagura.proto.detection.v1.IncidentServiceGrpc;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.detection.v1.ListIncidentsRequest;
import dev.yagura.proto.detection.v1.ListIncidentsResponse;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.detection.v1.UpdateIncidentRequest;
import dev.yagura.proto.detection.v1.VerdictKind;
import dev.yagura.proto.detection.v1.WatchIncidentsRequest;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura incidents`. */
@Command(
        name = "incidents",
        mixinStandardHelpOptions = true,
        description = "Incidents: list, show, reach, watch, judge.",
        footer = {
            "",
            "Examples:",
            "  yagura incidents list --min-severity high",
            "  yagura incidents list --min-priority 80",
            "  yagura incidents reach incidents/0198c0de-…",
            "  yagura incidents judge incidents/0198c0de-… true-positive \\",
            "      --reason 'web shell confirmed' --close"
        })
public final class IncidentsCommand {
    private static final List<Column<Incident>> COLUMNS =
            List.of(
                    new Column<>("FIRST", incident -> Texts.time(incident.getFirstOccurred())),
                    new Column<>("SEVERITY", incident -> Texts.of(incident.getSeverity())),
                    new Column<>("PRIORITY", incident -> Integer.toString(incident.getPriority())),
                    new Column<>(
                            "STATE",
                            incident -> Texts.constant(incident.getState(), "INCIDENT_STATE_")),
                    new Column<>("HOST", incident -> incident.getAsset().getHostname()),
                    new Column<>(
                            "ALERTS", incident -> Integer.toString(incident.getMembersCount())),
                    new Column<>("ROOT CAUSE", incident -> incident.getRootCause().getLabel()),
                    new Column<>("NAME", Incident::getName));

    /** Filter options of list and watch. */
    static final class Filter {
        @Option(names = "--host", description = "Asset id of the host.")
        private String host = "";

        @Option(names = "--instance", description = "EC2 instance id.")
        private String instance = "";

        @Option(
                names = "--min-severity",
                defaultValue = "unspecified",
                description = "informational, low, medium, high, critical.")
        private String minSeverity = "";

        @Option(
                names = "--min-priority",
                defaultValue = "0",
                description = "0 to 100, as in PRIORITY; 0 means any.")
        private int minPriority;

        @Option(
                names = "--state",
                defaultValue = "unspecified",
                description = "open, closed, merged.")
        private String state = "";

        IncidentFilter toProto() {
            return IncidentFilter.newBuilder()
                    .setHostId(host)
                    .setInstanceId(instance)
                    .setMinSeverity(Texts.parse(Severity.class, "SEVERITY_", minSeverity))
                    .setMinPriority(minPriority)
                    .setState(Texts.parse(IncidentState.class, "INCIDENT_STATE_", state))
                    .build();
        }
    }

    @Command(
            name = "list",
            description = "Incidents, newest first.",
            mixinStandardHelpOptions = true)
    void list(
            @Mixin Connection connection,
            @Mixin Output output,
            @Mixin Filter filter,
            @Option(names = "--limit", defaultValue = "50", description = "At most so many.")
                    int limit) {
        List<Incident> incidents =
                connection.call(channel -> {
                    var stub = IncidentServiceGrpc.newBlockingStub(channel);
                    return Pages.collect(
                            limit,
                            (size, token) ->
                                    stub.listIncidents(
                                            ListIncidentsRequest.newBuilder()
                                                    .setPageSize(size)
                                                    .setPageToken(token)
                                                    .setFilter(filter.toProto())
                                                    .build()),
                            ListIncidentsResponse::getIncidentsList,
                            ListIncidentsResponse::getNextPageToken);
                });
        output.print(incidents, COLUMNS);
    }

    @Command(
            name = "show",
            description = "One incident: cause, process tree, reach, goal.",
            mixinStandardHelpOptions = true)
    void show(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "incidents/{id}") String name) {
        Incident incident =
                connection.call(channel ->
                        IncidentServiceGrpc.newBlockingStub(channel)
                                .getIncident(
                                        GetIncidentRequest.newBuilder().setName(name).build()));
        output.print(incident, IncidentReport::lines);
    }

    @Command(
            name = "reach",
            description = "What could be reached from its hosts, as the inventory knows it now.",
            mixinStandardHelpOptions = true)
    void reach(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "incidents/{id}") String name) {
        IncidentReach reach =
                connection.call(channel ->
                        IncidentServiceGrpc.newBlockingStub(channel)
                                .getIncidentReach(
                                        GetIncidentReachRequest.newBuilder()
                                                .setName(name)
                                                .build()));
        output.print(reach, ReachText::lines);
    }

    @Command(
            name = "watch",
            description = "Incidents as they grow.",
            mixinStandardHelpOptions = true)
    void watch(
            @Mixin Connection connection,
            @Mixin Output output,
            @Mixin Filter filter,
            @Option(
                            names = "--cursor",
                            description = "Resume after this cursor.",
                            defaultValue = "")
                    String cursor) {
        connection.call(channel -> {
            IncidentServiceGrpc.newBlockingStub(channel)
                    .watchIncidents(
                            WatchIncidentsRequest.newBuilder()
                                    .setCursor(cursor)
                                    .setFilter(filter.toProto())
                                    .build())
                    .forEachRemaining(change -> {
                        if (change.hasIncident()) {
                            output.print(List.of(change.getIncident()), COLUMNS);
                            output.flush();
                        }
                    });
            return channel;
        });
    }

    @Command(
            name = "judge",
            description = "Appends a verdict; closes or opens the incident.",
            mixinStandardHelpOptions = true)
    void judge(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(index = "0", paramLabel = "NAME", description = "incidents/{id}")
                    String name,
            @Parameters(
                            index = "1",
                            paramLabel = "VERDICT",
                            description =
                                    "true-positive, benign-true-positive, false-positive,"
                                            + " inconclusive.")
                    String verdict,
            @Option(names = "--reason", required = true, description = "Why.") String reason,
            @Option(names = "--close", description = "Closes the incident.") boolean close) {
        VerdictKind kind = Texts.parse(VerdictKind.class, "VERDICT_KIND_", verdict);
        Incident judged =
                connection.call(channel -> {
                    var stub = IncidentServiceGrpc.newBlockingStub(channel);
                    Incident current =
                            stub.getIncident(GetIncidentRequest.newBuilder().setName(name).build());
                    UpdateIncidentRequest.Builder update =
                            UpdateIncidentRequest.newBuilder()
                                    .setName(name)
                                    .setEtag(current.getEtag())
                                    .setRequestId(UUID.randomUUID().toString())
                                    .setVerdict(kind)
                                    .setReason(reason);
                    if (close) {
                        update.setState(IncidentState.INCIDENT_STATE_CLOSED);
                    }
                    return stub.updateIncident(update.build());
                });
        output.print(List.of(judged), COLUMNS);
    }
}
