package dev.yagura.detection.incident;

import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentMember;
import dev.yagura.proto.detection.v1.IncidentOrBuilder;
import dev.yagura.proto.detection.v1.ScoreContribution;
import dev.yagura.proto.detection.v1.ScoreKind;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.detection.v1.TacticEvidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Title, root cause and scores of an incident, from what is in it. Each score is the sum of the
 * contributions of its kind; docs/explanation/alerts-and-incidents.md says why these constants.
 */
final class Assessment {
    private static final int MAX_SCORE = 100;
    private static final int POINTS_A_TACTIC = 6;
    private static final int MAX_TACTIC_POINTS = 30;
    private static final int CREDENTIALS_POINTS = 15;
    private static final int OBJECTIVE_POINTS = 15;
    private static final Set<String> ENTRY = Set.of("initial-access", "execution");
    private static final Set<String> OBJECTIVES =
            Set.of(
                    "persistence",
                    "command-and-control",
                    "exfiltration",
                    "impact",
                    "lateral-movement");

    private final Incident.Builder incident;
    private final List<ScoreContribution> contributions = new ArrayList<>();

    private Assessment(Incident.Builder incident) {
        this.incident = incident;
    }

    static void assess(Incident.Builder incident) {
        new Assessment(incident).run();
    }

    private void run() {
        RootCause.of(incident).into(incident);
        incident.setTitle(title());
        int severity = severity();
        Severity level = level(severity);
        incident.setSeverity(level);
        int confidence = confidence();
        incident.setConfidence(confidence);
        incident.setPriority(priority(level, confidence));
        incident.clearContributions().addAllContributions(contributions);
    }

    private String title() {
        String tactics =
                incident.getTacticsList().stream()
                        .map(tactic -> tactic.getTactic().replace('-', ' '))
                        .collect(Collectors.joining(", "));
        String what = tactics.isEmpty() ? incident.getMembers(0).getTitle() : tactics;
        return incident.getRootCause().getLabel()
                + " on "
                + name(incident.getAsset())
                + ": "
                + what;
    }

    private int severity() {
        IncidentMember worst =
                incident.getMembersList().stream()
                        .max(Comparator.comparingInt(IncidentMember::getSeverityValue))
                        .orElseThrow();
        int score =
                add(
                        ScoreKind.SCORE_KIND_SEVERITY,
                        "highest alert severity: " + worst.getTitle(),
                        points(worst.getSeverity()));
        int tactics = incident.getTacticsCount();
        if (tactics > 1) {
            score +=
                    add(
                            ScoreKind.SCORE_KIND_SEVERITY,
                            "tactics seen: " + tactics,
                            Math.min(MAX_TACTIC_POINTS, (tactics - 1) * POINTS_A_TACTIC));
        }
        if (has(Set.of("credential-access")) && has(ENTRY)) {
            score +=
                    add(
                            ScoreKind.SCORE_KIND_SEVERITY,
                            "credentials reached after code ran",
                            CREDENTIALS_POINTS);
            if (has(OBJECTIVES)) {
                score +=
                        add(
                                ScoreKind.SCORE_KIND_SEVERITY,
                                "the intruder stays or sends: " + names(OBJECTIVES),
                                OBJECTIVE_POINTS);
            }
        }
        return score;
    }

    private static int points(Severity severity) {
        return switch (severity) {
            case SEVERITY_CRITICAL -> 90;
            case SEVERITY_HIGH -> 60;
            case SEVERITY_MEDIUM -> 40;
            case SEVERITY_LOW -> 20;
            case SEVERITY_INFORMATIONAL, SEVERITY_UNSPECIFIED, UNRECOGNIZED -> 5;
        };
    }

    private static Severity level(int score) {
        if (score >= 90) {
            return Severity.SEVERITY_CRITICAL;
        } else if (score >= 60) {
            return Severity.SEVERITY_HIGH;
        } else if (score >= 40) {
            return Severity.SEVERITY_MEDIUM;
        }
        return score >= 20 ? Severity.SEVERITY_LOW : Severity.SEVERITY_INFORMATIONAL;
    }

