package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.SandboxOptions;
import dev.yagura.sandbox.SandboxServer;
import dev.yagura.sandbox.control.SandboxClient;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** The sandbox with nine instances more than its seed, so that a reading has several pages. */
final class SandboxCloud implements AutoCloseable {
    static final int INSTANCES = 12;
    static final int PAGE = 5;
    static final String BUCKET = "yagura-triage";

    private final Path seed;
    private final SandboxServer server;
    private final SandboxClient control;

    SandboxCloud() throws Exception {
        this(0);
    }

    /**
     * @param port 0 takes a free one
     */
    SandboxCloud(int port) throws Exception {
        this(port, "");
    }

    /**
     * @param more of the seed: its organization
     */
    SandboxCloud(int port, String more) throws Exception {
        this(port, text -> text + more);
    }

    /**
     * @param changed what the seed is made to
     */
    SandboxCloud(int port, UnaryOperator<String> changed) throws Exception {
        seed = Files.createTempFile("seed", ".yaml");
        Files.writeString(seed, changed.apply(seed()));
        server =
                SandboxServer.start(
                        new SandboxOptions(
                                InetAddress.getLoopbackAddress(), port, Optional.of(seed)),
                        Clock.systemUTC());
        control = new SandboxClient(server.endpoint());
    }

    SandboxClient control() {
        return control;
    }

    /** As the service reads: the role, with its external id. */
    Ec2InstanceSource source(Clock clock) {
        return source(server.endpoint(), clock);
    }

    /** Of a sandbox that runs there sooner or later. */
    static Ec2InstanceSource source(URI endpoint, Clock clock) {
        return new Ec2InstanceSource(clients(endpoint), PAGE, clock);
    }

    /** In pages of two. */
    EcsTaskSource tasks(Clock clock) {
        return new EcsTaskSource(clients(), 2, clock);
    }

    /** In pages of five. */
    LambdaFunctionSource functions(Clock clock) {
        return new LambdaFunctionSource(clients(), PAGE, clock);
    }

    SsmNodeSource nodes() {
        return nodes(server.endpoint());
    }

    static SsmNodeSource nodes(URI endpoint) {
        return new SsmNodeSource(clients(endpoint));
    }

    GuardDutySource guardDuty() {
        return guardDuty(server.endpoint());
    }

    static GuardDutySource guardDuty(URI endpoint) {
        return new GuardDutySource(clients(endpoint));
    }

    ConfigAssetSource recorded() {
        return new ConfigAssetSource(clients(server.endpoint()));
    }

    AwsClients clients() {
        return clients(server.endpoint());
    }

    AwsClients operator() {
        return operator(Optional.empty());
    }

    /**
     * What EC2 says that there is in a scope, as somebody else asks it.
     *
     * @param role by which that one gets in
     */
    SortedSet<String> ids(Scope scope, Optional<String> role) {
        try (Ec2Client ec2 = operator(role).client(Ec2Client.builder(), scope)) {
            SortedSet<String> ids = new TreeSet<>();
            ec2.describeInstances()
                    .reservations()
                    .forEach(each ->
                            each.instances().forEach(instance -> ids.add(instance.instanceId())));
            ec2.describeVolumes().volumes().forEach(each -> ids.add(each.volumeId()));
            ec2.describeNetworkInterfaces()
                    .networkInterfaces()
                    .forEach(each -> ids.add(each.networkInterfaceId()));
            ec2.describeSecurityGroups().securityGroups().forEach(each -> ids.add(each.groupId()));
            ec2.describeSubnets().subnets().forEach(each -> ids.add(each.subnetId()));
            ec2.describeVpcs().vpcs().forEach(each -> ids.add(each.vpcId()));
            ec2.describeRouteTables().routeTables().forEach(each -> ids.add(each.routeTableId()));
            ec2.describeNetworkAcls().networkAcls().forEach(each -> ids.add(each.networkAclId()));
            return ids;
        }
    }

    /** For another than the service: by whoever may do everything in an account. */
    AwsClients operator(Optional<String> role) {
        return clients(
                server.endpoint(),
                role,
                Optional.empty(),
                AwsBasicCredentials.create(
                        "AKIASANDBOXOPERATOR1", "sandbox/only/good/for/nothing/operator/1"));
    }

    private static AwsClients clients(URI endpoint) {
        return clients(
                endpoint,
                Optional.of("YaguraInventory"),
                Optional.of("yagura-sandbox"),
                AwsBasicCredentials.create(
                        "AKIASANDBOXYAGURA001", "sandbox/only/good/for/nothing/yagura/001"));
    }

    private static AwsClients clients(
            URI endpoint,
            Optional<String> role,
            Optional<String> externalId,
            AwsBasicCredentials keys) {
        return new AwsClients(
                new AwsConfig(
                        Optional.of(endpoint),
                        role,
                        externalId,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(6),
                        Duration.ofMillis(50)),
                StaticCredentialsProvider.create(keys));
    }

    @Override
    public void close() throws Exception {
        control.close();
        server.close();
        Files.delete(seed);
    }

    private static String seed() throws Exception {
        StringBuilder more = new StringBuilder("\ninstances:\n");
        for (int i = 1; i <= INSTANCES - 3; i++) {
            more.append(
                    """
                      - id: i-0aaaaaaaaaaaaaa%02d
                        reservation: r-0aaaaaaaaaaaaaa%02d
                        image: ami-0ffd4ed8f0917535d
                        type: t3.small
                        rootVolume: vol-0aaaaaaaaaaaaaa%02d
                        profile: web-instance
                        tags: {Name: more-%d}
                        interfaces:
                          - id: eni-0aaaaaaaaaaaaaa%02d
                            subnet: subnet-0813d0f9bd7ef83f1
                            address: 10.20.1.%d
                            groups: [sg-02f1086a7759c4179]
                            description: ""
                    """
                            .formatted(i, i, i, i, i, 100 + i));
        }
        try (InputStream in =
                SandboxServer.class.getResourceAsStream("/dev/yagura/sandbox/seed.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("\ninstances:\n", more);
        }
    }
}
