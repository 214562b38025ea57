package dev.yagura.bench.demo;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.yagura.cli.action.ActionReport;
import dev.yagura.cli.incident.IncidentReport;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentMember;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.inventory.v1.AgentState;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.StateTransition;
import dev.yagura.proto.response.v1.Verification;
import dev.yagura.sandbox.control.Passage;
import dev.yagura.sandbox.control.ProbeView;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The steps of the demo on one attacked host. Each prints what it saw, or fails. */
final class DemoStory {
    private static final Duration BOUND = Duration.ofSeconds(60);

    /** Steps of the attack that the incident must show; see sandbox/scenario/expected.yaml. */
    private static final Set<String> TECHNIQUES = Set.of("T1059.004", "T1105", "T1552.005");

    private final PublicApi api;
    private final World world;
    private final Asset host;
    private final PrintStream out;
    private int step;

    DemoStory(PublicApi api, World world, Asset host, PrintStream out) {
        this.api = api;
        this.world = world;
        this.host = host;
        this.out = out;
    }

    void step(String text) {
        step++;
        out.printf("%n%d. %s%n", step, text);
    }

    /** Waits until three agents have reported. */
    void agentsReport(int count) throws InterruptedException {
        Awaiting.until(
                count + " agents with a heartbeat",
                BOUND,
                () ->
                        Optional.of(api.agents())
                                .filter(agents ->
                                        agents.stream().filter(DemoStory::isConnected).count()
                                                == count));
        out.println("   " + count + " agents are connected (./yagura agents list)");
    }

    private static boolean isConnected(dev.yagura.proto.inventory.v1.Agent agent) {
        return agent.getState() == AgentState.AGENT_STATE_CONNECTED;
    }

    /** Prints members as they join, until the incident is critical and the beacon is open. */
    Incident incidentGrows() throws InterruptedException {
        Set<String> printed = new HashSet<>();
        return Awaiting.until(
                "a critical incident on " + host.getNativeId() + ", and its beacon",
                BOUND,
                () -> {
                    Optional<Incident> newest = current();
                    newest.ifPresent(incident -> printNew(incident, printed));
                    return newest.filter(incident ->
                            incident.getSeverity() == Severity.SEVERITY_CRITICAL
                                    && !world.beacons().isEmpty());
                });
    }

    private Optional<Incident> current() {
        return api.incidents(host.getNativeId()).stream()
                .max(
                        java.util.Comparator.comparing(Incident::getSeverity)
                                .thenComparingInt(Incident::getMembersCount))
                .map(incident -> api.incident(incident.getName()));
    }

    private void printNew(Incident incident, Set<String> printed) {
        for (IncidentMember member : incident.getMembersList()) {
            if (printed.add(member.getAlert())) {
                out.printf(
                        "   %-13s %-44s %-22s %s%n",
                        name(member.getSeverity(), "SEVERITY_"),
                        member.getTitle(),
                        String.join(" ", member.getTechniquesList()),
                        member.getReason());
            }
        }
    }

    Action showPlan() throws InterruptedException {
        Action proposal =
                Awaiting.until(
                        "a proposal to isolate the host",
                        BOUND,
                        () -> api.proposal(host.getNativeId()));
        out.println("   proposed: " + proposal.getName() + ", because " + proposal.getReason());
        indent(ActionReport.plan(api.plan(proposal.getTarget()).getPlan()));
        return proposal;
    }

    Action isolate(Action proposal) throws InterruptedException {
        api.approve(proposal.getName());
        Action done = settled(proposal.getName(), ActionState.ACTION_STATE_SUCCEEDED);
        require(
                done.getVerificationsList().stream().anyMatch(Verification::getPassed),
                "the isolation was not verified");
        indent(ActionReport.lines(done));
        return done;
    }

    /** What lives and what is cut, from the network's side. */
    void checkNetwork() {
        ProbeView fresh = world.newConnection();
        require(!fresh.allowed(), "the host can still connect to the attacker");
        out.println("   new connection to the attacker: blocked, " + fresh.reason());
        ProbeView control = world.controlPath();
        require(control.allowed(), "the control path is gone: " + control.reason());
        out.println("   control path to Systems Manager: open, " + control.reason());
        var living = world.livingBeacons();
        if (living.isEmpty()) {
            out.println("   the beacon: gone");
        }
        living.forEach(flow ->
                out.printf(
                        "   the beacon from port %d: STILL ALIVE, %s%n"
                                + "      a group swap does not cut a tracked connection;"
                                + " the plan said so. A network ACL or a stop cuts it.%n",
                        flow.sourcePort(), flow.reason()));
    }

