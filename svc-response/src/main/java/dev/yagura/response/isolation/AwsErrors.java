package dev.yagura.response.isolation;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.RetryLaterException;
import java.time.Duration;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What an answer of AWS means. */
final class AwsErrors {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    /** Permissions; each service has its own code. */
    private static final Set<String> DENIED =
            Set.of("UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "AuthFailure");

    private static final Set<String> UNKNOWN_INSTANCE =
            Set.of("InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed");

    /** What only the world's owner can mend. */
    private static final Set<String> HOPELESS =
            Set.of(
                    "OperationNotPermitted",
                    "SecurityGroupLimitExceeded",
                    "SecurityGroupsPerInterfaceLimitExceeded",
                    "RulesPerSecurityGroupLimitExceeded",
                    "InvalidParameterValue",
                    "InvalidParameterCombination",
                    "OptInRequired");

    private AwsErrors() {}

    static String code(SdkException error) {
        return error instanceof AwsServiceException service
                        && service.awsErrorDetails() != null
                        && service.awsErrorDetails().errorCode() != null
                ? service.awsErrorDetails().errorCode()
                : "";
    }

    /** "UnauthorizedOperation: You are not …", or what kept us from an answer. */
    static String text(SdkException error) {
        return code(error).isEmpty()
                ? String.valueOf(error.getMessage())
                : code(error)
                        + ": "
                        + ((AwsServiceException) error).awsErrorDetails().errorMessage();
    }

    /** The HTTP client of the JDK loses the body of a 401, and with it the code. */
    static boolean isDenied(SdkException error) {
        return DENIED.contains(code(error))
                || (error instanceof AwsServiceException service && service.statusCode() == 401);
    }

    static boolean isUnknownInstance(SdkException error) {
        return UNKNOWN_INSTANCE.contains(code(error));
    }

    /** EC2 was too busy or broken to decide. */
    static boolean isTransient(AwsServiceException error) {
        return error.statusCode() >= 500 || error.isThrottlingException();
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

    private static String remedyOfDenial(SdkException error) {
        return "AWS does not allow it ("
                + text(error)
                + "); give the role of svc-response what deploy/policies/isolate_instance.json"
                + " lists, and check its trust and external id";
    }
}
