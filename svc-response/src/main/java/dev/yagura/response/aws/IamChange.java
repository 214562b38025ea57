package dev.yagura.response.aws;

import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.action.ActionRun;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.services.iam.IamClient;

/**
 * One call of IAM that changes something: as it is planned, and how it is sent.
 *
 * @param call operation and parameters
 * @param request sends it
 */
public record IamChange(PlannedCall call, Function<IamClient, AwsResponse> request) {
    private static final String NO_DRY_RUN = "not supported: AWS has no DryRun of it";

    public static IamChange of(
            String operation,
            Map<String, String> parameters,
            Function<IamClient, AwsResponse> request) {
        return new IamChange(
                PlannedCall.newBuilder()
                        .setOperation(operation)
                        .putAllParameters(new TreeMap<>(parameters))
                        .build(),
                request);
    }

    /** Sends it, with its intent and its answer on record. */
    public void make(ActionRun run, IamClient iam) {
        run.call(call, () -> request.apply(iam));
    }

    /** The planned call with the state of what it changes, for people. */
    public PlannedCall shown(String before, String after) {
        return call.toBuilder().setBefore(before).setAfter(after).setDryRun(NO_DRY_RUN).build();
    }
}