    /** The copy that cron starts after the isolation must not get out. */
    void checkLaterBeacons(int before) {
        List<Passage> later = world.beacons().subList(before, world.beacons().size());
        require(!later.isEmpty(), "the recording has no beacon after the isolation");
        require(later.stream().noneMatch(Passage::allowed), "a beacon got out after the isolation");
        out.printf(
                "   %d more attempt(s) of the payload, started by cron: blocked, %s%n",
                later.size(), later.getFirst().reason());
    }

    /** The whole incident, with the attack's main steps in it. */
    Incident showIncident(String name) throws InterruptedException {
        Incident whole =
                Awaiting.until(
                        "an incident with " + TECHNIQUES,
                        BOUND,
                        () -> Optional.of(followed(name)).filter(DemoStory::showsTheAttack));
        indent(IncidentReport.lines(whole));
        return whole;
    }

    private Incident followed(String name) {
        Incident incident = api.incident(name);
        return incident.getMergedInto().isEmpty()
                ? incident
                : api.incident(incident.getMergedInto());
    }

    private static boolean showsTheAttack(Incident incident) {
        Set<String> seen = new HashSet<>();
        incident.getMembersList().forEach(member -> seen.addAll(member.getTechniquesList()));
        return seen.containsAll(TECHNIQUES) && incident.hasRootCause();
    }

    /** Nothing at high or critical on hosts that only did ordinary work. */
    void checkOrdinaryHosts(List<Asset> others) {
        for (Asset other : others) {
            List<Alert> loud =
                    api.alerts(other.getNativeId()).stream()
                            .filter(alert ->
                                    alert.getSeverity().getNumber() >= Severity.SEVERITY_HIGH_VALUE)
                            .toList();
            require(
                    loud.isEmpty(),
                    "an ordinary host has alerts: "
                            + loud.stream().map(alert -> alert.getRule().getTitle()).toList());
        }
        out.println("   no high or critical alert on the hosts that did ordinary work");
    }

    Action release(Action action, String rulesBefore) throws InterruptedException {
        api.undo(action.getName());
        Action undone = settled(action.getName(), ActionState.ACTION_STATE_UNDONE);
        require(undone.getDriftList().isEmpty(), "drift was reported: " + undone.getDriftList());
        require(
                world.effectiveRules().equals(rulesBefore),
                "the effective rules are not those from before the isolation");
        out.println("   released; the effective rules of every interface are what they were");
        return undone;
    }

    private Action settled(String name, ActionState wanted) throws InterruptedException {
        Action action =
                Awaiting.until(
                        "the action in state " + name(wanted, "ACTION_STATE_"),
                        BOUND,
                        () ->
                                Optional.of(api.action(name))
                                        .filter(each ->
                                                each.getState() == wanted
                                                        || isFailed(each.getState())));
        require(action.getState() == wanted, "the action ended as " + action.getStateReason());
        return action;
    }

    private static boolean isFailed(ActionState state) {
        return switch (state) {
            case ACTION_STATE_FAILED,
                    ACTION_STATE_CANCELLED,
                    ACTION_STATE_EXPIRED,
                    ACTION_STATE_UNDO_FAILED ->
                    true;
            default -> false;
        };
    }

    /** The times that matter, from the records themselves. */
    void printTimes(Incident critical, Action isolation) {
        long[] delays =
                api.alerts(host.getNativeId()).stream()
                        .mapToLong(alert ->
                                millisBetween(
                                        alert.getTimes().getOccurred(),
                                        alert.getTimes().getCommitted()))
                        .sorted()
                        .toArray();
        require(delays.length > 0, "the host has no alerts");
        out.printf(
                Locale.ROOT,
                "   event to alert: median %d ms, worst %d ms, over %d alerts%n",
                delays[delays.length / 2],
                delays[delays.length - 1],
                delays.length);
        Timestamp contained = transition(isolation, ActionState.ACTION_STATE_SUCCEEDED);
        out.printf(
                "   critical incident to contained and verified: %d ms (approval included)%n",
                millisBetween(critical.getUpdateTime(), contained));
        out.printf(
                "   approval to contained and verified: %d ms%n",
                millisBetween(transition(isolation, ActionState.ACTION_STATE_APPROVED), contained));
    }

    private static Timestamp transition(Action action, ActionState to) {
        return action.getTransitionsList().stream()
                .filter(transition -> transition.getTo() == to)
                .map(StateTransition::getTime)
                .findFirst()
                .orElseThrow(() -> new StepFailedException("the action was never " + to));
    }

    private static long millisBetween(Timestamp from, Timestamp to) {
        return Timestamps.toMillis(to) - Timestamps.toMillis(from);
    }

    private void indent(List<String> lines) {
        lines.forEach(line -> out.println("   " + line));
    }

    private static String name(Enum<?> constant, String prefix) {
        return constant.name().substring(prefix.length()).toLowerCase(Locale.ROOT);
    }

    private static void require(boolean seen, String problem) {
        if (!seen) {
            throw new StepFailedException(problem);
        }
    }
}
