package dev.yagura.detection.asset;

import dev.yagura.common.config.Settings;
import dev.yagura.common.graph.AssetGraphs;
import dev.yagura.common.graph.GrpcAssetGraphs;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.tls.TlsFiles;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import java.io.IOException;

/** For what is asked of the inventory when somebody asks it here; the follower has its own. */
@ApplicationScoped
class AssetGraphsProducer {

    @Produces
    @ApplicationScoped
    AssetGraphs graphs(Settings settings) throws IOException {
        return new GrpcAssetGraphs(
                GrpcClientConfig.from(settings, "inventory"), TlsFiles.from(settings));
    }

    void close(@Disposes AssetGraphs graphs) {
        graphs.close();
    }
}
