package dev.yagura.sandbox.flow;

import dev.yagura.sandbox.net.Direction;
import dev.yagura.sandbox.net.IpAddresses;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.NetworkAcl;
import dev.yagura.sandbox.world.NetworkAclEntry;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.World;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides a connection end to end: both hosts run, routes lead there and back, the security groups
 * of each interface let it pass (or remember it), and the network ACLs pass it and its answer where
 * it crosses the border of a subnet. Whether somebody listens at the far end is not modelled.
 */
public final class PathEvaluator {
    private static final String ORDINARY = "interface";

    private final World world;
    private final Routing routing;
    private final LocalServices localServices;

    public PathEvaluator(World world) {
        this.world = world;
        this.routing = new Routing(world);
        this.localServices = new LocalServices(world);
    }

    /** What would happen to a new connection. */
    public Verdict evaluate(Connection connection) {
        return evaluate(connection, Memory.NONE);
    }

    /** What happens to a packet of a connection that interfaces may remember, and its answer. */
    Verdict evaluate(Connection connection, Memory memory) {
        Side source = side(connection.source(), Direction.OUTBOUND);
        Side destination = side(connection.destination(), Direction.INBOUND);
        Optional<Verdict> down =
                Stream.of(source, destination)
                        .flatMap(side -> notRunning(side).stream())
                        .findFirst();
        if (down.isPresent()) {
            return down.get();
        }
        if (source.eni != null) {
            Optional<Verdict> local = localServices.decide(source.eni, connection);
            if (local.isPresent()) {
                return local.get();
            }
        }
        return unreachable(connection, source, destination)
                .or(() -> deniedByAcl(connection, source, destination))
                .orElseGet(() -> filtered(connection, source, destination, memory));
    }

    /** Whether an interface stops tracking the connection because its rules are now wide open. */
    boolean leavesUntracked(Connection connection, NetworkInterface eni) {
        Side source = side(connection.source(), Direction.OUTBOUND);
        Side destination = side(connection.destination(), Direction.INBOUND);
        Side side = eni.equals(source.eni) ? source : destination;
        Side other = side.equals(source) ? destination : source;
        return !automaticallyTracked(source, destination)
                && EffectiveRules.of(world, eni)
                        .leavesUntracked(
                                side.direction,
                                connection.protocol(),
                                connection.destinationPort(),
                                seenBy(side, other));
    }

    private Side side(InetAddress address, Direction direction) {
        NetworkInterface eni =
                world.interfaceWith(address).or(() -> world.interfaceBehind(address)).orElse(null);
        return new Side(address, eni, direction);
    }

    private Optional<Verdict> notRunning(Side side) {
        return Optional.ofNullable(side.eni)
                .flatMap(eni -> Optional.ofNullable(eni.attachment()))
                .flatMap(attachment -> world.instances().find(attachment.instanceId()))
                .filter(instance -> !instance.isRunning())
                .map(PathEvaluator::isDown);
    }

    private static Verdict isDown(Instance instance) {
        return Verdict.blocked(
                Stage.HOST, "%s is %s".formatted(instance.id(), instance.state().text()));
    }

    private Optional<Verdict> unreachable(Connection connection, Side source, Side destination) {
        if (source.eni == null && destination.eni == null) {
            String text = IpAddresses.format(connection.destination());
            return Optional.of(
                    Verdict.blocked(Stage.HOST, "no interface is involved with " + text));
        }
        boolean nobody =
                destination.eni == null
                        && world.vpcs().all().stream()
                                .anyMatch(vpc -> vpc.contains(destination.address));
        if (nobody) {
            String text = IpAddresses.format(destination.address);
            return Optional.of(Verdict.blocked(Stage.HOST, "no interface has the address " + text));
        }
        return Stream.of(obstacle(source, destination), obstacle(destination, source))
                .flatMap(Optional::stream)
                .findFirst()
                .map(reason -> Verdict.blocked(Stage.ROUTE, reason));
    }

    private Optional<String> obstacle(Side from, Side to) {
        return from.eni == null ? Optional.empty() : routing.obstacle(from.eni, to.address);
    }

