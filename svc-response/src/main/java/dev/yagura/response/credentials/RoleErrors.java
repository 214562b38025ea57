package dev.yagura.response.credentials;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.RetryLaterException;
import java.time.Duration;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What an answer of EC2, IAM or Systems Manager means here. */
final class RoleErrors {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    /** IAM's answer for a role, profile or policy that is not there. */
    private static final String NO_SUCH_ENTITY = "NoSuchEntity";

    private static final Set<String> DENIED =
            Set.of("UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "AuthFailure");

    private static final Set<String> UNKNOWN_INSTANCE =
            Set.of("InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed");

    /** What only the account's owner can mend. */
    private static final Set<String> HOPELESS =
            Set.of(
                    NO_SUCH_ENTITY,
                    "UnmodifiableEntity",
                    "LimitExceeded",
                    "MalformedPolicyDocument",
                    "InvalidParameterValue",
                    "InvalidParameterCombination",
                    "OperationNotPermitted",
                    "OptInRequired");

    private RoleErrors() {}

    static String code(SdkException error) {
        return error instanceof AwsServiceException service
                        && service.awsErrorDetails() != null
                        && service.awsErrorDetails().errorCode() != null
                ? service.awsErrorDetails().errorCode()
                : "";
    }

    /** "AccessDenied: User … is not …", or what kept us from an answer. */
    static String text(SdkException error) {
        return code(error).isEmpty()
                ? String.valueOf(error.getMessage())
                : code(error)
                        + ": "
                        + ((AwsServiceException) error).awsErrorDetails().errorMessage();
    }

    static boolean isNoSuchEntity(SdkException error) {
        return NO_SUCH_ENTITY.equals(code(error));
    }

    static boolean isUnknownInstance(SdkException error) {
        return UNKNOWN_INSTANCE.contains(code(error));
    }

    /** While planning: for the caller. */
    static RuntimeException whilePlanning(String instanceId, SdkException error) {
        if (isUnknownInstance(error)) {
            return new NotFoundException("instance", instanceId);
        }
        if (isDenied(error)) {
            return new PreconditionFailedException("AWS permissions", remedyOfDenial(error));
        }
        return new DependencyUnavailableException("AWS (" + text(error) + ")", RETRY_AFTER, error);
    }

    /** While applying or undoing: for the runner. */
    static RuntimeException whileRunning(SdkException error) {
        if (isDenied(error)) {
            return new ActionFailedException(remedyOfDenial(error), error);
        }
        if (HOPELESS.contains(code(error))) {
            return new ActionFailedException("AWS refused: " + text(error), error);
        }
        return new RetryLaterException("AWS: " + text(error), error);
    }

    /** The HTTP client of the JDK loses the body of a 401, and with it the code. */
    private static boolean isDenied(SdkException error) {
        return DENIED.contains(code(error))
                || (error instanceof AwsServiceException service && service.statusCode() == 401);
    }

    private static String remedyOfDenial(SdkException error) {
        return "AWS does not allow it ("
                + text(error)
                + "); give the role of svc-response what deploy/policies/contain_role_session.json"
                + " lists, and check its trust and external id";
    }
}
