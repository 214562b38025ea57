package dev.yagura.common.aws;

import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.presigner.SdkPresigner;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/** Makes SDK clients for accounts and regions. Clients and credentials are kept by the caller. */
public final class AwsClients {
    private static final int ATTEMPTS = 4;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);
    private static final String SESSION_NAME = "yagura";

    private final AwsConfig config;
    private final SdkHttpClient http;
    private final AwsCredentialsProvider own;
    private final Map<Scope, AwsCredentialsProvider> assumed = new ConcurrentHashMap<>();

    public AwsClients(AwsConfig config) {
        this(config, DefaultCredentialsProvider.builder().build());
    }

    /** For tests with keys of their own. */
    public AwsClients(AwsConfig config, AwsCredentialsProvider own) {
        this(config, own, UrlConnectionHttpClient.create());
    }

    /** For calls that something else than AWS answers. */
    public AwsClients(AwsConfig config, AwsCredentialsProvider own, SdkHttpClient http) {
        this.config = config;
        this.own = own;
        this.http = http;
    }

    /** A client of one API for one account and region; the caller closes it. */
    public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
            B builder, Scope scope) {
        return configure(builder, Region.of(scope.getRegion()), credentials(scope), ATTEMPTS);
    }

    /**
     * A client that sends each call once, for calls that AWS would do a second time; the caller
     * closes it.
     */
    public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C>
            C clientWithoutRetries(B builder, Scope scope) {
        return configure(builder, Region.of(scope.getRegion()), credentials(scope), 1);
    }

    /** The same, with its own time to wait for an answer. */
    public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C>
            C clientWithoutRetries(B builder, Scope scope, Duration wait) {
        return configure(
                builder,
                Region.of(scope.getRegion()),
                credentials(scope),
                new Sending(
                        1,
                        wait,
                        wait,
                        UrlConnectionHttpClient.builder().socketTimeout(wait).build()));
    }

    /**
     * A client of an API that is one for all regions of a partition, such as IAM; the caller closes
     * it.
     */
    public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C globalClient(
            B builder, Scope scope) {
        return configure(
                builder, Region.of(scope.getPartition() + "-global"), credentials(scope), ATTEMPTS);
    }

    /** A client with the credentials of this process itself, which assume the roles. */
    public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C ownClient(
            B builder, Scope scope) {
        return configure(builder, Region.of(scope.getRegion()), own, ATTEMPTS);
    }

    /** Id of the key that those have now. */
    public String ownAccessKeyId() {
        return own.resolveCredentials().accessKeyId();
    }

    /**
     * What signs requests of one API for others to send; the caller closes it.
     *
     * @param region where the API is asked, which may be another than the scope's
     */
    public <B extends SdkPresigner.Builder> B presigner(B builder, Scope scope, Region region) {
        config.endpoint().ifPresent(builder::endpointOverride);
        builder.region(region).credentialsProvider(credentials(scope));
        return builder;
    }

    /** A client of one API in another region than the scope's; the caller closes it. */
    public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
            B builder, Scope scope, Region region) {
        return configure(builder, region, credentials(scope), ATTEMPTS);
    }

    /** What calls for an account are signed with, for a signature that is itself a proof. */
    public AwsCredentialsProvider credentials(Scope scope) {
        return config.role()
                .map(role -> assumed.computeIfAbsent(scope, each -> assume(role, each)))
                .orElse(own);
    }

    private AwsCredentialsProvider assume(String role, Scope scope) {
        String arn =
                "arn:%s:iam::%s:role/%s"
                        .formatted(scope.getPartition(), scope.getAccountId(), role);
        return StsAssumeRoleCredentialsProvider.builder()
                .stsClient(
                        configure(StsClient.builder(), Region.of(scope.getRegion()), own, ATTEMPTS))
                .refreshRequest(request -> {
                    request.roleArn(arn).roleSessionName(SESSION_NAME);
                    config.externalId().ifPresent(request::externalId);
                })
                .build();
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C configure(
            B builder, Region region, AwsCredentialsProvider credentials, int attempts) {
        return configure(
                builder,
                region,
                credentials,
                new Sending(attempts, config.callTimeout(), config.attemptTimeout(), http));
    }

    /** How often a call is sent, and how long it may take. */
    private record Sending(
            int attempts, Duration callTimeout, Duration attemptTimeout, SdkHttpClient http) {}

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C configure(
            B builder, Region region, AwsCredentialsProvider credentials, Sending sending) {
        config.endpoint().ifPresent(builder::endpointOverride);
        return builder.region(region)
                .credentialsProvider(credentials)
                .httpClient(sending.http())
                .overrideConfiguration(override ->
                        override.addExecutionInterceptor(new SentRequests())
                                .apiCallTimeout(sending.callTimeout())
                                .apiCallAttemptTimeout(sending.attemptTimeout())
                                .retryStrategy(
                                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                                .maxAttempts(sending.attempts())
                                                .throttlingBackoffStrategy(
                                                        BackoffStrategy.exponentialDelay(
                                                                config.throttlePause(),
                                                                LONGEST_PAUSE))
                                                .build()))
                .build();
    }
}
