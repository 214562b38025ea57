package dev.yagura.response.radius;

import dev.yagura.common.config.Settings;
import dev.yagura.common.graph.AssetGraphs;
import dev.yagura.common.graph.GrpcAssetGraphs;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.tls.TlsFiles;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import java.io.IOException;
import java.time.Duration;

/** The service's one connection to the inventory. */
@ApplicationScoped
class AssetGraphsProducer {
    /** A responder waits for the plan, maybe to contain something: better soon than complete. */
    private static final Duration DEADLINE = Duration.ofSeconds(1);

    @Produces
    @ApplicationScoped
    AssetGraphs graphs(Settings settings) throws IOException {
        return new GrpcAssetGraphs(
                GrpcClientConfig.from(settings, "inventory", DEADLINE), TlsFiles.from(settings));
    }

    void close(@Disposes AssetGraphs graphs) {
        graphs.close();
    }
}