    private int confidence() {
        int score = add(ScoreKind.SCORE_KIND_CONFIDENCE, "a rule matched", 20);
        long rules =
                incident.getMembersList().stream().map(IncidentMember::getTitle).distinct().count();
        if (rules > 1) {
            score +=
                    add(
                            ScoreKind.SCORE_KIND_CONFIDENCE,
                            "different rules: " + rules,
                            (int) Math.min(40, (rules - 1) * 8));
        }
        int tactics = incident.getTacticsCount();
        if (tactics > 1) {
            score +=
                    add(
                            ScoreKind.SCORE_KIND_CONFIDENCE,
                            "tactics seen: " + tactics,
                            Math.min(30, (tactics - 1) * 6));
        }
        long trees =
                incident.getProcessesList().stream()
                        .filter(process -> process.getAlertsCount() > 0)
                        .count();
        if (trees > 1) {
            score += add(ScoreKind.SCORE_KIND_CONFIDENCE, "several processes of one tree", 10);
        }
        return Math.min(MAX_SCORE, score);
    }

    private int priority(Severity level, int confidence) {
        int score =
                add(
                        ScoreKind.SCORE_KIND_PRIORITY,
                        "severity",
                        switch (level) {
                            case SEVERITY_CRITICAL -> 60;
                            case SEVERITY_HIGH -> 45;
                            case SEVERITY_MEDIUM -> 30;
                            case SEVERITY_LOW -> 15;
                            case SEVERITY_INFORMATIONAL, SEVERITY_UNSPECIFIED, UNRECOGNIZED -> 5;
                        });
        score += add(ScoreKind.SCORE_KIND_PRIORITY, "confidence", confidence / 4);
        if (!incident.getAsset().getInstanceProfileArn().isEmpty()) {
            score += add(ScoreKind.SCORE_KIND_PRIORITY, "the host holds an instance role", 10);
        }
        if (incident.getReach().getAddressesCount() > 0) {
            score += add(ScoreKind.SCORE_KIND_PRIORITY, "remote addresses reached", 5);
        }
        score += criticality();
        if (score > MAX_SCORE) {
            add(ScoreKind.SCORE_KIND_PRIORITY, "at most " + MAX_SCORE, MAX_SCORE - score);
        }
        return Math.clamp(score, 0, MAX_SCORE);
    }

    /** Of the host that matters most. */
    private int criticality() {
        AssetSnapshot host =
                hosts(incident)
                        .max(Comparator.comparing(each -> Criticality.of(each.getCriticality())))
                        .orElseThrow();
        Criticality level = Criticality.of(host.getCriticality());
        return add(ScoreKind.SCORE_KIND_PRIORITY, label(host, level), level.points());
    }

    /** What is known of each host, the one on which it began among them. */
    static Stream<AssetSnapshot> hosts(IncidentOrBuilder incident) {
        AssetSnapshot first = incident.getAsset();
        List<AssetSnapshot> reached = incident.getReach().getAssetsList();
        boolean isReached =
                reached.stream().anyMatch(each -> each.getHostId().equals(first.getHostId()));
        return isReached ? reached.stream() : Stream.concat(Stream.of(first), reached.stream());
    }

    private static String label(AssetSnapshot host, Criticality level) {
        String name = name(host);
        if (level != Criticality.UNKNOWN) {
            return "criticality of " + name + ": " + level.name().toLowerCase(Locale.ROOT);
        }
        return "criticality of "
                + name
                + " is unknown"
                + (host.getCriticality().isEmpty()
                        ? ""
                        : ": \"" + host.getCriticality() + "\" is no level");
    }

    private static String name(AssetSnapshot host) {
        return host.getHostname().isEmpty() ? host.getHostId() : host.getHostname();
    }

    private boolean has(Set<String> tactics) {
        return incident.getTacticsList().stream()
                .map(TacticEvidence::getTactic)
                .anyMatch(tactics::contains);
    }

    private String names(Set<String> tactics) {
        return incident.getTacticsList().stream()
                .map(TacticEvidence::getTactic)
                .filter(tactics::contains)
                .collect(Collectors.joining(", "));
    }

    private int add(ScoreKind kind, String label, int points) {
        contributions.add(
                ScoreContribution.newBuilder()
                        .setKind(kind)
                        .setLabel(label)
                        .setPoints(points)
                        .build());
        return points;
    }
}
