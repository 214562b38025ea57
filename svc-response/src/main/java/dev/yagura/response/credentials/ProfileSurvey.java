package dev.yagura.response.credentials;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.action.PastActions;
import dev.yagura.response.aws.LiveInstance;
import java.util.List;
import java.util.Optional;

/**
 * The instance, its profile and the one that it is to get, as read just now.
 *
 * @param association empty when the instance has no instance profile
 * @param wanted empty when there is no such profile
 * @param policies what the wanted profile's role has: ARNs of managed policies, and names of
 *     policies inside it
 * @param containment of its role, that is in force
 */
record ProfileSurvey(
        LiveInstance instance,
        Optional<RoleReader.Association> association,
        Optional<RoleReader.Profile> wanted,
        List<String> policies,
        Optional<Action> containment) {

    /**
     * Reads everything.
     *
     * @throws NotFoundException no such instance
     */
    static ProfileSurvey take(RoleReader reader, PastActions past, ActionTarget target) {
        String id = target.getInstanceId();
        LiveInstance instance =
                reader.instance(id).orElseThrow(() -> new NotFoundException("instance", id));
        Optional<RoleReader.Profile> wanted = reader.profile(target.getInstanceProfile().getName());
        return new ProfileSurvey(
                instance,
                reader.association(id),
                wanted,
                wanted.flatMap(RoleReader.Profile::role)
                        .map(role -> reader.policies(role.name()))
                        .orElse(List.of()),
                containment(past, target));
    }

    /** The containment that holds the instance's profile too. */
    static Optional<Action> containment(PastActions past, ActionTarget target) {
        return past.inForce(ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION, target);
    }
}
