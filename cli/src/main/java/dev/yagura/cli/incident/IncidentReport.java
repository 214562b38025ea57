package dev.yagura.cli.incident;

import static java.util.stream.Collectors.joining;

import dev.yagura.cli.output.Printable;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Entity;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.ProcessNode;
import dev.yagura.proto.detection.v1.Reach;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An incident as an analyst reads it: what, why, the process tree, reach, goal, gaps. */
public final class IncidentReport {
    private static final int COMMAND_LINE_SHOWN = 100;

    private final Incident incident;
    private final Map<String, String> alertTitles = new HashMap<>();
    private final List<String> lines = new ArrayList<>();

    private IncidentReport(Incident incident) {
        this.incident = incident;
        incident.getMembersList()
                .forEach(member ->
                        alertTitles.put(
                                member.getAlert(),
                                member.getTitle()
                                        + " ["
                                        + Texts.of(member.getSeverity())
                                        + " "
                                        + String.join(",", member.getTechniquesList())
                                        + "]"));
    }

    public static List<String> lines(Incident incident) {
        IncidentReport report = new IncidentReport(incident);
        report.head();
        report.tree();
        report.reach(incident.getReach());
        report.tactics();
        report.scores();
        report.gapsAndVerdicts();
        return report.lines;
    }

    private void head() {
        add(incident.getName() + "  " + Printable.of(incident.getTitle()));
        add(
                "severity "
                        + Texts.of(incident.getSeverity())
                        + ", confidence "
                        + incident.getConfidence()
                        + ", priority "
                        + incident.getPriority()
                        + ", "
                        + Texts.constant(incident.getState(), "INCIDENT_STATE_")
                        + ", "
                        + incident.getMembersCount()
                        + " alerts, "
                        + Texts.time(incident.getFirstOccurred())
                        + " to "
                        + Texts.time(incident.getLastOccurred()));
        add(
                "host "
                        + incident.getAsset().getHostname()
                        + " "
                        + incident.getAsset().getInstanceId()
                        + " account "
                        + incident.getScope().getAccountId()
                        + " "
                        + incident.getScope().getRegion());
        add(
                "root cause: "
                        + Printable.of(incident.getRootCause().getLabel())
                        + ": "
                        + Printable.of(incident.getRootCauseReason()));
        if (!incident.getMergedInto().isEmpty()) {
            add("merged into " + incident.getMergedInto());
        }
        if (!incident.getContinues().isEmpty()) {
            add("continues " + incident.getContinues());
        }
    }

    private void tree() {
        add("");
        add("process tree:");
        Map<String, List<ProcessNode>> children = new HashMap<>();
        Set<String> known = new HashSet<>();
        incident.getProcessesList().forEach(node -> known.add(node.getProcess().getId()));
        List<ProcessNode> roots = new ArrayList<>();
        for (ProcessNode node : incident.getProcessesList()) {
            if (known.contains(node.getParentId())
                    && !node.getParentId().equals(node.getProcess().getId())) {
                children.computeIfAbsent(node.getParentId(), id -> new ArrayList<>()).add(node);
            } else {
                roots.add(node);
            }
        }
        roots.sort(BY_START);
        Set<String> drawn = new HashSet<>();
        roots.forEach(root -> branch(root, children, "  ", drawn));
    }

    private void branch(
            ProcessNode node,
            Map<String, List<ProcessNode>> children,
            String indent,
            Set<String> drawn) {
        if (!drawn.add(node.getProcess().getId())) {
            return; // a loop in the data must not loop here
        }
        String commandLine = Printable.of(node.getCmdLine());
        add(
                indent
                        + node.getPid()
                        + " "
                        + (commandLine.isEmpty() ? node.getPath() : shorten(commandLine))
                        + (node.getUser().isEmpty() ? "" : "  (" + node.getUser() + ")"));
        node.getAlertsList()
                .forEach(alert -> add(indent + "  ! " + alertTitles.getOrDefault(alert, alert)));
        List<ProcessNode> below = children.getOrDefault(node.getProcess().getId(), List.of());
        below.stream()
                .sorted(BY_START)
                .forEach(child -> branch(child, children, indent + "    ", drawn));
    }

    private static final Comparator<ProcessNode> BY_START =
            Comparator.<ProcessNode>comparingLong(node -> node.getStartTime().getSeconds())
                    .thenComparingInt(node -> node.getStartTime().getNanos())
                    .thenComparingInt(ProcessNode::getPid);

    private static String shorten(String text) {
        return text.length() <= COMMAND_LINE_SHOWN
                ? text
                : text.substring(0, COMMAND_LINE_SHOWN) + "…";
    }

    private void reach(Reach reach) {
        add("");
        add("reached:");
        reachLine("hosts", reach.getHostsList());
        reach.getAssetsList().forEach(this::asset);
        reachLine("users", reach.getUsersList());
        reachLine("addresses", reach.getAddressesList());
        reachLine("files", reach.getFilesList());
        reachLine("role sessions", reach.getRoleSessionsList());
    }

    private void asset(AssetSnapshot host) {
        add(
                "    "
                        + Printable.of(
                                "%s %s: criticality %s, owner %s, environment %s"
                                        .formatted(
                                                host.getHostname(),
                                                host.getInstanceId(),
                                                orUnknown(host.getCriticality()),
                                                orUnknown(host.getOwner()),
                                                orUnknown(host.getEnvironment()))));
    }

    private static String orUnknown(String text) {
        return text.isEmpty() ? "unknown" : text;
    }

    private void reachLine(String title, List<Entity> entities) {
        if (!entities.isEmpty()) {
            add(
                    "  "
                            + title
                            + ": "
                            + entities.stream()
                                    .map(entity -> Printable.of(entity.getLabel()))
                                    .collect(joining(", ")));
        }
    }

    private void tactics() {
        add("");
        add("tactics:");
        incident.getTacticsList()
                .forEach(tactic ->
                        add(
                                "  "
                                        + tactic.getTactic()
                                        + " "
                                        + String.join(",", tactic.getTechniquesList())
                                        + "  ("
                                        + tactic.getAlertsCount()
                                        + " alerts)"));
    }

    private void scores() {
        add("");
        add("why this score:");
        incident.getContributionsList()
                .forEach(part ->
                        add(
                                "  "
                                        + Texts.constant(part.getKind(), "SCORE_KIND_")
                                        + " "
                                        + (part.getPoints() < 0 ? "" : "+")
                                        + part.getPoints()
                                        + " "
                                        + Printable.of(part.getLabel())));
    }

    private void gapsAndVerdicts() {
        incident.getVisibilityGapsList()
                .forEach(gap ->
                        add(
                                "not seen: "
                                        + Texts.time(gap.getStart())
                                        + " to "
                                        + Texts.time(gap.getEnd())
                                        + ": "
                                        + gap.getReason()));
        incident.getVerdictsList()
                .forEach(verdict ->
                        add(
                                "verdict: "
                                        + Texts.constant(verdict.getKind(), "VERDICT_KIND_")
                                        + " by "
                                        + verdict.getAuthor()
                                        + ": "
                                        + Printable.of(verdict.getReason())));
    }

    private void add(String line) {
        lines.add(line);
    }
}
