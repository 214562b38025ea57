package dev.yagura.gateway.proxy;

import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.GrpcClientConfig;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where calls go; sections "client.{service}" and "proxy" of the gateway.
 *
 * @param upstreams by the area of the contracts, which is also the service's name
 * @param agentConnections connections to each address that the streams of agents share
 * @param idleStreamConnections connections of ended streams that are kept for the next ones
 */
public record ProxyConfig(
        Map<String, GrpcClientConfig> upstreams, int agentConnections, int idleStreamConnections) {

    private static final List<String> SERVICES =
            List.of("ingest", "detection", "response", "inventory");

    public ProxyConfig {
        upstreams = Map.copyOf(upstreams);
    }

    public static ProxyConfig from(Settings settings) {
        Map<String, GrpcClientConfig> upstreams = new TreeMap<>();
        SERVICES.forEach(
                service -> upstreams.put(service, GrpcClientConfig.from(settings, service)));
        Settings proxy = settings.section("proxy");
        return new ProxyConfig(
                upstreams,
                proxy.integer(
                        "agent-connections",
                        4,
                        1,
                        256,
                        "Connections to each address of a service that the streams of agents"
                                + " share."),
                proxy.integer(
                        "idle-stream-connections",
                        4,
                        0,
                        1_000,
                        "Connections of ended streams kept for the next ones, for each service."));
    }
}
