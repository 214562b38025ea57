package dev.yagura.response;

import dev.yagura.common.grpc.Callers;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.response.v1.ActionServiceGrpc;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.EvidenceServiceGrpc;
import dev.yagura.proto.response.v1.PlaybookServiceGrpc;
import dev.yagura.proto.response.v1.ResponsePlanServiceGrpc;
import dev.yagura.proto.response.v1.WebhookServiceGrpc;
import dev.yagura.proto.type.v1.Principal;
import dev.yagura.proto.type.v1.PrincipalKind;
import dev.yagura.proto.type.v1.Role;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.control.CredentialsView;
import dev.yagura.sandbox.control.SandboxClient;
import dev.yagura.sandbox.front.JournalEntry;
import dev.yagura.testkit.PostgresFixture;
import dev.yagura.testkit.TestCertificates;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.IamInstanceProfileAssociation;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/** The whole service on real parts: PostgreSQL, the sandbox, mutual TLS, a detection of its own. */
public final class TestService implements BeforeAllCallback, AfterAllCallback {
    public static final Scope TOKYO =
            Scope.newBuilder()
                    .setPartition("aws")
                    .setAccountId("111122223333")
                    .setRegion("ap-northeast-1")
                    .build();

    /** Whose keys the clients of somebody else in the account have. */
    public static final AwsCredentials OPERATOR =
            AwsBasicCredentials.create(
                    "AKIASANDBOXOPERATOR1", "sandbox/only/good/for/nothing/operator/1");

    public static final String WEB = "i-085b07764feced695";

    /** Two interfaces, one with IPv6. */
    public static final String APP = "i-083dc41ecd9ab1b98";

    public static final String DB = "i-02d59893435baed09";

    private final Map<String, String> settings;
    private final PostgresFixture postgres = PostgresFixture.of("response");
    private @Nullable TestParts parts;

    private TestService(Map<String, String> settings) {
        this.settings = Map.copyOf(settings);
    }

    /**
     * Runs for a test class, on a database of its own.
     *
     * @param settings more keys, or other values
     */
    public static TestService with(Map<String, String> settings) {
        return new TestService(settings);
    }

    /**
     * The same with keys of a user, which a reset of the sandbox leaves valid; it forgets sessions.
     */
    public static TestService withoutRole(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("yagura.response.aws.role", "");
        all.put("aws.accessKeyId", OPERATOR.accessKeyId());
        all.put("aws.secretAccessKey", OPERATOR.secretAccessKey());
        return with(all);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        postgres.beforeAll(context);
        parts = TestParts.start(postgres.settings(), settings);
    }

