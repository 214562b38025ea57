package dev.yagura.detection.benign;

import dev.yagura.proto.detection.v1.Severity;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is raised falsely, as Markdown. */
final class BenignPage {
    private static final String INTRODUCTION =
            """
            # False alarms on ordinary work

            Made by `./mvnw test -pl svc-detection -am -Dtest=BenignGroundTest -Dsurefire.failIfNoSpecifiedTests=false
            -Dyagura.docs.write=true`, and checked by the same test: the project's own rules over the recordings in
            [sandbox/benign](../../sandbox/benign/README.md), %d recorded events on %d hosts. Nobody attacked these hosts, so
            everything below is false. Alerts are grouped, and incidents joined, by the code that the service uses.

            ## Host-days

            The recordings press a day's jobs into minutes. Each run of a job is marked with how often such a host runs the job a
            day, which is an assumption, written in the manifest beside the recording, and not measured on a fleet. A job run D
            times a day and recorded R times counts each run D/R times a day. Alerts and incidents of different runs are kept
            apart, because on a host they are hours apart: this counts more incidents, never fewer. A fleet has as many hosts of
            each role. "Events a day" follows from the same assumption; compare it with what your agents really send.

            The rules were improved on these very recordings, so the figures say what is left after that, not what an unknown
            fleet will see. Work that nobody recorded (systemd, a Docker engine, desktops, databases under load) is not in them.

            """;

    private BenignPage() {}

    static String of(List<BenignHost> recorded, HostDays days) {
        long events = days.hosts().stream().mapToLong(HostDays.HostRow::events).sum();
        return INTRODUCTION.formatted(events, recorded.size())
                + "| host | what | runs | minutes | events | events a day | host-days in it |\n"
                + "|---|---|---|---|---|---|---|\n"
                + hosts(recorded, days)
                + "\n## Rules\n\n"
                + rules(days)
                + "\n## Together\n\n"
                + together(days)
                + """

                No alert in the recorded runs is no proof of none in a thousand host-days: a job that was recorded twice may still
                do something else the third time.
                """;
    }

    private static String hosts(List<BenignHost> recorded, HostDays days) {
        return days.hosts().stream()
                .map(row -> {
                    String about =
                            recorded.stream()
                                    .filter(host -> host.role().equals(row.role()))
                                    .map(BenignHost::about)
                                    .findFirst()
                                    .orElseThrow();
                    return text(
                            "| %s | %s | %d | %.0f | %,d | %,.0f | %.2f |\n",
                            row.role(),
                            about,
                            row.runs(),
                            row.minutes(),
                            row.events(),
                            row.eventsPerDay(),
                            row.events() / row.eventsPerDay());
                })
                .collect(Collectors.joining());
    }

    private static String rules(HostDays days) {
        if (days.rules().isEmpty()) {
            return "No rule raised anything.\n";
        }
        return "| rule | level | alerts in the recordings | alerts per 1,000 host-days"
                + " | incidents per 1,000 host-days | by |\n"
                + "|---|---|---|---|---|---|\n"
                + days.rules().stream()
                        .map(row ->
                                text(
                                        "| %s | %s | %d | %.0f | %.0f | %s |\n",
                                        row.rule().getTitle().replace("|", "\\|"),
                                        level(row.severity()),
                                        row.alerts(),
                                        row.alertsPerThousand(),
                                        row.incidentsPerThousand(),
                                        row.jobs().stream()
                                                .limit(6)
                                                .collect(Collectors.joining(", "))))
                        .collect(Collectors.joining());
    }

    private static String together(HostDays days) {
        StringBuilder table =
                new StringBuilder(
                        "| level or above | alerts per 1,000 host-days"
                                + " | incidents per 1,000 host-days |\n|---|---|---|\n");
        for (Severity severity :
                List.of(
                        Severity.SEVERITY_LOW,
                        Severity.SEVERITY_MEDIUM,
                        Severity.SEVERITY_HIGH,
                        Severity.SEVERITY_CRITICAL)) {
            table.append(
                    text(
                            "| %s | %.0f | %.0f |\n",
                            level(severity),
                            days.alertsPerThousand(severity),
                            days.incidentsPerThousand(severity)));
        }
        return table.toString();
    }

    private static String level(Severity severity) {
        return severity.name().replace("SEVERITY_", "").toLowerCase(Locale.ROOT);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
