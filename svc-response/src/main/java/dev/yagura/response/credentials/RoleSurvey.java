package dev.yagura.response.credentials;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.aws.LiveInstance;
import java.util.List;
import java.util.Optional;

/**
 * The instance, its role and the quarantine profile, as read just now.
 *
 * @param association empty when the instance has no instance profile
 * @param profile that it has; empty also when it was deleted
 * @param quarantine the profile that takes its place; empty when none is set or it does not exist
 * @param quarantinePolicies what the quarantine's role has: ARNs of managed policies, and names of
 *     policies inside it
 * @param sharing other instances of the region that have the role
 * @param chained sessions that came of the instance's; empty when they are looked for later
 * @param unmanaged why Systems Manager cannot tell of the instance; empty when it can
 */
record RoleSurvey(
        LiveInstance instance,
        Optional<RoleReader.Association> association,
        Optional<RoleReader.Profile> profile,
        Optional<RoleReader.Profile> quarantine,
        List<String> quarantinePolicies,
        List<String> sharing,
        Optional<ChainedSessions> chained,
        Optional<String> unmanaged) {

    /**
     * Reads everything but the sessions that came of the instance's.
     *
     * @throws NotFoundException no such instance
     */
    static RoleSurvey take(RoleReader reader, ActionTarget target, CredentialsConfig config) {
        String id = target.getInstanceId();
        LiveInstance instance =
                reader.instance(id).orElseThrow(() -> new NotFoundException("instance", id));
        Optional<RoleReader.Association> association = reader.association(id);
        Optional<RoleReader.Profile> profile =
                association.flatMap(each -> reader.profile(name(each.profileArn())));
        Optional<RoleReader.Profile> quarantine =
                config.quarantineProfile().flatMap(reader::profile);
        return new RoleSurvey(
                instance,
                association,
                profile,
                quarantine,
                quarantine
                        .flatMap(RoleReader.Profile::role)
                        .map(role -> reader.policies(role.name()))
                        .orElse(List.of()),
                profile.flatMap(RoleReader.Profile::role)
                        .map(role -> sharing(reader, role.name(), id))
                        .orElse(List.of()),
                Optional.empty(),
                ControlPath.unmanaged(reader, id));
    }

    /** With the sessions that came of the instance's. */
    RoleSurvey with(ChainedSessions found) {
        return new RoleSurvey(
                instance,
                association,
                profile,
                quarantine,
                quarantinePolicies,
                sharing,
                Optional.of(found),
                unmanaged);
    }

    Optional<RoleReader.LiveRole> role() {
        return profile.flatMap(RoleReader.Profile::role);
    }

    /** "web-instance" of an ARN that may have a path before the name. */
    static String name(String profileArn) {
        return profileArn.substring(profileArn.lastIndexOf('/') + 1);
    }

    private static List<String> sharing(RoleReader reader, String roleName, String instanceId) {
        return reader.instancesWith(roleName).stream()
                .filter(each -> !each.equals(instanceId))
                .toList();
    }
}
