package dev.yagura.sandbox.world;

import java.time.Instant;
import java.util.List;

/**
 * An endpoint for an AWS service inside the VPC.
 *
 * @param type {@code Interface} (has interfaces, groups and DNS names) or {@code Gateway} (has
 *     route tables)
 * @param policy JSON policy document
 */
public record VpcEndpoint(
        String id,
        String type,
        String vpcId,
        String serviceName,
        List<String> subnetIds,
        List<String> groupIds,
        List<String> networkInterfaceIds,
        List<String> routeTableIds,
        boolean privateDnsEnabled,
        String policy,
        Instant creationTime)
        implements Resource {
    public VpcEndpoint {
        subnetIds = List.copyOf(subnetIds);
        groupIds = List.copyOf(groupIds);
        networkInterfaceIds = List.copyOf(networkInterfaceIds);
        routeTableIds = List.copyOf(routeTableIds);
    }

    public boolean isInterface() {
        return type.equals("Interface");
    }
}
