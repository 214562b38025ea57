package dev.yagura.response.kubernetes;

import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.AwsErrors;
import java.util.Map;
import java.util.TreeMap;

/**
 * One call that changes something in a cluster: as it is planned, and how it is sent.
 *
 * @param call operation, named by RBAC's verb and resource, and parameters
 */
public record KubernetesChange(PlannedCall call, Request request) {
    public static final String ALLOWED = "allowed";

    /** Sends it, or asks whether it would be done. */
    public interface Request {
        KubernetesAnswer send(KubernetesClient client, boolean dryRun);
    }

    /**
     * @param operation verb and resource: "patch pods"
     */
    public static KubernetesChange of(
            String operation, Map<String, String> parameters, Request request) {
        return new KubernetesChange(
                PlannedCall.newBuilder()
                        .setOperation("k8s:" + operation)
                        .putAllParameters(new TreeMap<>(parameters))
                        .build(),
                request);
    }

    /** Sends it, with its intent and its answer on record. */
    public void make(ActionRun run, KubernetesClient client) {
        run.call(call, () -> request.send(client, false), KubernetesAnswer::auditId);
    }

    /**
     * The planned call with the state of what it changes, and what the API says to its dry run,
     * which asks for permission, validation and admission.
     */
    public PlannedCall tried(KubernetesClient client, String before, String after) {
        return shown(before, after, dryRun(client));
    }

    /** The same for a call that cannot be tried now. */
    public PlannedCall shown(String before, String after, String dryRun) {
        return call.toBuilder().setBefore(before).setAfter(after).setDryRun(dryRun).build();
    }

    private String dryRun(KubernetesClient client) {
        try {
            request.send(client, true);
            return ALLOWED;
        } catch (KubernetesException e) {
            if (e.isTransient() || e.isRace()) {
                throw e;
            }
            return "refused: " + AwsErrors.text(e);
        }
    }
}
