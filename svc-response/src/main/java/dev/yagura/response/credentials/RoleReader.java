package dev.yagura.response.credentials;

import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.LiveInstance;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.IamInstanceProfileAssociation;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;

/** Reads one account and region, live and page by page. Throws what the SDK throws. */
final class RoleReader {
    /** An association that is ending does not count: another one is in its place. */
    private static final Set<String> ACTIVE = Set.of("associating", "associated");

    private final RoleCloud cloud;

    /**
     * Which instance profile an instance has.
     *
     * @param settled EC2 is not working on it any more
     * @param since when EC2 was asked for it; null when EC2 does not say
     */
    record Association(String id, String profileArn, boolean settled, @Nullable Instant since) {}

    /** An instance profile; it has one role at most. */
    record Profile(String arn, String name, Optional<LiveRole> role) {}

    /**
     * A role.
     *
     * @param path "/aws-service-role/…/" for one that only AWS changes
     */
    record LiveRole(String name, String arn, String path) {}

    /** What Systems Manager last heard of an instance. */
    record Ping(boolean online, @Nullable Instant last) {}

    RoleReader(RoleCloud cloud) {
        this.cloud = cloud;
    }

    /** Empty for an instance that EC2 does not know. */
    Optional<LiveInstance> instance(String id) {
        try {
            return LiveInstance.read(cloud.ec2(), id);
        } catch (Ec2Exception e) {
            if (AwsErrors.isUnknownInstance(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    Optional<Association> association(String instanceId) {
        return cloud
                .ec2()
                .describeIamInstanceProfileAssociationsPaginator(request ->
                        request.filters(
                                Filter.builder().name("instance-id").values(instanceId).build()))
                .iamInstanceProfileAssociations()
                .stream()
                .filter(each -> ACTIVE.contains(each.stateAsString()))
                .map(RoleReader::association)
                .findFirst();
    }

    Optional<Profile> profile(String name) {
        try {
            return Optional.of(
                    profile(
                            cloud.iam()
                                    .getInstanceProfile(
                                            request -> request.instanceProfileName(name))
                                    .instanceProfile()));
        } catch (IamException e) {
            if (AwsErrors.isNoSuchEntity(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** ARNs of the managed policies of a role. */
    private List<String> attachedPolicies(String roleName) {
        return cloud
                .iam()
                .listAttachedRolePoliciesPaginator(request -> request.roleName(roleName))
                .attachedPolicies()
                .stream()
                .map(policy -> policy.policyArn())
                .toList();
    }

    /** Names of the policies inside a role. */
    private List<String> inlinePolicies(String roleName) {
        return cloud
                .iam()
                .listRolePoliciesPaginator(request -> request.roleName(roleName))
                .policyNames()
                .stream()
                .toList();
    }

    /** What a role has: ARNs of managed policies, and names of policies inside it. */
    List<String> policies(String roleName) {
        return Stream.concat(attachedPolicies(roleName).stream(), inlinePolicies(roleName).stream())
                .toList();
    }

    /** ARNs of every instance profile that has the role. */
    List<String> profilesWith(String roleName) {
        return cloud
                .iam()
                .listInstanceProfilesForRolePaginator(request -> request.roleName(roleName))
                .instanceProfiles()
                .stream()
                .map(InstanceProfile::arn)
                .toList();
    }

    /** Ids of the region's instances that have one of the profiles. */
    List<String> instancesWith(Collection<String> profileArns) {
        return cloud
                .ec2()
                .describeIamInstanceProfileAssociationsPaginator(
                        request -> request.maxResults(1000))
                .iamInstanceProfileAssociations()
                .stream()
                .filter(each -> ACTIVE.contains(each.stateAsString()))
                .filter(each -> profileArns.contains(each.iamInstanceProfile().arn()))
                .map(IamInstanceProfileAssociation::instanceId)
                .sorted()
                .toList();
    }

    /** The document of a policy inside a role; empty when there is none, or no such role. */
    Optional<String> policy(String roleName, String policyName) {
        try {
            String document =
                    cloud.iam()
                            .getRolePolicy(
                                    request -> request.roleName(roleName).policyName(policyName))
                            .policyDocument();
            return Optional.of(URLDecoder.decode(document, StandardCharsets.UTF_8));
        } catch (IamException e) {
            if (AwsErrors.isNoSuchEntity(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Empty for an instance that Systems Manager does not manage. */
    Optional<Ping> ping(String instanceId) {
        return cloud
                .ssm()
                .describeInstanceInformationPaginator(request ->
                        request.filters(filter -> filter.key("InstanceIds").values(instanceId)))
                .instanceInformationList()
                .stream()
                .map(RoleReader::ping)
                .findFirst();
    }

    private static Association association(IamInstanceProfileAssociation association) {
        return new Association(
                association.associationId(),
                association.iamInstanceProfile().arn(),
                "associated".equals(association.stateAsString()),
                association.timestamp());
    }

    private static Profile profile(InstanceProfile profile) {
        return new Profile(
                profile.arn(),
                profile.instanceProfileName(),
                profile.roles().stream()
                        .map(role -> new LiveRole(role.roleName(), role.arn(), role.path()))
                        .findFirst());
    }

    private static Ping ping(InstanceInformation information) {
        return new Ping(
                "Online".equals(information.pingStatusAsString()), information.lastPingDateTime());
    }
}
