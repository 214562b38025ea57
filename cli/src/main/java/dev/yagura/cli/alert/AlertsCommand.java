package dev.yagura.cli.alert;

import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Printable;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.AlertFilter;
import dev.yagura.proto.detection.v1.AlertServiceGrpc;
import dev.yagura.proto.detection.v1.GetAlertRequest;
import dev.yagura.proto.detection.v1.ListAlertsRequest;
import dev.yagura.proto.detection.v1.ListAlertsResponse;
import dev.yagura.proto.detection.v1.Match;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.detection.v1.WatchAlertsRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura alerts`. */
@Command(
        name = "alerts",
        mixinStandardHelpOptions = true,
        description = "Alerts: list, show, watch.",
        footer = {
            "",
            "Examples:",
            "  yagura alerts list --technique T1059 --output json",
            "  yagura alerts watch"
        })
public final class AlertsCommand {
    private static final List<Column<Alert>> COLUMNS =
            List.of(
                    new Column<>("OCCURRED", alert -> Texts.time(alert.getTimes().getOccurred())),
                    new Column<>("SEVERITY", alert -> Texts.of(alert.getSeverity())),
                    new Column<>("HOST", AlertsCommand::hosts),
                    new Column<>("RULE", AlertsCommand::title),
                    new Column<>(
                            "TECHNIQUES",
                            alert -> String.join(",", alert.getRule().getTechniquesList())),
                    new Column<>("COUNT", alert -> Long.toString(alert.getMatchCount())),
                    new Column<>("NAME", Alert::getName));

    private static String hosts(Alert alert) {
        int others = alert.getCorrelation().getHostsCount() - 1;
        return alert.getAsset().getHostname() + (others > 0 ? " and " + others + " more" : "");
    }

    private static String title(Alert alert) {
        return alert.getRule().getTitle() + (alert.hasWithdrawTime() ? " (withdrawn)" : "");
    }

    /** Filter options of list and watch. */
    static final class Filter {
        @Option(names = "--host", description = "Asset id of the host.")
        private String host = "";

        @Option(names = "--instance", description = "EC2 instance id.")
        private String instance = "";

        @Option(names = "--rule", description = "Rule id.")
        private String rule = "";

        @Option(
                names = "--technique",
                description = "ATT&CK technique; T1059 also finds T1059.004.")
        private String technique = "";

        @Option(names = "--incident", description = "incidents/{id}")
        private String incident = "";

        @Option(
                names = "--min-severity",
                defaultValue = "unspecified",
                description = "informational, low, medium, high, critical.")
        private String minSeverity = "";

        AlertFilter toProto() {
            return AlertFilter.newBuilder()
                    .setHostId(host)
                    .setInstanceId(instance)
                    .setRuleId(rule)
                    .setTechnique(technique)
                    .setIncident(incident)
                    .setMinSeverity(Texts.parse(Severity.class, "SEVERITY_", minSeverity))
                    .build();
        }
    }

    @Command(name = "list", description = "Alerts, newest first.", mixinStandardHelpOptions = true)
    void list(
            @Mixin Connection connection,
            @Mixin Output output,
            @Mixin Filter filter,
            @Option(names = "--limit", defaultValue = "50", description = "At most so many.")
                    int limit) {
        List<Alert> alerts =
                connection.call(channel -> {
                    var stub = AlertServiceGrpc.newBlockingStub(channel);
                    return Pages.collect(
                            limit,
                            (size, token) ->
                                    stub.listAlerts(
                                            ListAlertsRequest.newBuilder()
                                                    .setPageSize(size)
                                                    .setPageToken(token)
                                                    .setFilter(filter.toProto())
                                                    .build()),
                            ListAlertsResponse::getAlertsList,
                            ListAlertsResponse::getNextPageToken);
                });
        output.print(alerts, COLUMNS);
    }

    @Command(
            name = "show",
            description = "One alert with its matches.",
            mixinStandardHelpOptions = true)
    void show(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "alerts/{id}") String name) {
        Alert alert =
                connection.call(channel ->
                        AlertServiceGrpc.newBlockingStub(channel)
                                .getAlert(GetAlertRequest.newBuilder().setName(name).build()));
        if (output.isJson()) {
            output.json(alert);
            return;
        }
        output.print(List.of(alert), COLUMNS);
        output.line("");
        output.line("incident:  " + alert.getIncident());
        output.line(
                "rule:      "
                        + alert.getRule().getName()
                        + " (rule set "
                        + alert.getRule().getRuleSetVersion()
                        + ", "
                        + alert.getRule().getContentHash()
                        + ")");
        output.line("committed: " + Texts.time(alert.getTimes().getCommitted()));
        alert.getFirstMatchesList().forEach(match -> print(output, match));
    }

    @Command(
            name = "watch",
            description = "Alerts as they are committed.",
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
            AlertServiceGrpc.newBlockingStub(channel)
                    .watchAlerts(
                            WatchAlertsRequest.newBuilder()
                                    .setCursor(cursor)
                                    .setFilter(filter.toProto())
                                    .build())
                    .forEachRemaining(change -> {
                        if (change.hasAlert()) {
                            output.print(List.of(change.getAlert()), COLUMNS);
                            output.flush();
                        }
                    });
            return channel;
        });
    }

    private static void print(Output output, Match match) {
        output.line("");
        output.line(
                "match "
                        + match.getId()
                        + " of event "
                        + match.getEvidence().getEventId()
                        + " when "
                        + match.getCondition());
        match.getMatchedFieldsList()
                .forEach(field ->
                        output.line(
                                "  "
                                        + field.getField()
                                        + " = "
                                        + Printable.of(field.getValue())
                                        + "   ["
                                        + field.getSelection()
                                        + ": "
                                        + Printable.of(field.getPattern())
                                        + "]"));
    }
}
