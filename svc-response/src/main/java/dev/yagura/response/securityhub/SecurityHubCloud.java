package dev.yagura.response.securityhub;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.response.v1.ImportedFinding;
import dev.yagura.proto.type.v1.Scope;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.securityhub.SecurityHubClient;
import software.amazon.awssdk.services.securityhub.model.AwsSecurityFinding;
import software.amazon.awssdk.services.securityhub.model.BatchImportFindingsResponse;
import software.amazon.awssdk.services.securityhub.model.ImportFindingsError;
import software.amazon.awssdk.services.securityhub.model.InvalidAccessException;
import software.amazon.awssdk.services.securityhub.model.ResourceNotFoundException;
import software.amazon.awssdk.services.securityhub.model.SecurityHubException;
import software.amazon.awssdk.services.securityhub.model.StringFilterComparison;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** Security Hub of one account and region. */
record SecurityHubCloud(SecurityHubClient hub) implements SdkAutoCloseable {
    private static final int UNAUTHORIZED = 401;

    static SecurityHubCloud open(AwsClients clients, Scope scope) {
        return new SecurityHubCloud(clients.client(SecurityHubClient.builder(), scope));
    }

    boolean isEnabled() {
        try {
            hub.describeHub(r -> {});
            return true;
        } catch (SecurityHubException e) {
            if (isNotEnabled(e)) {
                return false;
            }
            throw e;
        }
    }

    /** An account without Security Hub gets a 401, whose body the HTTP client may lose. */
    static boolean isNotEnabled(SecurityHubException error) {
        return error instanceof InvalidAccessException
                || error instanceof ResourceNotFoundException
                || error.statusCode() == UNAUTHORIZED;
    }

    /** As Security Hub shows it now, which may be a little behind what it has taken. */
    Optional<AwsSecurityFinding> find(ImportedFinding finding) {
        return hub
                .getFindings(request ->
                        request.filters(filters ->
                                filters.id(f ->
                                                f.value(finding.getId())
                                                        .comparison(StringFilterComparison.EQUALS))
                                        .productArn(f ->
                                                f.value(finding.getProductArn())
                                                        .comparison(
                                                                StringFilterComparison.EQUALS))))
                .findings()
                .stream()
                .findFirst();
    }

    /**
     * Imports one finding.
     *
     * @throws SecurityHubException also for what the answer has as a failed finding
     */
    BatchImportFindingsResponse put(AwsSecurityFinding finding) {
        BatchImportFindingsResponse response = hub.batchImportFindings(r -> r.findings(finding));
        if (response.hasFailedFindings() && !response.failedFindings().isEmpty()) {
            throw failed(response, response.failedFindings().getFirst());
        }
        return response;
    }

    private static SecurityHubException failed(
            BatchImportFindingsResponse response, ImportFindingsError error) {
        return (SecurityHubException)
                SecurityHubException.builder()
                        .message(error.errorMessage())
                        .awsErrorDetails(
                                AwsErrorDetails.builder()
                                        .errorCode(error.errorCode())
                                        .errorMessage(error.errorMessage())
                                        .serviceName("SecurityHub")
                                        .build())
                        .requestId(response.responseMetadata().requestId())
                        .statusCode(response.sdkHttpResponse().statusCode())
                        .build();
    }

    @Override
    public void close() {
        hub.close();
    }
}
