package dev.yagura.sandbox.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.identity.Directory;
import dev.yagura.sandbox.identity.InstanceProfile;
import dev.yagura.sandbox.identity.Role;
import dev.yagura.sandbox.scaling.AutoScalingGroup;
import dev.yagura.sandbox.scaling.Groups;
import dev.yagura.sandbox.scaling.Membership;
import dev.yagura.sandbox.scaling.TargetGroup;
import dev.yagura.sandbox.storage.BucketAccess;
import dev.yagura.sandbox.storage.Buckets;
import dev.yagura.sandbox.world.Account;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Roles, buckets, Auto Scaling groups and load balancers. */
final class AccountSubjects {
    private final Account account;
    private final Directory directory;
    private final Buckets buckets;
    private final Groups groups;

    AccountSubjects(Account account, Directory directory, Buckets buckets, Groups groups) {
        this.account = account;
        this.directory = directory;
        this.buckets = buckets;
        this.groups = groups;
    }

    Stream<Subject> all() {
        List<Membership> members = groups.memberships();
        return Stream.<Stream<? extends Subject>>of(
                        directory.roles().stream()
                                .map(role ->
                                        new RoleSubject(role, directory.profilesOf(role.name()))),
                        buckets.access().entrySet().stream()
                                .map(each -> new BucketSubject(each.getKey(), each.getValue())),
                        groups.autoScalingGroups().stream()
                                .map(group ->
                                        new ScalingGroupSubject(
                                                group.arn(account),
                                                group,
                                                members.stream()
                                                        .filter(each ->
                                                                each.groupName()
                                                                        .equals(group.name()))
                                                        .toList(),
                                                group.targetGroups().stream()
                                                        .flatMap(name ->
                                                                groups.targetGroup(name).stream())
                                                        .map(TargetGroup::arn)
                                                        .toList())),
                        groups.targetGroups().stream().map(LoadBalancerSubject::of).distinct())
                .flatMap(Function.identity());
    }

    private record RoleSubject(Role role, List<InstanceProfile> profiles) implements Subject {
        @Override
        public ResourceKey key() {
            return new ResourceKey(ResourceTypes.ROLE, role.id());
        }

        @Override
        public Description describe(Account account) {
            ObjectNode into = Json.object();
            into.put("path", role.path())
                    .put("roleName", role.name())
                    .put("roleId", role.id())
                    .put("arn", role.arn())
                    .put("createDate", role.createdAt().toString())
                    .put("assumeRolePolicyDocument", URLEncoder.encode(role.trustPolicy(), UTF_8));
            ArrayNode list = into.putArray("instanceProfileList");
            profiles.forEach(profile ->
                    list.addObject()
                            .put("instanceProfileName", profile.name())
                            .put("instanceProfileId", profile.id())
                            .put("arn", profile.arn()));
            ArrayNode attached = into.putArray("attachedManagedPolicies");
            role.attachedPolicies()
                    .forEach(arn ->
                            attached.addObject()
                                    .put("policyName", arn.substring(arn.lastIndexOf('/') + 1))
                                    .put("policyArn", arn));
            Json.tags(into, "tags", role.tags());
            return new Description(
                    role.name(),
                    role.arn(),
                    "global",
                    "Not Applicable",
                    role.createdAt(),
                    role.tags(),
                    List.of(),
                    into);
        }
    }

    private record BucketSubject(String name, BucketAccess access) implements Subject {
        /** AWS Config tells it as a text. Every new bucket has one like this. */
        private static final String OWNERS_LIST =
                "{\"grantSet\":null,\"grantList\":[{\"grantee\":{\"id\":\"owner\",\"displayName\":null},"
                        + "\"permission\":\"FullControl\"}],\"owner\":{\"displayName\":null,\"id\":\"owner\"},"
                        + "\"isRequesterCharged\":false}";

        @Override
        public ResourceKey key() {
            return new ResourceKey(ResourceTypes.BUCKET, name);
        }

