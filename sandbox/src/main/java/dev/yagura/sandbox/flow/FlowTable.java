package dev.yagura.sandbox.flow;

import dev.yagura.sandbox.net.IpAddresses;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.world.Attachment;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.World;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Every connection of the hosts.
 *
 * <p>Nothing runs in the background: {@link #settle} replays the keepalives since the last call
 * under the rules that were in force, and is called before every change. A change then meets {@link
 * #afterChange}. Idle timeouts, the 15 minutes of a host's patience and reconnects fall between.
 */
public final class FlowTable {
    /** AWS remembers what is neither TCP nor UDP for 600 seconds. */
    private static final Duration OTHER_PROTOCOLS = Duration.ofSeconds(600);

    private final World world;
    private final PathEvaluator paths;
    private final Map<String, Flow> flows = new LinkedHashMap<>();
    private int opened;

    public FlowTable(World world) {
        this.world = world;
        this.paths = new PathEvaluator(world);
    }

    /** What opening did: the id is empty if it was blocked and nothing will try again. */
    public record Opened(Optional<String> flowId, Verdict verdict) {}

    public Opened open(FlowSpec spec, Instant now) {
        Flow flow = new Flow("flow-%04d".formatted(opened + 1), spec, instancesOf(spec), now);
        Verdict verdict = send(flow, now);
        if (!verdict.allowed() && !spec.persistent()) {
            return new Opened(Optional.empty(), verdict);
        }
        opened++;
        flows.put(flow.id(), flow);
        return new Opened(Optional.of(flow.id()), verdict);
    }

    /** One packet and its answer on a connection, or empty if there is none of that id. */
    public Optional<Verdict> sendPacket(String flowId, Instant now) {
        return find(flowId)
                .map(flow ->
                        flow.isOpen()
                                ? send(flow, now)
                                : Verdict.blocked(Stage.HOST, flow.reason()));
    }

    /** Ends a connection, as its program would; false if there is none of that id. */
    public boolean close(String flowId, Instant now) {
        Optional<Flow> flow = find(flowId).filter(Flow::isOpen);
        flow.ifPresent(open -> open.close(now, "closed by the program"));
        return flow.isPresent();
    }

    /** Whether a packet on the connection would pass now; nothing is sent. */
    public boolean isAlive(String flowId, Instant now) {
        return find(flowId)
                .filter(Flow::isOpen)
                .filter(flow -> peek(flow, now).allowed())
                .isPresent();
    }

    public List<FlowView> of(String instanceId, Instant now) {
        return flows.values().stream()
                .filter(flow -> flow.instanceIds().contains(instanceId))
                .map(flow -> view(flow, instanceId, now))
                .toList();
    }

    public Optional<FlowView> view(String flowId, Instant now) {
        return find(flowId)
                .map(flow -> view(flow, flow.instanceIds().stream().findFirst().orElse(""), now));
    }

    /** When the connection last had a packet through; empty if it never had, or there is none. */
    public Optional<Instant> lastPacketAt(String flowId) {
        return find(flowId).flatMap(Flow::lastPacketAt);
    }

    /** Every keepalive up to now, in the state of the world since the last change. */
    public void settle(Instant now) {
        flows.values().forEach(flow -> settle(flow, now));
    }

    /**
     * Hosts that went down lose their connections; connections that rules now leave untracked are
     * forgotten by connection tracking.
     */
    public void afterChange(Instant now) {
        for (Flow flow : flows.values()) {
            if (flow.isOpen()) {
                hostDown(flow).ifPresent(why -> flow.hostDown(now, why));
                forgetUntracked(flow);
            }
        }
    }

    private void settle(Flow flow, Instant now) {
        Optional<Boolean> before = Optional.empty();
        while (flow.nextPacketAt().filter(at -> !at.isAfter(now)).isPresent()) {
            Instant at = flow.nextPacketAt().orElseThrow();
            flow.reopenIfDue(at);
            boolean allowed = send(flow, at).allowed();
            // The world stands still meanwhile, so two equal answers repeat themselves.
            if (before.equals(Optional.of(allowed))) {
                flow.repeatUntil(justBefore(flow.steadyUntil(now.plusNanos(1))));
            }
            before = Optional.of(allowed);
        }
    }

    private static Instant justBefore(Instant end) {
        return end.minusNanos(1);
    }

    private Verdict send(Flow flow, Instant at) {
        Verdict verdict = peek(flow, at);
        if (verdict.allowed()) {
            flow.delivered(verdict, at);
        } else {
            flow.blocked(verdict, at);
        }
        return verdict;
    }

    private Verdict peek(Flow flow, Instant at) {
        return paths.evaluate(
                flow.spec().connection(), eni -> flow.remembered(eni, at, idleTimeout(flow, eni)));
    }

    private Duration idleTimeout(Flow flow, NetworkInterface eni) {
        IpProtocol protocol = flow.spec().connection().protocol();
        if (protocol.equals(IpProtocol.TCP)) {
            return eni.tracking().tcp(hostOf(eni).map(Instance::nitroV6).orElse(false));
        }
        return protocol.equals(IpProtocol.UDP)
                ? eni.tracking().udp(flow.packets() > 1)
                : OTHER_PROTOCOLS;
    }

    private void forgetUntracked(Flow flow) {
        Connection connection = flow.spec().connection();
        flow.memory()
                .replaceAll((eniId, handling) ->
                        handling == Leg.Handling.UNTRACKED
                                ? handling
                                : world.interfaces()
                                        .find(eniId)
                                        .filter(eni -> paths.leavesUntracked(connection, eni))
                                        .map(eni -> Leg.Handling.UNTRACKED)
                                        .orElse(handling));
    }

    private Optional<String> hostDown(Flow flow) {
        return flow.instanceIds().stream().flatMap(id -> downReason(id).stream()).findFirst();
    }

    private Optional<String> downReason(String instanceId) {
        Optional<Instance> instance = world.instances().find(instanceId);
        if (instance.isEmpty()) {
            return Optional.of(instanceId + " no longer exists");
        }
        return instance.filter(host -> !host.isRunning())
                .map(host -> "%s is %s".formatted(instanceId, host.state().text()));
    }

    private List<String> instancesOf(FlowSpec spec) {
        return Stream.of(spec.connection().source(), spec.connection().destination())
                .flatMap(address -> interfaceAt(address).stream())
                .flatMap(eni -> Optional.ofNullable(eni.attachment()).stream())
                .map(Attachment::instanceId)
                .distinct()
                .toList();
    }

    private Optional<NetworkInterface> interfaceAt(InetAddress address) {
        return world.interfaceWith(address).or(() -> world.interfaceBehind(address));
    }

    private Optional<Instance> hostOf(NetworkInterface eni) {
        return Optional.ofNullable(eni.attachment())
                .flatMap(attachment -> world.instances().find(attachment.instanceId()));
    }

    private Optional<Flow> find(String flowId) {
        return Optional.ofNullable(flows.get(flowId));
    }

    private FlowView view(Flow flow, String instanceId, Instant now) {
        Connection connection = flow.spec().connection();
        boolean outbound =
                interfaceAt(connection.source())
                        .filter(eni -> eni.isAttachedTo(instanceId))
                        .isPresent();
        Verdict next = flow.isOpen() ? peek(flow, now) : null;
        String state = next == null ? "closed" : next.allowed() ? "alive" : "blocked";
        Map<String, String> memory = new TreeMap<>();
        flow.memory().forEach((eniId, handling) -> memory.put(eniId, handling.name()));
        return new FlowView(
                flow.id(),
                flow.spec().label(),
                state,
                outbound ? "outbound" : "inbound",
                connection.protocol().toString(),
                IpAddresses.format(connection.source()),
                connection.sourcePort(),
                IpAddresses.format(connection.destination()),
                connection.destinationPort(),
                flow.spec().persistent(),
                flow.openedAt(),
                flow.lastPacketAt().orElse(null),
                flow.blockedSince().orElse(null),
                flow.closedAt().orElse(null),
                flow.packets(),
                next == null ? flow.reason() : next.reason(),
                memory);
    }
}
