package dev.yagura.detection.asset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.CursorExpiredException;
import dev.yagura.common.grpc.ErrorInterceptor;
import dev.yagura.common.grpc.GrpcServer;
import dev.yagura.common.grpc.GrpcServerConfig;
import dev.yagura.common.grpc.ServerStreams;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.detection.Await;
import dev.yagura.detection.TestEvents;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.inventory.v1.WatchAssetsRequest;
import dev.yagura.proto.inventory.v1.WatchAssetsResponse;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.testkit.TestCertificates;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrpcAssetFollowerTest {
    private static final Device FIRST = TestEvents.host("i-000000000000000a");
    private static final Device SECOND = TestEvents.host("i-000000000000000b");

    @TempDir Path folder;

    private final AssetReadModel model = new AssetReadModel();
    private final Inventory inventory = new Inventory();
    private GrpcServer server;
    private GrpcAssetFollower follower;

    @BeforeEach
    void start() throws Exception {
        TestCertificates certificates = new TestCertificates(folder, Clock.systemUTC());
        server =
                new GrpcServer(
                                new GrpcServerConfig(
                                        "127.0.0.1",
                                        0,
                                        1 << 20,
                                        Duration.ofMillis(100),
                                        Duration.ofHours(1)),
                                TlsContexts.server(
                                        certificates.service("inventory"), ClientAuth.REQUIRE),
                                new GrpcServer.Parts(
                                        List.of(inventory), List.of(new ErrorInterceptor()), null))
                        .start();
        TlsFiles tls = certificates.service("detection");
        follower =
                new GrpcAssetFollower(
                        model,
                        Settings.of(
                                "yagura.detection",
                                Map.of(
                                        "yagura.detection.client.inventory.addresses",
                                        "127.0.0.1:" + server.port(),
                                        "yagura.detection.tls.certificate",
                                        tls.certificate().toString(),
                                        "yagura.detection.tls.key",
                                        tls.key().toString(),
                                        "yagura.detection.tls.authorities",
                                        certificates.authorityFile().toString())));
        follower.start(this);
    }

    @AfterEach
    void stop() {
        follower.stop(this);
        server.close();
    }

    @Test
    void listsAllPagesThenFollowsChanges() {
        assertThat(awaitImage(FIRST, "ami-1").getKnown()).isTrue();
        assertThat(awaitImage(SECOND, "ami-1").getTagsMap()).containsEntry("role", "web");
        inventory.changes.add(change(FIRST, "ami-2"));
        assertThat(awaitImage(FIRST, "ami-2").getInstanceId()).isEqualTo(FIRST.getInstanceId());
        assertThat(inventory.lists).hasValue(2);
    }

    @Test
    void listsAgainWhenTheCursorIsTooOld() {
        awaitImage(SECOND, "ami-1");
        inventory.changes.add(WatchAssetsResponse.newBuilder().setCursor("expired").build());
        Await.until(inventory.lists::get, lists -> lists == 4);
        inventory.changes.add(change(SECOND, "ami-3"));
        awaitImage(SECOND, "ami-3");
    }

    @Test
    void unknownHostIsWhatItsDeviceSays() {
        Device other = TestEvents.host("i-000000000000000c");
        AssetSnapshot snapshot = snapshot(other);
        assertThat(snapshot.getKnown()).isFalse();
        assertThat(snapshot.getHostname()).isEqualTo(other.getHostname());
        assertThat(snapshot.getScope()).isEqualTo(other.getScope());
    }

    private AssetSnapshot awaitImage(Device host, String image) {
        return Await.until(() -> snapshot(host), found -> found.getImageId().equals(image));
    }

    private AssetSnapshot snapshot(Device host) {
        return model.snapshot(UUID.fromString(host.getHostId()), host);
    }

    private static WatchAssetsResponse change(Device host, String image) {
        return WatchAssetsResponse.newBuilder()
                .setCursor("next")
                .setAsset(asset(host, image))
                .build();
    }

    private static Asset asset(Device host, String image) {
        return Asset.newBuilder()
                .setName("assets/" + host.getHostId())
                .setScope(host.getScope())
                .setResourceType("AWS::EC2::Instance")
                .setNativeId(host.getInstanceId())
                .setImageId(image)
                .putTags("role", "web")
                .build();
    }

    /** Two pages, and the changes that the test makes. */
    private static final class Inventory extends AssetServiceGrpc.AssetServiceImplBase {
        private final AtomicInteger lists = new AtomicInteger();
        private final BlockingQueue<WatchAssetsResponse> changes = new LinkedBlockingQueue<>();

        @Override
        public void listAssets(
                ListAssetsRequest request, StreamObserver<ListAssetsResponse> observer) {
            lists.incrementAndGet();
            boolean first = request.getPageToken().isEmpty();
            observer.onNext(
                    ListAssetsResponse.newBuilder()
                            .addAssets(asset(first ? FIRST : SECOND, "ami-1"))
                            .setNextPageToken(first ? "second" : "")
                            .setCursor("listed")
                            .build());
            observer.onCompleted();
        }

        @Override
        public void watchAssets(
                WatchAssetsRequest request, StreamObserver<WatchAssetsResponse> observer) {
            ServerStreams.serve(
                    observer,
                    sink -> {
                        while (!sink.isEnded()) {
                            WatchAssetsResponse change = changes.poll(20, TimeUnit.MILLISECONDS);
                            if (change != null && change.getCursor().equals("expired")) {
                                throw new CursorExpiredException("list first");
                            }
                            if (change != null) {
                                sink.send(change);
                            }
                        }
                    });
        }
    }
}
