package dev.yagura.sandbox;

import dev.yagura.sandbox.control.SandboxClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * A sandbox for the tests of one class, back at its seed with its clock standing still before each;
 * clients of the AWS SDK that do not retry, so that tests see every answer.
 */
public final class SandboxExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback, AutoCloseable {
    public static final AwsCredentials OPERATOR =
            AwsBasicCredentials.create(
                    "AKIASANDBOXOPERATOR1", "sandbox/only/good/for/nothing/operator/1");
    public static final AwsCredentials YAGURA =
            AwsBasicCredentials.create(
                    "AKIASANDBOXYAGURA001", "sandbox/only/good/for/nothing/yagura/001");
    static final AwsCredentials VIEWER =
            AwsBasicCredentials.create(
                    "AKIASANDBOXVIEWER001", "sandbox/only/good/for/nothing/viewer/001");

    private final SandboxServer server;
    private final SandboxClient control;
    private final Ec2Client ec2;
    private final SsmClient ssm;

    public SandboxExtension() {
        this(SandboxOptions.anyPort(), Clock.systemUTC());
    }

    SandboxExtension(SandboxOptions options, Clock wall) {
        try {
            server = SandboxServer.start(options, wall);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        control = new SandboxClient(server.endpoint());
        ec2 = client(Ec2Client.builder(), OPERATOR, Region.of(Seeded.REGION));
        ssm = client(SsmClient.builder(), OPERATOR, Region.of(Seeded.REGION));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        control.freezeClock();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        control.reset();
        control.freezeClock();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        ec2.close();
        ssm.close();
        control.close();
        server.close();
    }

    URI endpoint() {
        return server.endpoint();
    }

    SandboxClient control() {
        return control;
    }

    Ec2Client ec2() {
        return ec2;
    }

    SsmClient ssm() {
        return ssm;
    }

    public Ec2Client ec2(AwsCredentials credentials) {
        return client(Ec2Client.builder(), credentials, Region.of(Seeded.REGION));
    }

    Ec2Client ec2In(Region region) {
        return client(Ec2Client.builder(), OPERATOR, region);
    }

    SsmClient ssm(AwsCredentials credentials) {
        return client(SsmClient.builder(), credentials, Region.of(Seeded.REGION));
    }

    S3Client s3(AwsCredentials credentials) {
        return client(S3Client.builder(), credentials, Region.of(Seeded.REGION));
    }

    public StsClient sts(AwsCredentials credentials) {
        return client(StsClient.builder(), credentials, Region.of(Seeded.REGION));
    }

    IamClient iam() {
        return iam(OPERATOR);
    }

    IamClient iam(AwsCredentials credentials) {
        return client(IamClient.builder(), credentials, Region.AWS_GLOBAL);
    }

    SnsClient topics() {
        return client(SnsClient.builder(), OPERATOR, Region.of(Seeded.REGION));
    }

    EventBridgeClient buses() {
        return client(EventBridgeClient.builder(), OPERATOR, Region.of(Seeded.REGION));
    }

    SfnClient stateMachines() {
        return client(SfnClient.builder(), OPERATOR, Region.of(Seeded.REGION));
    }

    AutoScalingClient autoScaling() {
        return client(AutoScalingClient.builder(), OPERATOR, Region.of(Seeded.REGION));
    }

    ElasticLoadBalancingV2Client loadBalancing() {
        return client(ElasticLoadBalancingV2Client.builder(), OPERATOR, Region.of(Seeded.REGION));
    }

    /** A client that retries as the SDK does by itself. */
    Ec2Client retryingEc2() {
        return prepared(Ec2Client.builder(), OPERATOR, Region.of(Seeded.REGION)).build();
    }

    <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
            B builder, AwsCredentials credentials, Region region) {
        return prepared(builder, credentials, region)
                .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> B prepared(
            B builder, AwsCredentials credentials, Region region) {
        return builder.endpointOverride(server.endpoint())
                .region(region)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClientBuilder(ApacheHttpClient.builder());
    }
}
