package dev.yagura.response.invocation;

import dev.yagura.response.aws.AwsErrors;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/**
 * A function of the allow-list, as read just now.
 *
 * @param allowed empty when it is not on the list
 * @param version that its qualifier names; empty when there is none
 * @param dryRun Lambda's own answer to "may I", as a planned call has it; empty when it was not
 *     asked
 */
record InvocationSurvey(
        Optional<AllowedFunction> allowed, Optional<LiveVersion> version, String dryRun) {
    private static final String LATEST = "$LATEST";
    private static final String ALLOWED = "allowed";

    /**
     * A version.
     *
     * @param number "3", or "$LATEST" where an alias names what is not published
     * @param codeSha256 in base64
     */
    record LiveVersion(String number, String accountId, String codeSha256, Duration timeout) {
        /** A published one never changes. */
        boolean isPublished() {
            return !number.equals(LATEST);
        }
    }

    /** Reads everything. Throws what the SDK throws. */
    static InvocationSurvey take(LambdaClient lambda, String name, InvocationConfig config) {
        Optional<AllowedFunction> allowed = config.function(name);
        Optional<LiveVersion> version = allowed.flatMap(each -> version(lambda, each));
        return new InvocationSurvey(
                allowed,
                version,
                version.map(each -> dryRun(lambda, name, each.number())).orElse(""));
    }

    boolean isDenied() {
        return !dryRun.isEmpty() && !dryRun.equals(ALLOWED);
    }

    private static Optional<LiveVersion> version(LambdaClient lambda, AllowedFunction function) {
        try {
            return Optional.of(
                    version(
                            lambda.getFunctionConfiguration(request ->
                                    request.functionName(function.name())
                                            .qualifier(function.qualifier()))));
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    private static LiveVersion version(GetFunctionConfigurationResponse found) {
        return new LiveVersion(
                found.version(),
                found.functionArn().split(":", -1)[4],
                found.codeSha256(),
                Duration.ofSeconds(found.timeout()));
    }

    /** Changes nothing, and runs nothing. */
    private static String dryRun(LambdaClient lambda, String name, String version) {
        try {
            lambda.invoke(request ->
                    request.functionName(name)
                            .qualifier(version)
                            .invocationType(InvocationType.DRY_RUN));
            return ALLOWED;
        } catch (LambdaException e) {
            if (AwsErrors.isTransient(e)) {
                throw e;
            }
            return (AwsErrors.isDenied(e) ? "denied: " : "refused: ") + AwsErrors.text(e);
        }
    }
}
