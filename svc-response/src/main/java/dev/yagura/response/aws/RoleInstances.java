package dev.yagura.response.aws;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.IamInstanceProfileAssociation;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.InstanceProfile;

/** Which instances of a region have a role, through any instance profile. */
public final class RoleInstances {
    /** An association that is ending does not count: another one is in its place. */
    private static final Set<String> ACTIVE = Set.of("associating", "associated");

    private RoleInstances() {}

    /** Their ids, in order. Throws what the SDK throws. */
    public static List<String> of(IamClient iam, Ec2Client ec2, String roleName) {
        Set<String> profiles =
                iam
                        .listInstanceProfilesForRolePaginator(request -> request.roleName(roleName))
                        .instanceProfiles()
                        .stream()
                        .map(InstanceProfile::arn)
                        .collect(Collectors.toSet());
        return ec2
                .describeIamInstanceProfileAssociationsPaginator(
                        request -> request.maxResults(1000))
                .iamInstanceProfileAssociations()
                .stream()
                .filter(RoleInstances::isActive)
                .filter(each -> profiles.contains(each.iamInstanceProfile().arn()))
                .map(IamInstanceProfileAssociation::instanceId)
                .sorted()
                .toList();
    }

    public static boolean isActive(IamInstanceProfileAssociation association) {
        return ACTIVE.contains(association.stateAsString());
    }
}
