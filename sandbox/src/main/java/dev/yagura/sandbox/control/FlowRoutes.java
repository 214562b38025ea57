package dev.yagura.sandbox.control;

import dev.yagura.sandbox.cloud.Cloud;
import dev.yagura.sandbox.cloud.UnknownNameException;
import dev.yagura.sandbox.flow.Connection;
import dev.yagura.sandbox.flow.FlowSpec;
import dev.yagura.sandbox.flow.FlowTable;
import dev.yagura.sandbox.flow.FlowView;
import dev.yagura.sandbox.flow.Verdict;
import dev.yagura.sandbox.front.Sandbox;
import dev.yagura.sandbox.net.IpAddresses;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.world.Instance;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Connections of hosts, and probes. */
final class FlowRoutes {
    private static final String OUTBOUND = "outbound";
    private static final String INBOUND = "inbound";

    private final Sandbox sandbox;

    FlowRoutes(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> all() {
        return List.of(
                Route.of("GET", "instances/*/flows", this::list),
                Route.of("POST", "instances/*/flows", this::open),
                Route.of("GET", "flows/*", this::get),
                Route.of("DELETE", "flows/*", this::close),
                Route.of("POST", "flows/*/packets", this::send),
                Route.of("POST", "probes", this::probe));
    }

    private Object list(ControlRequest request) {
        return sandbox.within(cloud -> {
            Instance instance = cloud.connections().instance(request.part(0));
            return Map.of("flows", cloud.flows().of(instance.id(), cloud.clock().instant()));
        });
    }

    private Object open(ControlRequest request) {
        Requests.OpenFlow wanted = request.as(Requests.OpenFlow.class);
        return sandbox.within(cloud -> open(cloud, request.part(0), wanted));
    }

    private static Object open(Cloud cloud, String instanceName, Requests.OpenFlow wanted) {
        Instance instance = cloud.connections().instance(instanceName);
        FlowSpec spec =
                new FlowSpec(
                        wanted.label() == null ? "flow" : wanted.label(),
                        connection(cloud, instance, wanted),
                        wanted.keepalive(),
                        wanted.persistent(),
                        wanted.reopenEvery());
        FlowTable.Opened opened = cloud.flows().open(spec, cloud.clock().instant());
        return passage(cloud, opened.flowId().orElse(""), opened.verdict());
    }

    private static Connection connection(Cloud cloud, Instance instance, Requests.OpenFlow wanted) {
        IpProtocol protocol = protocol(wanted.protocol());
        if (wanted.remote() == null) {
            throw new IllegalArgumentException("remote must be given");
        }
        return switch (wanted.direction() == null ? OUTBOUND : wanted.direction()) {
            case OUTBOUND ->
                    cloud.connections()
                            .outbound(
                                    instance,
                                    wanted.networkInterfaceId(),
                                    protocol,
                                    wanted.remote(),
                                    wanted.port(),
                                    wanted.callerPort());
            case INBOUND ->
                    cloud.connections()
                            .inbound(
                                    instance,
                                    wanted.networkInterfaceId(),
                                    protocol,
                                    wanted.remote(),
                                    wanted.port(),
                                    wanted.callerPort());
            default -> throw new IllegalArgumentException("direction: outbound or inbound");
        };
    }

    private Object get(ControlRequest request) {
        return sandbox.within(cloud -> view(cloud, request.part(0)));
    }

    private Object close(ControlRequest request) {
        return sandbox.within(cloud -> {
            cloud.flows().close(request.part(0), cloud.clock().instant());
            return view(cloud, request.part(0));
        });
    }

    private Object send(ControlRequest request) {
        String flowId = request.part(0);
        return sandbox.within(cloud -> {
            Verdict verdict =
                    cloud.flows()
                            .sendPacket(flowId, cloud.clock().instant())
                            .orElseThrow(() -> new UnknownNameException("flow", flowId));
            return passage(cloud, flowId, verdict);
        });
    }

    private Object probe(ControlRequest request) {
        Requests.Probe probe = request.as(Requests.Probe.class);
        if (probe.source() == null || probe.destination() == null) {
            throw new IllegalArgumentException("source and destination must be given");
        }
        return sandbox.within(cloud -> {
            Connection connection =
                    cloud.connections()
                            .between(
                                    probe.source(),
                                    probe.destination(),
                                    protocol(probe.protocol()),
                                    probe.port());
            Verdict verdict = cloud.paths().evaluate(connection);
            return new ProbeView(
                    verdict.allowed(),
                    verdict.stage(),
                    verdict.reason(),
                    IpAddresses.format(connection.source()),
                    IpAddresses.format(connection.destination()));
        });
    }

    private static IpProtocol protocol(@Nullable String text) {
        return text == null ? IpProtocol.TCP : IpProtocol.parse(text);
    }

    private static Passage passage(Cloud cloud, String flowId, Verdict verdict) {
        FlowView flow = cloud.flows().view(flowId, cloud.clock().instant()).orElse(null);
        return new Passage(verdict.allowed(), verdict.stage(), verdict.reason(), flow);
    }

    private static FlowView view(Cloud cloud, String flowId) {
        return cloud.flows()
                .view(flowId, cloud.clock().instant())
                .orElseThrow(() -> new UnknownNameException("flow", flowId));
    }
}
