package dev.yagura.response.credentials;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.IamPrincipal;
import dev.yagura.response.aws.LiveInstance;
import dev.yagura.response.aws.PrincipalPolicies;
import dev.yagura.response.aws.RoleInstances;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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
                .filter(RoleInstances::isActive)
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

    /** What a role has: ARNs of managed policies, and names of policies inside it. */
    List<String> policies(String roleName) {
        return Stream.concat(attachedPolicies(roleName).stream(), inside(roleName).names().stream())
                .toList();
    }

    /** Ids of the region's instances that have the role. */
    List<String> instancesWith(String roleName) {
        return RoleInstances.of(cloud.iam(), cloud.ec2(), roleName);
    }

    /** The document of a policy inside a role; empty when there is none, or no such role. */
    Optional<String> policy(String roleName, String policyName) {
        return inside(roleName).document(policyName);
    }

    boolean roleExists(String roleName) {
        try {
            inside(roleName).names();
            return true;
        } catch (IamException e) {
            if (AwsErrors.isNoSuchEntity(e)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Sessions that came of the instance's, as CloudTrail tells; never fails: a containment does
     * not depend on it.
     *
     * @param step gets what was found so far, after each lookup
     */
    ChainedSessions chained(
            ActionTarget target,
            String roleName,
            Clock clock,
            TrailSearch.Patience patience,
            Consumer<ChainedSessions> step) {
        Scope scope = target.getScope();
        String sessionArn =
                "arn:%s:sts::%s:assumed-role/%s/%s"
                        .formatted(
                                scope.getPartition(),
                                scope.getAccountId(),
                                roleName,
                                target.getInstanceId());
        return new TrailSearch(cloud.trails(), clock, patience)
                .from(target.getInstanceId(), sessionArn, step);
    }

    private PrincipalPolicies inside(String roleName) {
        return new PrincipalPolicies(cloud.iam(), IamPrincipal.role(roleName));
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
