package dev.yagura.detection.asset;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.CursorExpiredException;
import dev.yagura.common.error.YaguraException;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.RemoteErrors;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.inventory.v1.WatchAssetsRequest;
import dev.yagura.proto.inventory.v1.WatchAssetsResponse;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the read model from svc-inventory: lists, then watches from the list's cursor, for ever.
 */
@ApplicationScoped
public class GrpcAssetFollower {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcAssetFollower.class);
    private static final int PAGE_SIZE = 500;
    private static final Duration MIN_PAUSE = Duration.ofMillis(200);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(10);

    private final AssetReadModel model;
    private final GrpcClientConfig config;
    private final TlsFiles tls;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Context.CancellableContext calls = Context.ROOT.withCancellation();
    private @Nullable ManagedChannel channel;
    private String cursor = "";
    private Duration pause = MIN_PAUSE;

    @Inject
    public GrpcAssetFollower(AssetReadModel model, Settings settings) {
        this.model = model;
        this.config = GrpcClientConfig.from(settings, "inventory");
        this.tls = TlsFiles.from(settings);
    }

    void start(
            @Observes
                    @Priority(ServiceServer.START_PRIORITY - 1)
                    @Initialized(ApplicationScoped.class)
                    Object event)
            throws IOException {
        ManagedChannel opened = GrpcClients.channel(config, TlsContexts.client(tls));
        channel = opened;
        Thread.ofVirtual()
                .name("asset-follower")
                .start(calls.wrap(() -> run(AssetServiceGrpc.newBlockingStub(opened))));
    }

    void stop(@Observes @Priority(1) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        stopped.countDown();
        calls.cancel(null);
        if (channel != null) {
            channel.shutdownNow();
        }
    }

    private void run(AssetServiceGrpc.AssetServiceBlockingStub inventory) {
        try {
            while (stopped.getCount() > 0) {
                try {
                    follow(inventory);
                    rest(); // the server drains
                } catch (CursorExpiredException e) {
                    cursor = ""; // list again
                } catch (StatusRuntimeException | YaguraException e) {
                    away(e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(AssetServiceGrpc.AssetServiceBlockingStub inventory) {
        try {
            if (cursor.isEmpty()) {
                cursor = list(inventory);
            }
            Iterator<WatchAssetsResponse> changes =
                    inventory.watchAssets(
                            WatchAssetsRequest.newBuilder().setCursor(cursor).build());
            while (changes.hasNext()) {
                WatchAssetsResponse change = changes.next();
                if (change.hasAsset()) {
                    put(change.getAsset());
                }
                cursor = change.getCursor();
                pause = MIN_PAUSE;
            }
        } catch (StatusRuntimeException e) {
            throw RemoteErrors.translate("svc-inventory", e);
        }
    }

    /** The cursor of the first page: what changes while the pages are read is watched after. */
    private String list(AssetServiceGrpc.AssetServiceBlockingStub inventory) {
        String first = "";
        String token = "";
        do {
            ListAssetsResponse page =
                    inventory.listAssets(
                            ListAssetsRequest.newBuilder()
                                    .setPageSize(PAGE_SIZE)
                                    .setPageToken(token)
                                    .build());
            page.getAssetsList().forEach(this::put);
            first = first.isEmpty() ? page.getCursor() : first;
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        return first;
    }

    private void put(Asset asset) {
        model.put(ResourceName.parse("assets", asset.getName()), asset);
    }

    private void away(RuntimeException error) throws InterruptedException {
        if (stopped.getCount() == 0) {
            return;
        }
        LOG.atWarn()
                .addKeyValue(LogKeys.SERVICE, "inventory")
                .addKeyValue(LogKeys.REASON, String.valueOf(error.getMessage()))
                .log("cannot follow assets; hosts stay as last seen, trying again");
        rest();
    }

    private void rest() throws InterruptedException {
        long millis = pause.toMillis();
        stopped.await(
                ThreadLocalRandom.current().nextLong(millis / 2, millis + 1),
                TimeUnit.MILLISECONDS);
        pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause.multipliedBy(2);
    }
}
