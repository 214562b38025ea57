package dev.yagura.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What AWS answers when it refuses. */
final class AwsErrors {
    private AwsErrors() {}

    static AwsServiceException refused(ThrowingCallable call, int status, String code) {
        AwsServiceException e = catchThrowableOfType(AwsServiceException.class, call);
        assertThat(e).as("the call should have been refused").isNotNull();
        assertThat(e.awsErrorDetails().errorCode()).as(e.getMessage()).isEqualTo(code);
        assertThat(e.statusCode()).as(e.getMessage()).isEqualTo(status);
        assertThat(e.requestId()).as("request id").isNotBlank();
        return e;
    }

    static AwsServiceException refused(ThrowingCallable call, String code) {
        return refused(call, 400, code);
    }
}