    /** A client of the sandbox with anybody's keys. */
    public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
            B builder, Region region, AwsCredentials keys) {
        return TestParts.client(builder, parts().sandboxServer().endpoint(), region, keys);
    }

    public SandboxClient sandbox() {
        return parts().sandbox();
    }

    /** Somebody else in the account. */
    public Ec2Client operator() {
        return parts().operator();
    }

    /** Somebody else's Auto Scaling. */
    public AutoScalingClient scaling() {
        return parts().scaling();
    }

    /** Somebody else's load balancing. */
    public ElasticLoadBalancingV2Client balancing() {
        return parts().balancing();
    }

    /** As detection has the incident from now on. */
    public void publish(Incident incident) {
        detection().publish(incident);
    }

    /** What the inventory answers from now on. */
    public FakeInventory inventory() {
        return parts().inventory();
    }

    FakeDetection detection() {
        return parts().detection();
    }

    /** Calls as the gateway forwards them for a responder. */
    public ActionServiceGrpc.ActionServiceBlockingStub actions() {
        return actionsOf(Set.of());
    }

    /** As a responder who may see these accounts only. */
    ActionServiceGrpc.ActionServiceBlockingStub actionsOf(Set<String> accounts) {
        return ActionServiceGrpc.newBlockingStub(parts().gateway())
                .withInterceptors(responder("token-1", accounts));
    }

    /** As another responder, who approves. */
    ActionServiceGrpc.ActionServiceBlockingStub actionsOfAnother() {
        return ActionServiceGrpc.newBlockingStub(parts().gateway())
                .withInterceptors(responder("token-2", Set.of()));
    }

    /** As a responder who may see these accounts, or all of them. */
    public PlaybookServiceGrpc.PlaybookServiceBlockingStub playbooksOf(Set<String> accounts) {
        return PlaybookServiceGrpc.newBlockingStub(parts().gateway())
                .withInterceptors(responder("token-1", accounts));
    }

    /** As a responder. */
    public ResponsePlanServiceGrpc.ResponsePlanServiceBlockingStub responsePlan() {
        return ResponsePlanServiceGrpc.newBlockingStub(parts().gateway())
                .withInterceptors(responder("token-1", Set.of()));
    }

    /** As a responder who may see these accounts, or all of them. */
    public EvidenceServiceGrpc.EvidenceServiceBlockingStub evidenceOf(Set<String> accounts) {
        return EvidenceServiceGrpc.newBlockingStub(parts().gateway())
                .withInterceptors(responder("token-1", accounts));
    }

    /** As a responder who may see these accounts, or all of them. */
    public WebhookServiceGrpc.WebhookServiceBlockingStub webhooksOf(Set<String> accounts) {
        return WebhookServiceGrpc.newBlockingStub(parts().gateway())
                .withInterceptors(responder("token-1", accounts));
    }

    /** Whatever a responder may try to call. */
    Channel asResponder() {
        return ClientInterceptors.intercept(gateway(), responder("token-1", Set.of()));
    }

    /** With the gateway's certificate. */
    Channel gateway() {
        return parts().gateway();
    }

    /** Who issues certificates of the platform. */
    TestCertificates peers() {
        return parts().peers();
    }

    private static ClientInterceptor responder(String id, Set<String> accounts) {
        Metadata headers = new Metadata();
        headers.put(
                Callers.PRINCIPAL_HEADER,
                Principal.newBuilder()
                        .setKind(PrincipalKind.PRINCIPAL_KIND_USER)
                        .setId(id)
                        .setDisplayName("Rei")
                        .setRole(Role.ROLE_RESPONDER)
                        .addAllAccountIds(accounts)
                        .build());
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    public static ActionTarget target(String instanceId) {
        return ActionTarget.newBuilder().setScope(TOKYO).setInstanceId(instanceId).build();
    }

    /** Groups of each interface of an instance, as EC2 says now. */
    public Map<String, List<String>> groups(String instanceId) {
        Map<String, List<String>> groups = new HashMap<>();
        operator()
                .describeNetworkInterfaces(request ->
                        request.filters(f -> f.name("attachment.instance-id").values(instanceId)))
                .networkInterfaces()
                .forEach(eni ->
                        groups.put(
                                eni.networkInterfaceId(),
                                eni.groups().stream().map(group -> group.groupId()).toList()));
        return groups;
    }

    /** Name of the instance profile of an instance, as EC2 says now; empty when it has none. */
    public String profile(String instanceId) {
        return association(instanceId)
                .map(each -> each.iamInstanceProfile().arn())
                .map(arn -> arn.substring(arn.lastIndexOf('/') + 1))
                .orElse("");
    }

    /** As somebody else who sets the profile of an instance. */
    public void giveProfile(String instanceId, String profile) {
        association(instanceId)
                .ifPresentOrElse(
                        current ->
                                operator()
                                        .replaceIamInstanceProfileAssociation(request ->
                                                request.associationId(current.associationId())
                                                        .iamInstanceProfile(
                                                                each -> each.name(profile))),
                        () ->
                                operator()
                                        .associateIamInstanceProfile(request ->
                                                request.instanceId(instanceId)
                                                        .iamInstanceProfile(
                                                                each -> each.name(profile))));
    }

    public Optional<IamInstanceProfileAssociation> association(String instanceId) {
        return operator()
                .describeIamInstanceProfileAssociations(
                        request -> request.filters(f -> f.name("instance-id").values(instanceId)))
                .iamInstanceProfileAssociations()
                .stream()
                .filter(each -> each.stateAsString().startsWith("associat"))
                .findFirst();
    }

    /** Somebody else in Systems Manager. */
    public SsmClient ssm() {
        return parts().ssm();
    }

    /** Somebody else in IAM. */
    public IamClient iam() {
        return parts().iam();
    }

    /** A client of whoever has the keys. */
    public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C clientOf(
            B builder, CredentialsView keys) {
        return client(
                builder,
                Region.of(TOKYO.getRegion()),
                AwsSessionCredentials.create(
                        keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()));
    }

    /** Whether credentials of an instance's role are good for what the role allows. */
    public boolean isAllowed(CredentialsView keys) {
        try (Ec2Client ec2 = clientOf(Ec2Client.builder(), keys)) {
            ec2.describeTags();
            return true;
        } catch (Ec2Exception e) {
            if (e.awsErrorDetails().errorCode().equals("UnauthorizedOperation")) {
                return false;
            }
            throw e;
        }
    }

    /** The account's isolation group, if there is one. */
    public @Nullable String isolationGroup() {
        return operator()
                .describeSecurityGroups(request ->
                        request.filters(f -> f.name("group-name").values("yagura-isolation-*")))
                .securityGroups()
                .stream()
                .map(group -> group.groupId())
                .findFirst()
                .orElse(null);
    }

    /** A fresh folder that goes with the class. */
    public Path folder(String name) throws IOException {
        return Files.createTempDirectory(parts().folder().path(), name);
    }

    /** The database of the service. */
    public PostgresFixture postgres() {
        return postgres;
    }

    /** Number of the last call that AWS was asked, for {@link #calls}. */
    public long lastCall() {
        List<JournalEntry> journal = sandbox().journal(0);
        return journal.isEmpty() ? 0 : journal.getLast().sequence();
    }

    /** How often anybody asked for an operation since. */
    public long calls(long since, String operation) {
        return sandbox().journal(since).stream()
                .filter(entry -> entry.operation().equals(operation))
                .count();
    }

    /** How often an operation was really done, whoever asked. */
    public long done(String operation) {
        return sandbox().journal(0).stream()
                .filter(entry -> entry.operation().equals(operation))
                .filter(entry -> entry.result().equals("ok"))
                .count();
    }

    private TestParts parts() {
        if (parts == null) {
            throw new IllegalStateException("register the service with @RegisterExtension static");
        }
        return parts;
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (parts != null) {
            parts.close();
        }
        postgres.afterAll(context);
    }
}
