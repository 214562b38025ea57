package dev.yagura.detection;

import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.testkit.PostgresFixture;
import dev.yagura.testkit.TestCertificates;
import io.grpc.ManagedChannel;
import io.helidon.microprofile.server.Server;
import jakarta.enterprise.inject.spi.CDI;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The whole service of a test class, on a log that is a fake; inventory is away, unless a test
 * brings one.
 */
public final class RunningDetection implements AutoCloseable {
    private final TestCertificates certificates;
    private final FakeIngest ingest;
    private Server service;
    private ManagedChannel channel;

    /**
     * Starts it.
     *
     * @param folder for certificates
     * @param more keys beside those that it needs
     */
    public RunningDetection(Path folder, PostgresFixture postgres, Map<String, String> more)
            throws Exception {
        this(folder, postgres, certificates -> more);
    }

    /** More keys that need the certificates of its peers. */
    public interface PeerSettings {
        Map<String, String> of(TestCertificates certificates) throws Exception;
    }

    /** Starts it beside others of its platform. */
    public RunningDetection(Path folder, PostgresFixture postgres, PeerSettings peers)
            throws Exception {
        certificates = new TestCertificates(folder, Clock.systemUTC());
        ingest = new FakeIngest(certificates.service("ingest")).start();
        TlsFiles tls = certificates.service("detection");
        postgres.settings().forEach(System::setProperty);
        Map.of(
                        "yagura.service",
                        "detection",
                        "yagura.detection.tls.certificate",
                        tls.certificate().toString(),
                        "yagura.detection.tls.key",
                        tls.key().toString(),
                        "yagura.detection.tls.authorities",
                        certificates.authorityFile().toString(),
                        "yagura.detection.client.ingest.addresses",
                        "127.0.0.1:" + ingest.port(),
                        "yagura.detection.client.inventory.addresses",
                        "127.0.0.1:1",
                        "server.port",
                        "0")
                .forEach(System::setProperty);
        peers.of(certificates).forEach(System::setProperty);
        service = Server.builder().build().start();
        channel = connect();
    }

    private ManagedChannel connect() throws Exception {
        int port = CDI.current().select(ServiceServer.class).get().port();
        return GrpcClients.channel(
                new GrpcClientConfig(
                        List.of(InetSocketAddress.createUnresolved("127.0.0.1", port)),
                        Duration.ofSeconds(30)),
                TlsContexts.client(certificates.service("gateway")));
    }

    /** Stops it, and starts it on the same stores. */
    public void restart() throws Exception {
        channel.shutdownNow();
        service.stop();
        service = Server.builder().build().start();
        channel = connect();
    }

    /** The log that it reads. */
    public FakeIngest ingest() {
        return ingest;
    }

    /** With the gateway's certificate. */
    public ManagedChannel channel() {
        return channel;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        service.stop();
        ingest.close();
        System.getProperties().stringPropertyNames().stream()
                .filter(name ->
                        name.startsWith("yagura.detection.") || name.equals("yagura.service"))
                .forEach(System::clearProperty);
    }
}
