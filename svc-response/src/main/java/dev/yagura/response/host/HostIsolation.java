package dev.yagura.response.host;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.HostCommand;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.AddressBlock;
import dev.yagura.response.channel.AgentChannel;
import dev.yagura.response.isolation.IsolationConfig;
import java.net.InetAddress;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** isolate_host; its undo takes the cut back. */
final class HostIsolation extends HostAction {
    /** What the host says of a table that is not there. */
    private static final String GONE = "gone";

    /** What the host says of a state folder that is not there. */
    private static final String FORGOTTEN = "forgotten";

    private final List<HostNetwork.Way> gateways;

    HostIsolation(Ways ways, List<IsolationConfig.Gateway> gateways, Clock clock) {
        super(ways, clock);
        this.gateways =
                gateways.stream()
                        .map(each -> HostNetwork.gateway(each.addresses(), each.port()))
                        .toList();
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_ISOLATE_HOST;
    }

    @Override
    List<HostDocument> documents() {
        return List.of(HostDocument.ISOLATE_HOST, HostDocument.RELEASE_HOST);
    }

    /** A cut by the agent would be for ever if its own way did not stay. */
    @Override
    Optional<String> objection(AgentChannel channel) {
        return GatewayWay.of(channel, gateways) instanceof GatewayWay.Unknown unknown
                ? Optional.of(unknown.why())
                : Optional.empty();
    }

    @Override
    Order order(HostCloud cloud, HostSurvey survey, Action action) {
        Set<HostNetwork.Way> kept = new LinkedHashSet<>(gateways);
        if (survey.way() instanceof HostWay.ByAgent agent
                && GatewayWay.of(agent.channel(), gateways) instanceof GatewayWay.Known known) {
            kept.add(known.way());
        }
        HostNetwork network = HostNetwork.read(cloud.ec2(), survey.instance(), kept);
        return switch (survey.way()) {
            case HostWay.ByAgent agent ->
                    order(network, network.checkForAgent(!gateways.isEmpty()), "gateway", action);
            case HostWay.BySsm ssm -> order(network, network.check(), "ssm", action);
        };
    }

    private static Order order(
            HostNetwork network, PreflightCheck check, String through, Action action) {
        return new Order(
                List.of(check),
                Map.of(
                        ACTION_ID,
                        id(action),
                        "Through",
                        through,
                        "Ways",
                        network.ways().stream()
                                .map(HostNetwork.Way::word)
                                .distinct()
                                .collect(Collectors.joining(",")),
                        "Resolvers",
                        words(network.resolvers()),
                        "Routers",
                        words(network.routers())));
    }

    private static String words(List<AddressBlock> addresses) {
        return addresses.stream()
                .map(AddressBlock::base)
                .map(InetAddress::getHostAddress)
                .collect(Collectors.joining(","));
    }

    @Override
    Plan.Builder describe(Plan.Builder plan, HostSurvey survey, ActionTarget target) {
        for (PlannedCall.Builder call : plan.getCallsBuilderList()) {
            call.setBefore("the network as it is")
                    .setAfter(
                            "the host's table inet yagura_isolation drops every packet in, out and"
                                    + " through, IPv4 and IPv6, also of sessions that are open,"
                                    + " but for the ways above; instance metadata and DNS for the"
                                    + " agents alone");
            plan.addUndoCalls(
                    undoCall(call.build(), survey, HostDocument.RELEASE_HOST)
                            .setBefore("the table, or what others made of it, which is reported")
                            .setAfter("no such table; all other rules as they are then"));
        }
        return plan.addResidualRisks(
                        "Everything that the host and its containers serve fails at once. Load"
                                + " balancers see it fail, and an Auto Scaling group may terminate"
                                + " it, and with it what it would have proven: isolate_instance"
                                + " takes it out of both; apply that too.")
                .addResidualRisks(
                        "The host says that it is cut off; whoever has root there can lie, and can"
                                + " delete the table or end the process that puts it back.")
                .addResidualRisks(
                        "Not covered: packets of raw sockets (AF_PACKET), interfaces that another"
                                + " network namespace has for itself (macvlan, ipvlan, SR-IOV),"
                                + " traffic between containers of one bridge, and a host that"
                                + " starts again.")
                .addResidualRisks(
                        "The ways that stay are open to every process of the host. Where the host"
                                + " has no cgroup v2 of its SSM agent, instance metadata and DNS"
                                + " stay open to root; where names are looked up through"
                                + " systemd-resolved, whoever asks it by its socket still gets"
                                + " answers, so a tunnel through DNS stays possible: the report"
                                + " says which.")
                .addResidualRisks(
                        "Names are looked up at Amazon's resolver alone: on a host with other name"
                                + " servers its agents may not find their endpoints again.");
    }