        @Override
        public Description describe(Account account) {
            return new Description(
                    name,
                    "arn:%s:s3:::%s".formatted(account.partition(), name),
                    account.region(),
                    "Regional",
                    null,
                    Map.of(),
                    List.of(),
                    Json.object().put("name", name),
                    supplementary());
        }

        private ObjectNode supplementary() {
            ObjectNode into = Json.object();
            into.putObject("PublicAccessBlockConfiguration")
                    .put("blockPublicAcls", access.blocked())
                    .put("ignorePublicAcls", access.blocked())
                    .put("blockPublicPolicy", access.blocked())
                    .put("restrictPublicBuckets", access.blocked());
            into.putObject("BucketPolicy").put("policyText", access.policy());
            into.put("AccessControlList", OWNERS_LIST);
            return into;
        }
    }

    private record ScalingGroupSubject(
            String arn,
            AutoScalingGroup group,
            List<Membership> members,
            List<String> targetGroupArns)
            implements Subject {
        /** AWS Config takes the ARN of a group for its id. */
        @Override
        public ResourceKey key() {
            return new ResourceKey(ResourceTypes.AUTO_SCALING_GROUP, arn);
        }

        @Override
        public Description describe(Account account) {
            ObjectNode into = Json.object();
            into.put("autoScalingGroupName", group.name())
                    .put("autoScalingGroupARN", arn)
                    .put("createdTime", group.made().at().toString())
                    .put("vpczoneIdentifier", String.join(",", group.made().subnets()))
                    .put("minSize", group.min())
                    .put("maxSize", group.max())
                    .put("desiredCapacity", group.desired());
            ArrayNode targets = into.putArray("targetGroupARNs");
            targetGroupArns.forEach(targets::add);
            ArrayNode suspended = into.putArray("suspendedProcesses");
            group.suspended().stream()
                    .sorted()
                    .forEach(process -> suspended.addObject().put("processName", process));
            ArrayNode list = into.putArray("instances");
            members.forEach(member ->
                    list.addObject()
                            .put("instanceId", member.instanceId())
                            .put("instanceType", member.instanceType())
                            .put("availabilityZone", member.availabilityZone())
                            .put("lifecycleState", member.lifecycleState())
                            .put("healthStatus", member.healthStatus())
                            .put("protectedFromScaleIn", member.protectedFromScaleIn()));
            return new Description(
                    group.name(),
                    arn,
                    account.region(),
                    "Multiple Availability Zones",
                    group.made().at(),
                    group.tags(),
                    Stream.concat(
                                    members.stream()
                                            .map(member ->
                                                    Relationship.of(
                                                            "Contains Instance",
                                                            ResourceTypes.INSTANCE,
                                                            member.instanceId())),
                                    group.made().subnets().stream()
                                            .map(subnet ->
                                                    Relationship.of(
                                                            "Is associated with Subnet",
                                                            ResourceTypes.SUBNET,
                                                            subnet)))
                            .toList(),
                    into);
        }
    }

    /**
     * The load balancer of a target group, of which it is known only through it.
     *
     * @param name as its ARN has it
     */
    private record LoadBalancerSubject(String arn, String name, String vpcId) implements Subject {
        static LoadBalancerSubject of(TargetGroup group) {
            String[] parts = group.loadBalancerArn().split("/", -1);
            return new LoadBalancerSubject(
                    group.loadBalancerArn(), parts[parts.length - 2], group.vpcId());
        }

        /** AWS Config takes the ARN of a load balancer for its id. */
        @Override
        public ResourceKey key() {
            return new ResourceKey(ResourceTypes.LOAD_BALANCER, arn);
        }

        @Override
        public Description describe(Account account) {
            return new Description(
                    name,
                    arn,
                    account.region(),
                    "Multiple Availability Zones",
                    null,
                    Map.of(),
                    List.of(ResourceTypes.containedInVpc(vpcId)),
                    Json.object()
                            .put("loadBalancerArn", arn)
                            .put("loadBalancerName", name)
                            .put("vpcId", vpcId));
        }
    }
}
