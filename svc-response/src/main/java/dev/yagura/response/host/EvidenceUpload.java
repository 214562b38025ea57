package dev.yagura.response.host;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.ScopedClients;
import java.time.Clock;
import java.time.Duration;

/**
 * A host uploads evidence to places that it may write once. Who may delete it is the bucket's to
 * say: undo does not.
 */
abstract class EvidenceUpload extends HostAction {
    private static final String NO_DRY_RUN = "not supported: S3 has no DryRun";

    private final HostConfig hostConfig;
    private final TriageConfig triage;
    private final ScopedClients<TriageBucket> buckets;
    private final Clock clock;
    private final String done;

    /**
     * @param done what becomes of the evidence: collected
     */
    EvidenceUpload(
            Ways ways,
            TriageConfig triage,
            ScopedClients<TriageBucket> buckets,
            Clock clock,
            String done) {
        super(ways, clock);
        this.hostConfig = ways.config();
        this.triage = triage;
        this.buckets = buckets;
        this.clock = clock;
        this.done = done;
    }

    /**
     * Where in the bucket an action of this id has its evidence: a key, or what keys begin with.
     */
    abstract String place(ActionTarget target, String id);

    @Override
    public final boolean isReversible() {
        return false;
    }

    final TriageConfig triage() {
        return triage;
    }

    final TriageBucket bucket(Action action) {
        return buckets.of(action.getTarget().getScope());
    }

    final String bucketName() {
        return triage.bucket().orElse("");
    }

    final PlannedCall.Builder s3(String operation, String key) {
        PlannedCall.Builder call =
                PlannedCall.newBuilder()
                        .setOperation(operation)
                        .putParameters("Bucket", bucketName())
                        .putParameters("Key", key)
                        .setDryRun(NO_DRY_RUN);
        triage.kmsKey().ifPresent(kmsKey -> call.putParameters("SSEKMSKeyId", kmsKey));
        return call;
    }

    /**
     * How long a presigned URL lives.
     *
     * @param work how long the host works once it has begun
     */
    final Duration lifetime(Duration work) {
        return hostConfig.commandTimeout().plus(work);
    }

    final EvidenceReading reading(ActionRun run) {
        return new EvidenceReading(run, errors(), clock);
    }

    final Clock clock() {
        return clock;
    }

    @Override
    public final void undo(ActionRun run) {
        throw new ActionFailedException("what was " + done + " is evidence: it is not deleted");
    }

    @Override
    public final String remains(ActionRun run) {
        Action action = run.action();
        return didNothing(action)
                ? "nothing was " + done
                : "look for s3://%s/%s; it is not deleted"
                        .formatted(bucketName(), place(action.getTarget(), id(action)));
    }
}
