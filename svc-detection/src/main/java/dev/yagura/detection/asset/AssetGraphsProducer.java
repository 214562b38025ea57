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
import java.time.Duration;

/** For what is asked of the inventory when somebody asks it here; the follower has its own. */
@ApplicationScoped
class AssetGraphsProducer {
    /** Sooner than the gateway gives up, which would take what is known of other hosts along. */
    static final Duration LONGEST = Duration.ofSeconds(5);

    @Produces
    @ApplicationScoped
    AssetGraphs graphs(Settings settings) throws IOException {
        return new GrpcAssetGraphs(config(settings), TlsFiles.from(settings));
    }

    static GrpcClientConfig config(Settings settings) {
        GrpcClientConfig client = GrpcClientConfig.from(settings, "inventory");
        return client.deadline().compareTo(LONGEST) <= 0
                ? client
                : new GrpcClientConfig(client.addresses(), LONGEST);
    }

    void close(@Disposes AssetGraphs graphs) {
        graphs.close();
    }
}
