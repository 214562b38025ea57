package dev.yagura.sandbox.seed;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.lambda.LambdaFunction;
import dev.yagura.sandbox.ssm.Application;
import dev.yagura.sandbox.wire.JsonText;
import dev.yagura.sandbox.world.Timing;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The members of a seed file; the file itself says what they mean. */
public record Seed(
        String account,
        String partition,
        String region,
        String publicPool,
        long idSeed,
        Timing timing,
        List<UserSeed> users,
        List<RoleSeed> roles,
        List<ProfileSeed> instanceProfiles,
        List<KmsKeySeed> kmsKeys,
        List<VpcSeed> vpcs,
        List<AclSeed> networkAcls,
        List<SubnetSeed> subnets,
        List<PrefixListSeed> prefixLists,
        List<RouteTableSeed> routeTables,
        List<GroupSeed> securityGroups,
        List<EndpointSeed> vpcEndpoints,
        List<InterfaceSeed> interfaces,
        List<InstanceSeed> instances,
        List<NodeSeed> managedNodes,
        List<FlowSeed> flows,
        List<AutoScalingGroupSeed> autoScalingGroups,
        List<TargetGroupSeed> targetGroups,
        @Nullable List<BucketSeed> buckets,
        @Nullable List<String> topics,
        @Nullable List<String> eventBuses,
        @Nullable List<StateMachineSeed> stateMachines,
        @Nullable List<FunctionSeed> functions,
        @Nullable List<ContainerSeed> containers,
        @Nullable List<ClusterSeed> clusters,
        @Nullable OrganizationSeed organization,
        @Nullable SettingsSeed settings) {

    /**
     * What is set for the account as a whole.
     *
     * @param passwordLength of its password policy, which it does not have if that is left out
     */
    record SettingsSeed(
            boolean rootMfa, @Nullable Integer passwordLength, @Nullable Integer passwordReuse) {}

    /**
     * @param password whether the user can sign in to the console
     */
    record UserSeed(
            String name,
            String accessKeyId,
            String secretKey,
            @Nullable List<KeySeed> moreKeys,
            @Nullable Map<String, String> tags,
            boolean password,
            boolean mfa,
            List<String> allow,
            @Nullable List<String> deny) {}

    record KeySeed(String accessKeyId, String secretKey) {}

    /**
     * What there is beside the account and region of the seed.
     *
     * @param regions of the first account beside its own, and of all others that name none
     * @param instances in each region of each of them, where it names no number
     */
    record OrganizationSeed(List<String> regions, int instances, List<MemberAccount> accounts) {}

    /**
     * An account that the first manages.
     *
     * @param standing ACTIVE, DENYING, FAILING, SUSPENDED or LEFT
     */
    record MemberAccount(
            String id,
            String name,
            @Nullable List<String> regions,
            @Nullable Integer instances,
            @Nullable String standing) {}

    /**
     * @param account that it is in, if it is another one than the sandbox's
     * @param trustedUsers names, or ARNs of those of another account
     */
    record RoleSeed(
            String name,
            @Nullable String account,
            @Nullable String path,
            @Nullable List<String> awsManagedPolicies,
            @Nullable List<String> trustedUsers,
            @Nullable List<String> trustedRoles,
            @Nullable String trustedService,
            @Nullable String externalId,
            @Nullable Map<String, String> tags,
            List<String> allow,
            @Nullable List<String> deny) {}

    record ProfileSeed(String name, String role) {}

    record KmsKeySeed(String arn, boolean awsManaged) {}

    record VpcSeed(
            String id,
            String cidr,
            @Nullable String ipv6Cidr,
            boolean dnsSupport,
            boolean dnsHostnames,
            @Nullable Map<String, String> tags) {}

    record AclSeed(String id, String vpc, List<String> entries) {}

    record SubnetSeed(
            String id,
            String vpc,
            String zone,
            String zoneId,
            String cidr,
            @Nullable String ipv6Cidr,
            boolean mapPublicIp,
            String networkAcl,
            @Nullable Map<String, String> tags) {}

    record PrefixListSeed(String id, String name, List<String> entries) {}

    record RouteTableSeed(
            String id,
            String vpc,
            boolean main,
            List<String> subnets,
            List<RouteSeed> routes,
            @Nullable Map<String, String> tags) {}

    record RouteSeed(String to, String via) {}

    record GroupSeed(
            String id,
            String vpc,
            String name,
            String description,
            List<String> rules,
            @Nullable Map<String, String> tags) {}

    record EndpointSeed(
            String id,
            String vpc,
            String service,
            @Nullable List<String> groups,
            @Nullable List<InterfaceSeed> interfaces,
            @Nullable List<String> routeTables,
            @Nullable Map<String, String> tags) {}

    record InterfaceSeed(
            String id,
            String subnet,
            String address,
            @Nullable List<String> ipv6Addresses,
            @Nullable String publicAddress,
            @Nullable List<String> groups,
            @Nullable String type,
            @Nullable String requester,
            @Nullable String description) {}

    record InstanceSeed(
            String id,
            String reservation,
            String image,
            String type,
            String rootVolume,
            @Nullable String profile,
            @Nullable Map<String, String> tags,
            @Nullable List<VolumeSeed> volumes,
            List<InterfaceSeed> interfaces) {}

    /** Beside the root volume, which every instance has: 8 GiB of gp3, not encrypted. */
    record VolumeSeed(String id, String device, int size, String type, @Nullable String kmsKey) {}

    record NodeSeed(
            String instance,
            String endpoint,
            Duration keepalive,
            @Nullable Duration reopenEvery,
            @Nullable PatchSeed patches,
            @Nullable SoftwareSeed software) {}

    /**
     * What Patch Manager found.
     *
     * @param age how long before the sandbox started
     */
    record PatchSeed(int missing, int critical, int security, Duration age) {}

    /**
     * What the node's agent reported.
     *
     * @param age how long before the sandbox started
     */
    record SoftwareSeed(Duration age, List<Application> packages) {}

    record FlowSeed(
            String instance,
            String label,
            String direction,
            @JsonProperty("interface") @Nullable String networkInterface,
            String remote,
            int port,
            Duration keepalive,
            boolean persistent) {}

    record AutoScalingGroupSeed(String name, int min, int desired, int max) {}

    record TargetGroupSeed(
            String name, String protocol, int port, String vpc, String type, String loadBalancer) {}

    /** An S3 bucket; versioned ones give each object a version. */
    record BucketSeed(String name, boolean versioned) {}

    /** A state machine of Step Functions: how long each execution takes, and how it ends. */
    record StateMachineSeed(
            String name, @Nullable String type, Duration takes, @Nullable String error) {}

    /**
     * A Lambda function.
     *
     * @param code SHA-256 of what is not published, in base64; those of versions by their numbers
     * @param invoker service that its own policy names
     * @param url "NONE" or "AWS_IAM", where it has one
     */
    record FunctionSeed(
            String name,
            String role,
            Duration timeout,
            LambdaFunction.Behaviour behaviour,
            String code,
            @Nullable Integer reserved,
            @Nullable Map<String, String> versions,
            @Nullable Map<String, String> aliases,
            @Nullable List<String> eventSources,
            @Nullable String invoker,
            @Nullable String url,
            LambdaFunction.@Nullable Network network,
            @Nullable Map<String, String> tags) {}

    /**
     * Tasks of ECS that have one definition.
     *
     * @param executionRole by which ECS pulls their image
     * @param roleOverride role of the one task of no service, instead of the definition's
     * @param service that starts them; null for one task of no service
     * @param instance that they run on, where that is not Fargate
     * @param subnet of their network interface
     */
    record ContainerSeed(
            String definition,
            String role,
            @Nullable String executionRole,
            @Nullable String roleOverride,
            String launchType,
            @Nullable String service,
            @Nullable Integer desired,
            @Nullable String instance,
            @Nullable String subnet,
            @Nullable Map<String, String> tags) {}

    /**
     * A cluster of EKS.
     *
     * @param objects as manifests have them
     */
    record ClusterSeed(
            String name,
            List<AccessSeed> access,
            @Nullable List<PodIdentitySeed> podIdentities,
            List<ObjectNode> objects) {}

    /** Who may enter: a user or a role. */
    record AccessSeed(@Nullable String user, @Nullable String role, List<String> groups) {}

    record PodIdentitySeed(String namespace, String serviceAccount, String role) {}

    /** The seed that comes with the sandbox. */
    public static Seed standard() {
        try (InputStream resource =
                Seed.class.getResourceAsStream("/dev/yagura/sandbox/seed.yaml")) {
            if (resource == null) {
                throw new IllegalStateException("seed.yaml is not on the class path");
            }
            return parse(yaml().load(resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A seed of one's own.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is not a seed
     */
    public static Seed read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            return parse(yaml().load(reader));
        }
    }

    private static Yaml yaml() {
        return new Yaml(new SafeConstructor(new LoaderOptions()));
    }

    private static Seed parse(Object tree) {
        try {
            return JsonText.mapper().treeToValue(JsonText.mapper().valueToTree(tree), Seed.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a seed: " + e.getOriginalMessage(), e);
        }
    }
}
