package dev.yagura.inventory.account;

import dev.yagura.common.aws.AwsAnswers;
import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.CredentialReportNotReadyException;
import software.amazon.awssdk.services.iam.model.GenerateCredentialReportResponse;
import software.amazon.awssdk.services.iam.model.GetCredentialReportResponse;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.ReportStateType;
import software.amazon.awssdk.services.iam.model.SummaryKeyType;
import software.amazon.awssdk.services.s3control.S3ControlClient;
import software.amazon.awssdk.services.s3control.endpoints.S3ControlEndpointParams;
import software.amazon.awssdk.services.s3control.endpoints.S3ControlEndpointProvider;
import software.amazon.awssdk.services.s3control.model.NoSuchPublicAccessBlockConfigurationException;
import software.amazon.awssdk.services.s3control.model.PublicAccessBlockConfiguration;

/** Asks IAM and S3 Control; one client of each an account. */
@ApplicationScoped
public class AccountFactSource implements AutoCloseable {
    private static final S3ControlEndpointProvider ENDPOINTS =
            S3ControlEndpointProvider.defaultProvider();

    private final AwsClients clients;
    private final Clock clock;
    private final Map<Scope, IamClient> iam = new ConcurrentHashMap<>();
    private final Map<Scope, S3ControlClient> s3 = new ConcurrentHashMap<>();

    @Inject
    public AccountFactSource(AwsClients clients, Clock clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /**
     * All that is asked of an account. What fails is part of the answer.
     *
     * @param home account, and the region that S3 is asked in
     */
    public AccountAnswers read(Scope home) {
        return new AccountAnswers(
                told(AccountFacts.ROOT, () -> root(home)),
                told(AccountFacts.PASSWORDS, () -> passwords(home)),
                asked(AccountFacts.USERS, () -> users(home)),
                told(AccountFacts.PUBLIC_ACCESS, () -> publicAccess(home)));
    }

    private RootUser root(Scope home) {
        Map<SummaryKeyType, Integer> summary = iam(home).getAccountSummary().summaryMap();
        return new RootUser(
                // Summaries had no such entry before members could be without.
                summary.getOrDefault(SummaryKeyType.ACCOUNT_PASSWORD_PRESENT, 1) > 0,
                entry(summary, SummaryKeyType.ACCOUNT_MFA_ENABLED) > 0,
                entry(summary, SummaryKeyType.ACCOUNT_ACCESS_KEYS_PRESENT) > 0);
    }

    private static int entry(Map<SummaryKeyType, Integer> summary, SummaryKeyType key) {
        Integer value = summary.get(key);
        if (value == null) {
            throw new IllegalStateException("the account's summary lacks " + key);
        }
        return value;
    }

    private PasswordPolicy passwords(Scope home) {
        try {
            var policy = iam(home).getAccountPasswordPolicy().passwordPolicy();
            Integer reuse = policy.passwordReusePrevention();
            return new PasswordPolicy(
                    true, policy.minimumPasswordLength(), reuse == null ? 0 : reuse);
        } catch (NoSuchEntityException e) {
            return PasswordPolicy.STANDARD;
        }
    }

    /** IAM makes a report when it is asked to, and not again for four hours. */
    private Answer<List<IamUser>> users(Scope home) {
        GenerateCredentialReportResponse asked = iam(home).generateCredentialReport();
        if (asked.state() != ReportStateType.COMPLETE) {
            return new Answer.Pending<>("IAM is making a credential report");
        }
        try {
            GetCredentialReportResponse report = iam(home).getCredentialReport();
            return new Answer.Told<>(
                    CredentialReport.users(report.content().asUtf8String()),
                    report.generatedTime());
        } catch (CredentialReportNotReadyException e) {
            return new Answer.Pending<>("IAM is making a credential report");
        }
    }

    private PublicAccessBlock publicAccess(Scope home) {
        try {
            PublicAccessBlockConfiguration block =
                    s3(home).getPublicAccessBlock(request -> request.accountId(home.getAccountId()))
                            .publicAccessBlockConfiguration();
            return new PublicAccessBlock(
                    Boolean.TRUE.equals(block.blockPublicAcls()),
                    Boolean.TRUE.equals(block.ignorePublicAcls()),
                    Boolean.TRUE.equals(block.blockPublicPolicy()),
                    Boolean.TRUE.equals(block.restrictPublicBuckets()));
        } catch (NoSuchPublicAccessBlockConfigurationException e) {
            return PublicAccessBlock.NONE;
        }
    }

    private <T> Answer<T> told(String action, Supplier<T> call) {
        return asked(
                action,
                () -> {
                    Instant observed = clock.instant().truncatedTo(ChronoUnit.MICROS);
                    return new Answer.Told<>(call.get(), observed);
                });
    }

    private static <T> Answer<T> asked(String action, Supplier<Answer<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return new Answer.Failed<>(action + ": " + AwsAnswers.text(e));
        }
    }

    private IamClient iam(Scope home) {
        return iam.computeIfAbsent(home, scope -> clients.globalClient(IamClient.builder(), scope));
    }

    private S3ControlClient s3(Scope home) {
        return s3.computeIfAbsent(
                home,
                scope ->
                        clients.client(
                                S3ControlClient.builder()
                                        .endpointProvider(AccountFactSource::endpoint),
                                scope));
    }

    /** The SDK puts the account before the host of a stand-in too, which is often an address. */
    private static CompletableFuture<Endpoint> endpoint(S3ControlEndpointParams params) {
        String standIn = params.endpoint();
        return standIn == null
                ? ENDPOINTS.resolveEndpoint(params)
                : ENDPOINTS
                        .resolveEndpoint(params.toBuilder().endpoint(null).build())
                        .thenApply(aws -> aws.toBuilder().url(URI.create(standIn)).build());
    }

    @PreDestroy
    @Override
    public void close() {
        iam.values().forEach(IamClient::close);
        s3.values().forEach(S3ControlClient::close);
    }
}
