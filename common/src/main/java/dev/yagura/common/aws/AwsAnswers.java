package dev.yagura.common.aws;

import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What AWS answers to a call that failed, for people. */
public final class AwsAnswers {
    private AwsAnswers() {}

    /**
     * "AccessDeniedException: User … is not authorized …", or what kept us from an answer. Without
     * the request's id, which the message of the SDK has: the same failure has the same text again.
     */
    public static String text(RuntimeException error) {
        return error instanceof AwsServiceException service
                        && service.awsErrorDetails() != null
                        && service.awsErrorDetails().errorCode() != null
                ? service.awsErrorDetails().errorCode()
                        + ": "
                        + service.awsErrorDetails().errorMessage()
                : String.valueOf(error.getMessage());
    }
}