    @Override
    void applied(ActionRun run, HostReport report) {
        HostReport.Fact isolated =
                report.first("isolated")
                        .orElseThrow(() -> new ActionFailedException("the host does not say what"));
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED,
                true,
                "cut off by its table inet yagura_isolation, SHA-256 %s; answered after the cut: %s%s; %s"
                        .formatted(
                                isolated.value(0),
                                ways(report, "answered"),
                                report.first("silent").isPresent()
                                        ? "; open, but silent or not tried: "
                                                + ways(report, "silent")
                                        : "",
                                narrowed(report)));
    }

    private static String ways(HostReport report, String word) {
        return report.all(word).stream()
                .map(fact -> fact.value(0))
                .collect(Collectors.joining(", "));
    }

    private static String narrowed(HostReport report) {
        boolean byGroup =
                report.first("narrowed").filter(fact -> fact.value(0).equals("group")).isPresent();
        String who =
                byGroup
                        ? "instance metadata and DNS for the group "
                                + report.first("narrowed").map(fact -> fact.text(1)).orElse("")
                                + " and Yagura's agent alone"
                        : "instance metadata and DNS for all processes of root: the host has no"
                                + " cgroup v2 of its SSM agent that its nft can tell";
        return report.first("stub").isPresent()
                ? who + "; its own resolver may ask for names too"
                : who;
    }

    @Override
    public void undo(ActionRun run) {
        if (didNothing(run.action())) {
            run.verified(
                    VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED, true, "nothing was cut");
            return;
        }
        HostReport report =
                perform(
                        run,
                        HostDocument.RELEASE_HOST,
                        undoId(run.action()),
                        survey -> Order.of(Map.of(ACTION_ID, id(run.action()))));
        requireDone(report);
        HostReport.Fact released =
                report.first("released")
                        .orElseThrow(() -> new ActionFailedException("the host does not say what"));
        run.drift(drift(report, released, digest(run.action())));
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED,
                true,
                "the host has no table inet yagura_isolation any more; it keeps nothing of the"
                        + " cut");
    }

    /** Of the table as it was made; empty when the report of that never came. */
    private static Optional<String> digest(Action action) {
        return applying(action)
                .map(HostCommand::getReport)
                .flatMap(HostReport::parse)
                .flatMap(report -> report.first("isolated"))
                .map(fact -> fact.value(0));
    }

    private static List<String> drift(
            HostReport report, HostReport.Fact released, Optional<String> made) {
        List<String> findings = new ArrayList<>();
        for (HostReport.Fact fact : report.all("restored")) {
            findings.add(
                    "the table was %s; the host put it back at %s"
                            .formatted(
                                    fact.value(0).equals(GONE) ? "deleted" : "altered",
                                    time(fact.value(1))));
        }
        String found = released.value(0);
        if (made.isPresent() && found.equals(GONE)) {
            findings.add("the table was gone when it was to be deleted: the host was open");
        } else if (made.isPresent() && !made.get().equals(found)) {
            findings.add(
                    "the table was altered: its SHA-256 was %s, not %s"
                            .formatted(found, made.get()));
        }
        if (made.isPresent() && released.value(1).equals(FORGOTTEN)) {
            findings.add("/var/lib/yagura/isolation of the host was deleted by somebody");
        }
        return findings;
    }

    /** The host's word; it may be anything. */
    private static String time(String seconds) {
        try {
            return Instant.ofEpochSecond(Long.parseLong(seconds)).toString();
        } catch (NumberFormatException | DateTimeException e) {
            return seconds;
        }
    }

    @Override
    public String remains(ActionRun run) {
        return didNothing(run.action())
                ? "nothing on the host was changed"
                : "the host may be cut off; undo takes the cut back";
    }
}
