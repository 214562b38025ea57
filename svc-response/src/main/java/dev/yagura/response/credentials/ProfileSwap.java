package dev.yagura.response.credentials;

import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import java.util.List;
import java.util.Optional;

/**
 * An instance profile in the place of another one, and back. A profile that somebody else set is
 * left and reported.
 *
 * @param former ARN of the profile from before
 * @param replacement ARN of the one that takes its place
 */
record ProfileSwap(RoleCloud cloud, ActionRun run, String former, String replacement) {

    /**
     * Replaces it where it is the former one still.
     *
     * @param first done before the call
     * @return the association then; empty when somebody took its profile away
     */
    Optional<RoleReader.Association> replace(Runnable first) {
        Optional<RoleReader.Association> found = association();
        if (found.isPresent() && found.get().profileArn().equals(former)) {
            requireSettled(found.get());
            first.run();
            send(RoleChange.replaceProfile(found.get().id(), replacement));
            found = association();
        }
        if (found.isEmpty()) {
            run.drift(List.of(instanceId() + " has no instance profile any more"));
            return found;
        }
        if (found.get().profileArn().equals(former)) {
            throw new RetryLaterException("EC2 still shows the former profile of " + instanceId());
        }
        if (!found.get().profileArn().equals(replacement)) {
            throw new ActionFailedException(
                    "somebody gave %s the profile %s meanwhile; undo, then try again"
                            .formatted(instanceId(), found.get().profileArn()));
        }
        return found;
    }

    /** Puts the former one back; true when it must be there at the end. */
    boolean restore() {
        RoleReader reader = new RoleReader(cloud);
        boolean gone =
                reader.instance(instanceId()).filter(instance -> !instance.isGone()).isEmpty();
        if (gone) {
            run.drift(List.of(instanceId() + " is terminated: nothing of it is left to restore"));
            return false;
        }
        Optional<RoleReader.Association> found = association();
        if (found.isEmpty()) {
            run.drift(
                    List.of(
                            "%s has no instance profile any more; left so (before: %s)"
                                    .formatted(instanceId(), former)));
            return false;
        }
        RoleReader.Association association = found.get();
        if (association.profileArn().equals(former)) {
            return true;
        }
        if (!association.profileArn().equals(replacement)) {
            run.drift(
                    List.of(
                            "%s has %s, set by somebody else; left so (before: %s)"
                                    .formatted(instanceId(), association.profileArn(), former)));
            return false;
        }
        putBack(reader, association);
        return true;
    }

    private void putBack(RoleReader reader, RoleReader.Association association) {
        requireSettled(association);
        if (reader.profile(RoleSurvey.name(former)).isEmpty()) {
            throw new ActionFailedException(
                    instanceId()
                            + " keeps "
                            + replacement
                            + ": "
                            + former
                            + " does not exist any more; make it again, or give the instance"
                            + " another profile by hand, then undo again");
        }
        send(RoleChange.replaceProfile(association.id(), former));
    }

    private void requireSettled(RoleReader.Association association) {
        if (!association.settled()) {
            throw new RetryLaterException(
                    "EC2 is still associating "
                            + association.profileArn()
                            + " with "
                            + instanceId());
        }
    }

    private void send(RoleChange change) {
        run.call(change.call(), () -> change.request().send(cloud));
    }

    private Optional<RoleReader.Association> association() {
        return new RoleReader(cloud).association(instanceId());
    }

    private String instanceId() {
        return run.action().getTarget().getInstanceId();
    }
}
