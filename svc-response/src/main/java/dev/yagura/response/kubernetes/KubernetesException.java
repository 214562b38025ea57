package dev.yagura.response.kubernetes;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.Explained;
import java.time.Duration;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** A refusal of the Kubernetes API: a Status with its reason, such as "Forbidden". */
public final class KubernetesException extends AwsServiceException implements Explained {
    private static final long serialVersionUID = 1L;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final String cluster;
    private final String asked;

    /**
     * @param asked verb and resource: "patch pods"
     */
    KubernetesException(
            String cluster, String asked, int status, String reason, String text, String auditId) {
        super(
                AwsServiceException.builder()
                        .awsErrorDetails(
                                AwsErrorDetails.builder()
                                        .serviceName("Kubernetes")
                                        .errorCode(reason)
                                        .errorMessage(text)
                                        .build())
                        .message(text)
                        .statusCode(status)
                        .requestId(auditId));
        this.cluster = cluster;
        this.asked = asked;
    }

    /** The API was too busy or broken to decide. */
    public boolean isTransient() {
        return statusCode() == 429 || statusCode() >= 500;
    }

    /** What was read before is not so any more, by the patch's own tests or by its name. */
    public boolean isRace() {
        return statusCode() == 409
                || (statusCode() == 422
                        && awsErrorDetails().errorMessage().contains("test failed"));
    }

    @Override
    public RuntimeException whilePlanning() {
        return isDenied()
                ? new PreconditionFailedException("Kubernetes permissions", explained())
                : new DependencyUnavailableException(explained(), RETRY_AFTER, this);
    }

    /** What is not found, or not as it was tested to be, was changed by somebody: read again. */
    @Override
    public RuntimeException whileRunning() {
        return switch (statusCode()) {
            case 404, 409, 410, 422 -> new RetryLaterException(explained(), this);
            default ->
                    isTransient()
                            ? new RetryLaterException(explained(), this)
                            : new ActionFailedException(explained(), this);
        };
    }

    private boolean isDenied() {
        return statusCode() == 401 || statusCode() == 403;
    }

    private String explained() {
        String said =
                "the Kubernetes API of %s answered %d to %s (%s: %s)"
                        .formatted(
                                cluster,
                                statusCode(),
                                asked,
                                awsErrorDetails().errorCode(),
                                awsErrorDetails().errorMessage());
        return said
                + switch (statusCode()) {
                    case 401 ->
                            "; give the role of svc-response an access entry of the cluster with"
                                    + " the group yagura-contain-pod";
                    case 403 ->
                            "; RBAC or an admission policy does not allow "
                                    + asked
                                    + ": apply deploy/kubernetes/contain_pod.yaml, and give the"
                                    + " access entry of svc-response's role the group"
                                    + " yagura-contain-pod";
                    case 404 -> "; it was deleted meanwhile";
                    case 409, 410, 422 ->
                            "; somebody changed it at the same time, or it is invalid";
                    case 429 -> "; it is too busy";
                    default -> "";
                };
    }
}
