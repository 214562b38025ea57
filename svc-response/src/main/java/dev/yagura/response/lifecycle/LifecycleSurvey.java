package dev.yagura.response.lifecycle;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.action.PastActions;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.isolation.Change;
import dev.yagura.response.isolation.Cloud;
import dev.yagura.response.isolation.InstanceChanges;
import dev.yagura.response.isolation.ServiceMembership;
import java.util.Optional;

/**
 * An instance and what its stop or its end means, as read just now.
 *
 * @param membership what it serves in; empty when it is terminated
 * @param storeGb instance store that its type has
 * @param persistentSpot whether it is a Spot Instance that its request lets stop and start
 * @param isolation of it, that is in force
 */
record LifecycleSurvey(
        InstanceFacts instance,
        Optional<ServiceMembership> membership,
        long storeGb,
        boolean persistentSpot,
        Optional<Action> isolation) {

    /**
     * Reads everything.
     *
     * @throws NotFoundException no such instance
     */
    static LifecycleSurvey take(Cloud cloud, PastActions past, ActionTarget target) {
        LifecycleReader reader = new LifecycleReader(cloud);
        String id = target.getInstanceId();
        InstanceFacts instance =
                reader.instance(id).orElseThrow(() -> new NotFoundException("instance", id));
        return new LifecycleSurvey(
                instance,
                instance.live().isGone()
                        ? Optional.empty()
                        : Optional.of(ServiceMembership.read(cloud, instance.live())),
                reader.instanceStoreGb(instance.type()),
                instance.isSpot() && reader.isPersistent(instance.spotRequestId()),
                past.inForce(ActionKind.ACTION_KIND_ISOLATE_INSTANCE, target));
    }

    boolean isProtectedFromStop() {
        return membership.filter(ServiceMembership::isProtectedFromStop).isPresent();
    }

    boolean isProtectedFromTermination() {
        return membership.filter(ServiceMembership::isProtectedFromTermination).isPresent();
    }

    /** The isolation that set the protection from stop, which it had not before. */
    Optional<Action> protectingFromStop() {
        return isolation
                .filter(action -> !action.getSavedInstance().getStopProtection())
                .filter(action ->
                        set(action, InstanceChanges.protectFromStop(instance.id(), true)));
    }

    /** The same of the protection from termination. */
    Optional<Action> protectingFromTermination() {
        return isolation
                .filter(action -> !action.getSavedInstance().getTerminationProtection())
                .filter(action ->
                        set(action, InstanceChanges.protectFromTermination(instance.id(), true)));
    }

    private static boolean set(Action action, Change protection) {
        return new CallHistory(action).perhapsMade(protection.call());
    }
}
