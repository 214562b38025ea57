package dev.yagura.response.block;

import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.Ec2DryRun;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsResponse;

/**
 * One call that changes something: as it is planned, and how it is sent.
 *
 * @param call operation and parameters
 * @param request sends it
 */
record BlockChange(PlannedCall call, Request request) {
    private static final String LATER = "not supported: undo is planned for what is then";
    private static final String NO_DRY_RUN =
            "not supported: this service has no DryRun; refused, it is the action that says so";

    /** The call in the SDK. */
    interface Request {
        AwsResponse send(BlockCloud cloud, @Nullable Boolean dryRun);
    }

    static BlockChange of(String operation, Map<String, String> parameters, Request request) {
        return new BlockChange(
                PlannedCall.newBuilder()
                        .setOperation(operation)
                        .putAllParameters(new TreeMap<>(parameters))
                        .build(),
                request);
    }

    /** Sends it, with its intent and its answer on record. */
    void make(ActionRun run, BlockCloud cloud) {
        run.call(call, () -> request.send(cloud, null));
    }

    /**
     * The planned call with the state of what it changes, for people, and what EC2 says of it. The
     * other services would do it.
     */
    PlannedCall asked(BlockCloud cloud, String before, String after) {
        boolean ec2 = call.getOperation().startsWith("ec2:");
        return shown(
                before, after, ec2 ? Ec2DryRun.of(() -> request.send(cloud, true)) : NO_DRY_RUN);
    }

    /** The same of a call of undo, which cannot be asked about yet. */
    PlannedCall later(String before, String after) {
        return shown(before, after, LATER);
    }

    private PlannedCall shown(String before, String after, String dryRun) {
        return call.toBuilder().setBefore(before).setAfter(after).setDryRun(dryRun).build();
    }
}
