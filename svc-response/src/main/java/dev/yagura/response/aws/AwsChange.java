package dev.yagura.response.aws;

import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.action.ActionRun;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import software.amazon.awssdk.awscore.AwsResponse;

/**
 * One call of an API without DryRun that changes something: as it is planned, and how it is sent.
 *
 * @param call operation and parameters
 * @param request sends it
 * @param <C> client of the API
 */
public record AwsChange<C>(PlannedCall call, Function<C, AwsResponse> request) {
    private static final String NO_DRY_RUN = "not supported: AWS has no DryRun of it";

    public static <C> AwsChange<C> of(
            String operation, Map<String, String> parameters, Function<C, AwsResponse> request) {
        return new AwsChange<>(
                PlannedCall.newBuilder()
                        .setOperation(operation)
                        .putAllParameters(new TreeMap<>(parameters))
                        .build(),
                request);
    }

    /** Sends it, with its intent and its answer on record. */
    public void make(ActionRun run, C client) {
        run.call(call, () -> request.apply(client));
    }

    /** The planned call with the state of what it changes, for people. */
    public PlannedCall shown(String before, String after) {
        return call.toBuilder().setBefore(before).setAfter(after).setDryRun(NO_DRY_RUN).build();
    }
}
