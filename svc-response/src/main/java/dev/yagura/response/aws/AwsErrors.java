package dev.yagura.response.aws;

import dev.yagura.common.aws.AwsAnswers;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.RetryLaterException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What an answer of AWS means for an action. */
public final class AwsErrors {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    /** Permissions; each service has its own code. */
    private static final Set<String> DENIED =
            Set.of(
                    "UnauthorizedOperation",
                    "AccessDenied",
                    "AccessDeniedException",
                    "AuthFailure",
                    "AuthorizationError");

    /** EC2's answer for an instance that is not there. */
    private static final Set<String> UNKNOWN_INSTANCE =
            Set.of("InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed");

    /** IAM's answer for a role, profile or policy that is not there. */
    private static final String NO_SUCH_ENTITY = "NoSuchEntity";

    /** What only the account's owner can mend. */
    private static final Set<String> HOPELESS =
            Set.of(
                    NO_SUCH_ENTITY,
                    "OperationNotPermitted",
                    "SecurityGroupLimitExceeded",
                    "SnapshotLimitExceeded",
                    "SecurityGroupsPerInterfaceLimitExceeded",
                    "RulesPerSecurityGroupLimitExceeded",
                    "UnmodifiableEntity",
                    "LimitExceeded",
                    "LimitExceededException",
                    "NetworkAclEntryLimitExceeded",
                    "ValidationException",
                    "MalformedPolicyDocument",
                    "InvalidParameterException",
                    "InvalidParameterValue",
                    "ServiceNotFoundException",
                    "InvalidParameterValueException",
                    "InvalidRequestContentException",
                    "RequestTooLargeException",
                    "InvalidParameterCombination",
                    "InvalidDocument",
                    "InvalidDocumentVersion",
                    "InvalidInstanceId",
                    "InvalidParameters",
                    "UnsupportedPlatformType",
                    "OptInRequired",
                    "InvalidArn",
                    "InvalidExecutionInput",
                    "StateMachineDoesNotExist",
                    "KMSAccessDenied",
                    "KMSDisabled",
                    "KMSNotFound");

    private final String policy;

    private AwsErrors(String policy) {
        this.policy = policy;
    }

    /** For the actions of a kind, whose permissions are in a policy file of its name. */
    public static AwsErrors of(ActionKind kind) {
        return new AwsErrors(policy(kind));
    }

    /** The file that lists the permissions of a kind. */
    static String policy(ActionKind kind) {
        String name = kind.name().substring("ACTION_KIND_".length()).toLowerCase(Locale.ROOT);
        return "deploy/policies/" + name + ".json";
    }

    public static String code(SdkException error) {
        return error instanceof AwsServiceException service
                        && service.awsErrorDetails() != null
                        && service.awsErrorDetails().errorCode() != null
                ? service.awsErrorDetails().errorCode()
                : "";
    }

    /** "UnauthorizedOperation: You are not …", or what kept us from an answer. */
    public static String text(SdkException error) {
        return AwsAnswers.text(error);
    }

    /** The HTTP client of the JDK loses the body of a 401, and with it the code. */
    public static boolean isDenied(SdkException error) {
        return DENIED.contains(code(error))
                || (error instanceof AwsServiceException service && service.statusCode() == 401);
    }

    public static boolean isUnknownInstance(SdkException error) {
        return UNKNOWN_INSTANCE.contains(code(error));
    }

    public static boolean isNoSuchEntity(SdkException error) {
        return NO_SUCH_ENTITY.equals(code(error));
    }

    /** The service was too busy or broken to decide. */
    public static boolean isTransient(AwsServiceException error) {
        return error.statusCode() >= 500 || error.isThrottlingException();
    }

    /** While planning: for the caller. */
    public RuntimeException whilePlanning(String instanceId, SdkException error) {
        if (error instanceof Explained explained) {
            return explained.whilePlanning();
        }
        if (isUnknownInstance(error)) {
            return new NotFoundException("instance", instanceId);
        }
        if (isDenied(error)) {
            return new PreconditionFailedException("AWS permissions", remedyOfDenial(error));
        }
        return new DependencyUnavailableException("AWS (" + text(error) + ")", RETRY_AFTER, error);
    }

    /** While applying or undoing: for the runner. */
    public RuntimeException whileRunning(SdkException error) {
        if (error instanceof Explained explained) {
            return explained.whileRunning();
        }
        if (isDenied(error)) {
            return new ActionFailedException(remedyOfDenial(error), error);
        }
        if (isRefused(error)) {
            return new ActionFailedException("AWS refused: " + text(error), error);
        }
        return new RetryLaterException("AWS: " + text(error), error);
    }

    /** The same call again would end the same: only the account's owner can mend it. */
    public static boolean isRefused(SdkException error) {
        return isDenied(error) || (HOPELESS.contains(code(error)) && !isTooOften(error));
    }

    /** Security Hub calls its limit of requests a second by the name of other limits. */
    private static boolean isTooOften(SdkException error) {
        return error instanceof AwsServiceException service && service.statusCode() == 429;
    }

    /** Runs what applies or undoes; its errors become what they mean for the runner. */
    public void running(Runnable part) {
        try {
            part.run();
        } catch (SdkException e) {
            throw whileRunning(e);
        } catch (NotFoundException e) {
            throw new ActionFailedException(e.getMessage() + " any more", e);
        }
    }

    private String remedyOfDenial(SdkException error) {
        return "AWS does not allow it ("
                + text(error)
                + "); give the role of svc-response what "
                + policy
                + " lists, and check its trust and external id";
    }
}
