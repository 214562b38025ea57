package dev.yagura.response.pod;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.PodState;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.kubernetes.KubernetesClient;
import java.util.List;
import java.util.Map;

/** What the parts of a containment work with: the run, and the API of the pod's cluster. */
record Contained(ActionRun run, KubernetesClient api, PodReader reader, PodChange change) {

    static Contained of(ActionRun run, KubernetesClient api) {
        String namespace = run.action().getTarget().getPod().getNamespace();
        return new Contained(
                run, api, new PodReader(api, namespace), new PodChange(api.cluster(), namespace));
    }

    PodState state() {
        return run.action().getPodState();
    }

    /** Id of the action. */
    String id() {
        return Quarantine.id(run.action());
    }

    /** The only label that the pod is to have. */
    Map<String, String> labels() {
        return Quarantine.labels(run.action());
    }

    Action action() {
        return run.action();
    }

    boolean overrides(String guard) {
        return run.action().getOverriddenGuardsList().contains(guard);
    }

    CallHistory history() {
        return new CallHistory(run.action());
    }

    void drift(String finding) {
        run.drift(List.of(finding));
    }
}