    private Optional<Verdict> deniedByAcl(Connection connection, Side source, Side destination) {
        String sourceSubnet = source.eni == null ? "" : source.eni.subnetId();
        String destinationSubnet = destination.eni == null ? "" : destination.eni.subnetId();
        if (sourceSubnet.equals(destinationSubnet)) {
            return Optional.empty();
        }
        InetAddress caller = seenBy(destination, source);
        IpProtocol protocol = connection.protocol();
        int there = connection.destinationPort();
        int back = connection.sourcePort();
        return Stream.of(
                        denial(source, Direction.OUTBOUND, protocol, destination.address, there),
                        denial(destination, Direction.INBOUND, protocol, caller, there),
                        denial(destination, Direction.OUTBOUND, protocol, caller, back),
                        denial(source, Direction.INBOUND, protocol, destination.address, back))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<Verdict> denial(
            Side at, Direction direction, IpProtocol protocol, InetAddress farEnd, int port) {
        if (at.eni == null) {
            return Optional.empty();
        }
        NetworkAcl acl =
                world.networkAcls().get(world.subnets().get(at.eni.subnetId()).networkAclId());
        NetworkAclEntry entry = acl.deciding(direction, protocol, farEnd, port);
        if (entry.allow()) {
            return Optional.empty();
        }
        return Optional.of(
                Verdict.blocked(
                        Stage.NETWORK_ACL,
                        "%s denies %s in rule %d (%s)"
                                .formatted(
                                        acl.id(), direction.word(), entry.number(), entry.cidr())));
    }

    private Verdict filtered(Connection connection, Side source, Side destination, Memory memory) {
        List<Leg> legs = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (Side side : List.of(source, destination)) {
            if (side.eni != null) {
                Side other = side == source ? destination : source;
                boolean always = automaticallyTracked(source, destination);
                Filter filter = new Filter(connection, side, side.eni, seenBy(side, other), always);
                Optional<Leg> leg = filter.leg(memory.of(side.eni));
                if (leg.isEmpty()) {
                    return Verdict.blocked(Stage.SECURITY_GROUP, filter.refusal());
                }
                legs.add(leg.get());
                reasons.add(filter.permission(leg.get()));
            }
        }
        return Verdict.passed(Stage.DELIVERED, String.join("; ", reasons), legs);
    }

    /**
     * The other end's address as this side sees it: its public one where this side was called by
     * its own public address, so that group references do not match then.
     */
    private static InetAddress seenBy(Side side, Side other) {
        if (side.eni == null || other.eni == null) {
            return other.address;
        }
        boolean throughGateway = side.address.equals(side.eni.publicAddress());
        InetAddress mapped = other.eni.publicAddress();
        return throughGateway && mapped != null ? mapped : other.address;
    }

    private static boolean automaticallyTracked(Side source, Side destination) {
        return Stream.of(source, destination)
                .flatMap(side -> Optional.ofNullable(side.eni).stream())
                .anyMatch(eni -> !eni.interfaceType().equals(ORDINARY));
    }

    /** One end of a connection; without an interface it is outside the VPC. */
    private record Side(InetAddress address, @Nullable NetworkInterface eni, Direction direction) {}

    /** The security groups of one interface, asked about one connection. */
    private final class Filter {
        private final Connection connection;
        private final Direction direction;
        private final NetworkInterface eni;
        private final InetAddress farEnd;
        private final boolean alwaysTracked;
        private final EffectiveRules rules;

        Filter(
                Connection connection,
                Side side,
                NetworkInterface eni,
                InetAddress farEnd,
                boolean alwaysTracked) {
            this.connection = connection;
            this.direction = side.direction;
            this.eni = eni;
            this.farEnd = farEnd;
            this.alwaysTracked = alwaysTracked;
            this.rules = EffectiveRules.of(world, eni);
        }

        Optional<Leg> leg(Optional<Leg.Handling> remembered) {
            if (remembered.equals(Optional.of(Leg.Handling.TRACKED))) {
                return Optional.of(new Leg(eni, Leg.Handling.TRACKED, null));
            }
            boolean answersNeedRule = remembered.equals(Optional.of(Leg.Handling.UNTRACKED));
            if (answersNeedRule && answering().isEmpty()) {
                return Optional.empty();
            }
            return rules.allowing(
                            direction, connection.protocol(), connection.destinationPort(), farEnd)
                    .map(rule -> new Leg(eni, handling(), rule));
        }

        private Optional<EffectiveRule> answering() {
            return rules.allowing(
                    direction.opposite(), connection.protocol(), connection.sourcePort(), farEnd);
        }

        private Leg.Handling handling() {
            boolean untracked =
                    !alwaysTracked
                            && rules.leavesUntracked(
                                    direction,
                                    connection.protocol(),
                                    connection.destinationPort(),
                                    farEnd);
            return untracked ? Leg.Handling.UNTRACKED : Leg.Handling.TRACKED;
        }

        String permission(Leg leg) {
            return leg.rule() == null
                    ? "%s tracks the connection".formatted(eni.id())
                    : "%s allows it by %s".formatted(eni.id(), leg.rule());
        }

        String refusal() {
            return "no %s rule of %s (%s) allows %s %d %s %s"
                    .formatted(
                            direction.word(),
                            eni.id(),
                            String.join(", ", eni.groupIds()),
                            connection.protocol(),
                            connection.destinationPort(),
                            direction.isEgress() ? "to" : "from",
                            IpAddresses.format(farEnd));
        }
    }
}
