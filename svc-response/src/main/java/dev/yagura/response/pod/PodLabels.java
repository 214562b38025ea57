package dev.yagura.response.pod;

import dev.yagura.response.identity.DenyPlacement.Seen;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The labels of the pod: taken away for the one of quarantine, and given back one by one. */
final class PodLabels {
    static final String PATCH = "k8s:patch pods";

    private final Contained contained;

    PodLabels(Contained contained) {
        this.contained = contained;
    }

    /** The pod that is meant; empty when it is gone, also when another one has its name. */
    Optional<LivePod> pod() {
        return contained
                .reader()
                .pod(contained.state().getName())
                .filter(each -> each.uid().equals(contained.state().getUid()));
    }

    /** What others set since it was read is what undo gives back, as long as nothing was done. */
    void saveAgain(LivePod pod) {
        if (!contained.history().perhapsMade(PATCH)
                && !pod.labels().equals(contained.state().getLabelsMap())) {
            contained
                    .run()
                    .saved(saving -> {
                        saving.getPodStateBuilder().clearLabels().putAllLabels(pod.labels());
                        return saving;
                    });
        }
    }

    void take(LivePod pod) {
        if (!pod.labels().equals(contained.labels())) {
            contained
                    .change()
                    .label(pod, contained.labels())
                    .make(contained.run(), contained.api());
        }
    }

    Seen seen(Optional<LivePod> pod) {
        if (pod.isEmpty()) {
            return new Seen(true, "the pod is gone");
        }
        Map<String, String> labels = pod.get().labels();
        return new Seen(
                labels.equals(contained.labels()), "the pod has " + PodChange.shown(labels));
    }

    /** Gives back what was, but for what others have set or taken meanwhile. */
    Seen restore() {
        if (!contained.history().perhapsMade(PATCH)) {
            return new Seen(true, "its labels were left alone");
        }
        Optional<LivePod> pod = pod();
        if (pod.isEmpty()) {
            contained.drift("the pod was deleted meanwhile");
            return new Seen(true, "the pod is gone");
        }
        Map<String, String> now = pod.get().labels();
        Map<String, String> wanted = wanted(now);
        if (!wanted.equals(now)) {
            contained.change().label(pod.get(), wanted).make(contained.run(), contained.api());
        }
        Optional<LivePod> after = pod();
        return new Seen(
                after.isEmpty() || after.get().labels().equals(wanted),
                after.map(each -> "the pod has " + PodChange.shown(each.labels()))
                        .orElse("the pod is gone"));
    }

    private boolean wasSeen() {
        return contained.action().getVerificationsList().stream()
                .anyMatch(each -> each.getPassed());
    }

    /** Undo may have given labels back already. */
    private boolean isBegun() {
        return contained.action().getCallsList().stream()
                .filter(call -> call.getOperation().equals(PATCH))
                .anyMatch(call ->
                        !call.getParametersOrDefault("Labels", "")
                                .equals(PodChange.shown(contained.labels())));
    }

    private Map<String, String> wanted(Map<String, String> now) {
        Map<String, String> before = contained.state().getLabelsMap();
        Map<String, String> wanted = new TreeMap<>(now);
        boolean isOurs = contained.id().equals(now.get(Quarantine.LABEL));
        if (isOurs) {
            wanted.remove(Quarantine.LABEL);
        } else if (wasSeen() && !isBegun()) {
            contained.drift("the label " + Quarantine.LABEL + " was taken away meanwhile");
        }
        before.forEach((key, value) -> {
            String seen = now.get(key);
            if (seen == null) {
                wanted.put(key, value);
            } else if (!seen.equals(value)) {
                contained.drift(
                        "the label %s is %s, set by somebody else; left so (before: %s)"
                                .formatted(key, seen, value));
            }
        });
        now.keySet().stream()
                .filter(key -> !before.containsKey(key))
                .filter(key -> !(isOurs && key.equals(Quarantine.LABEL)))
                .forEach(key ->
                        contained.drift(
                                "the label %s=%s was added meanwhile; left so"
                                        .formatted(key, now.get(key))));
        return wanted;
    }
}
