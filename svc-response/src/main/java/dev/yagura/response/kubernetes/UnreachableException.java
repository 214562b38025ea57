package dev.yagura.response.kubernetes;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.Explained;
import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The Kubernetes API did not answer: whether it did what it was asked is not known. */
final class UnreachableException extends SdkClientException implements Explained {
    private static final long serialVersionUID = 1L;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    UnreachableException(String text, Throwable cause) {
        super(SdkClientException.builder().message(text).cause(cause));
    }

    @Override
    public RuntimeException whilePlanning() {
        return new DependencyUnavailableException(String.valueOf(getMessage()), RETRY_AFTER, this);
    }

    @Override
    public RuntimeException whileRunning() {
        return new RetryLaterException(String.valueOf(getMessage()), this);
    }
}
