package dev.yagura.common.graph;

import dev.yagura.proto.inventory.v1.GetAssetGraphRequest;

/** Graphs of svc-inventory. */
public interface AssetGraphs extends AutoCloseable {

    /**
     * What is around a resource.
     *
     * @throws dev.yagura.common.error.NotFoundException the inventory does not have it
     * @throws dev.yagura.common.error.DependencyUnavailableException the inventory does not answer
     *     in time, or not so that it can be used
     */
    Neighbourhood around(GetAssetGraphRequest request);

    @Override
    void close();
}
