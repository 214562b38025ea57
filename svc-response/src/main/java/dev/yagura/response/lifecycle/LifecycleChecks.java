package dev.yagura.response.lifecycle;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.action.Guards;
import dev.yagura.response.aws.Checks;
import java.util.ArrayList;
import java.util.List;

/** What must hold before an instance is stopped; each refusal with its reason and remedy. */
final class LifecycleChecks {
    private LifecycleChecks() {}

    /** For a stop, without what EC2's DryRun says. */
    static List<PreflightCheck> ofStop(
            LifecycleSurvey survey, ActionTarget target, int minimumHealthy) {
        InstanceFacts instance = survey.instance();
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(running(instance));
        checks.add(Checks.account(instance.live().ownerId(), target));
        checks.add(Checks.unprotected(instance.id(), instance.live().tags()));
        checks.add(stoppable(survey));
        checks.add(stopProtection(survey));
        checks.add(instanceStore(survey));
        survey.membership()
                .ifPresent(membership -> {
                    checks.add(membership.standby());
                    checks.add(membership.targetGroups());
                    checks.add(membership.healthy(minimumHealthy));
                });
        checks.add(publicAddress(instance));
        return List.copyOf(checks);
    }

    private static PreflightCheck running(InstanceFacts instance) {
        String label = "the instance is running";
        String state = instance.id() + " is " + instance.state();
        if (instance.live().isRunning()) {
            return Checks.passed(label, state);
        }
        return Checks.refused(
                label,
                state,
                instance.state().equals("pending")
                        ? "wait until it is running"
                        : "there is nothing to stop");
    }

    private static PreflightCheck stoppable(LifecycleSurvey survey) {
        String label = "EC2 can stop it";
        if (!survey.instance().rootOnEbs()) {
            return Checks.refused(
                    label,
                    "its root volume is in the instance store: it runs, or it is terminated",
                    "isolate it");
        }
        if (!survey.instance().isSpot()) {
            return Checks.passed(label, "its root volume is on EBS");
        }
        String spot = "it is a Spot Instance, of the ";
        return survey.persistentSpot()
                ? Checks.warning(
                        label,
                        spot
                                + "persistent request "
                                + survey.instance().spotRequestId()
                                + ": whether there is capacity to start it again is not certain",
                        "take snapshots of its volumes first")
                : Checks.refused(
                        label,
                        spot
                                + "one-time request "
                                + survey.instance().spotRequestId()
                                + ": EC2 stops only those of persistent requests",
                        "isolate it, and take snapshots of its volumes soon");
    }

    static PreflightCheck stopProtection(LifecycleSurvey survey) {
        String label = "it is not protected from stop";
        if (!survey.isProtectedFromStop()) {
            return Checks.passed(label, "by EC2's attribute disableApiStop");
        }
        return survey.protectingFromStop()
                .map(Action::getName)
                .map(name ->
                        Checks.passed(
                                label,
                                "only by "
                                        + name
                                        + ", which isolates it: taken away for the stop, and set"
                                        + " again"))
                .orElseGet(() ->
                        Checks.refused(
                                label,
                                "somebody set its attribute disableApiStop",
                                "take it away by hand if it may be stopped",
                                Guards.STOP_PROTECTION));
    }

    static PreflightCheck instanceStore(LifecycleSurvey survey) {
        String label = "no data is in the instance store";
        InstanceFacts instance = survey.instance();
        return survey.storeGb() == 0
                ? Checks.passed(label, instance.type() + " has none")
                : Checks.refused(
                        label,
                        "%s has %d GB of instance store, which no snapshot has and a stop loses"
                                .formatted(instance.type(), survey.storeGb()),
                        "copy what is on it from the host itself",
                        Guards.INSTANCE_STORE);
    }

    private static PreflightCheck publicAddress(InstanceFacts instance) {
        String label = "its addresses stay";
        return instance.publicAddresses().isEmpty()
                ? Checks.passed(label, "no public address of it is lent by EC2")
                : Checks.warning(
                        label,
                        "EC2 takes back "
                                + String.join(", ", instance.publicAddresses())
                                + ", and lends another public address, or none to an instance with"
                                + " several interfaces, when it starts",
                        "note it in the incident; only an Elastic IP address stays");
    }
}
