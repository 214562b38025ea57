package dev.yagura.response;

import dev.yagura.common.grpc.ErrorInterceptor;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.GrpcServer;
import dev.yagura.common.grpc.GrpcServerConfig;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.sandbox.SandboxOptions;
import dev.yagura.sandbox.SandboxServer;
import dev.yagura.sandbox.control.SandboxClient;
import dev.yagura.testkit.TemporaryFolder;
import dev.yagura.testkit.TestCertificates;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.helidon.microprofile.server.Server;
import io.netty.handler.ssl.ClientAuth;
import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/** What runs for {@link TestService}, and who else is in the account. */
record TestParts(
        TemporaryFolder folder,
        SandboxServer sandboxServer,
        SandboxClient sandbox,
        Ec2Client operator,
        AutoScalingClient scaling,
        ElasticLoadBalancingV2Client balancing,
        IamClient iam,
        SsmClient ssm,
        FakeDetection detection,
        GrpcServer detectionServer,
        FakeInventory inventory,
        GrpcServer inventoryServer,
        Server service,
        TestCertificates peers,
        ManagedChannel gateway)
        implements AutoCloseable {

    /**
     * Starts all of it.
     *
     * @param settings more keys of the service, or other values; the later map wins
     */
    @SafeVarargs
    static TestParts start(Map<String, String>... settings) throws Exception {
        TemporaryFolder folder = TemporaryFolder.create("yagura-response");
        TestCertificates peers = new TestCertificates(folder.path(), Clock.systemUTC());
        SandboxServer sandboxServer =
                SandboxServer.start(
                        SandboxOptions.anyPort()
                                .withScripts()
                                .withDocuments(Path.of("..", "deploy", "documents"))
                                .withClusterRole(
                                        Path.of("..", "deploy", "kubernetes", "contain_pod.yaml")),
                        Clock.systemUTC());
        URI endpoint = sandboxServer.endpoint();
        FakeDetection detection = new FakeDetection();
        GrpcServer detectionServer = serve(detection, peers.service("detection"));
        FakeInventory inventory = new FakeInventory();
        GrpcServer inventoryServer = serve(inventory, peers.service("inventory"));
        set(serviceSettings(peers.service("response"), endpoint));
        set(
                Map.of(
                        "yagura.response.client.detection.addresses",
                        "localhost:" + detectionServer.port(),
                        "yagura.response.client.inventory.addresses",
                        "localhost:" + inventoryServer.port()));
        List.of(settings).forEach(TestParts::set);
        Server service = Server.builder().build().start();
        Region tokyo = Region.of(TestService.TOKYO.getRegion());
        AwsCredentials operator = TestService.OPERATOR;
        return new TestParts(
                folder,
                sandboxServer,
                new SandboxClient(endpoint),
                client(Ec2Client.builder(), endpoint, tokyo, operator),
                client(AutoScalingClient.builder(), endpoint, tokyo, operator),
                client(ElasticLoadBalancingV2Client.builder(), endpoint, tokyo, operator),
                client(IamClient.builder(), endpoint, Region.AWS_GLOBAL, operator),
                client(SsmClient.builder(), endpoint, tokyo, operator),
                detection,
                detectionServer,
                inventory,
                inventoryServer,
                service,
                peers,
                gateway(peers));
    }

    private static GrpcServer serve(BindableService peer, TlsFiles tls) throws Exception {
        return new GrpcServer(
                        new GrpcServerConfig(
                                "localhost",
                                0,
                                512 * 1024,
                                Duration.ofSeconds(1),
                                Duration.ofHours(1)),
                        TlsContexts.server(tls, ClientAuth.REQUIRE),
                        new GrpcServer.Parts(List.of(peer), List.of(new ErrorInterceptor()), null))
                .start();
    }

    private static ManagedChannel gateway(TestCertificates peers) throws Exception {
        int port = CDI.current().select(ServiceServer.class).get().port();
        return GrpcClients.channel(
                new GrpcClientConfig(
                        List.of(InetSocketAddress.createUnresolved("localhost", port)),
                        Duration.ofSeconds(30)),
                TlsContexts.client(peers.service("gateway")));
    }

    private static Map<String, String> serviceSettings(TlsFiles tls, URI sandbox) {
        Map<String, String> settings = new HashMap<>();
        settings.put("server.port", "0");
        settings.put("aws.accessKeyId", "AKIASANDBOXYAGURA001");
        settings.put("aws.secretAccessKey", "sandbox/only/good/for/nothing/yagura/001");
        String prefix = "yagura.response.";
        settings.put(prefix + "tls.certificate", tls.certificate().toString());
        settings.put(prefix + "tls.key", tls.key().toString());
        settings.put(prefix + "tls.authorities", tls.authorities().getFirst().toString());
        settings.put(prefix + "grpc.host", "localhost");
        settings.put(prefix + "aws.endpoint", sandbox.toString());
        settings.put(prefix + "aws.role", "YaguraResponse");
        settings.put(prefix + "aws.external-id", "yagura-sandbox");
        settings.put(prefix + "aws.attempt-timeout", "PT2S");
        settings.put(prefix + "aws.throttle-pause", "PT0.05S");
        settings.put(prefix + "isolation.gateway-addresses", "10.20.1.40:8443");
        settings.put(prefix + "isolation.rehearsals", "0");
        settings.put(prefix + "credentials.quarantine-profile", "yagura-quarantine");
        settings.put(prefix + "action.retry-pause", "PT0.05S");
        return settings;
    }

    private static void set(Map<String, String> settings) {
        settings.forEach(System::setProperty);
    }

    static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
            B builder, URI endpoint, Region region, AwsCredentials keys) {
        return builder.endpointOverride(endpoint)
                .region(region)
                .credentialsProvider(StaticCredentialsProvider.create(keys))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    @Override
    public void close() throws IOException {
        gateway.shutdownNow();
        service.stop();
        detectionServer.close();
        inventoryServer.close();
        operator.close();
        scaling.close();
        balancing.close();
        iam.close();
        ssm.close();
        sandbox.close();
        sandboxServer.close();
        folder.close();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("yagura.") || name.startsWith("aws."))
                .filter(name ->
                        !name.startsWith("yagura.test.") && !name.startsWith("yagura.docs."))
                .forEach(System::clearProperty);
    }
}
