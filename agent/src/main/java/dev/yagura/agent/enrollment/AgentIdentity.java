package dev.yagura.agent.enrollment;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.type.v1.Scope;
import java.net.InetSocketAddress;

/**
 * What enrolment gave the agent; agent.json.
 *
 * @param hostId asset id that telemetry carries
 * @param gateway "host:port"
 * @param instanceId empty outside EC2
 */
public record AgentIdentity(
        String agentId,
        String hostId,
        String partition,
        String account,
        String region,
        String gateway,
        String instanceId,
        String hostname) {

    /** The host, for batches; its boot id is set by who knows it. */
    public Device device() {
        return Device.newBuilder()
                .setHostId(hostId)
                .setScope(
                        Scope.newBuilder()
                                .setPartition(partition)
                                .setAccountId(account)
                                .setRegion(region))
                .setInstanceId(instanceId)
                .setHostname(hostname)
                .setOs("linux")
                .build();
    }

    /** The gateway's address, not yet looked up. */
    public InetSocketAddress gatewayAddress() {
        return GatewayAddress.parse(gateway);
    }
}
