package dev.yagura.sandbox.world;

import java.util.List;

/**
 * Routes of the subnets associated with it, or if {@code main}, of every subnet of the VPC that is
 * associated with no table.
 */
public record RouteTable(
        String id, String vpcId, boolean main, List<String> subnetIds, List<Route> routes)
        implements Resource {
    public RouteTable {
        subnetIds = List.copyOf(subnetIds);
        routes = List.copyOf(routes);
    }
}
