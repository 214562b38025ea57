package dev.yagura.sandbox.seed;

import dev.yagura.sandbox.cloud.Cloud;
import dev.yagura.sandbox.cloud.Surroundings;
import dev.yagura.sandbox.container.Containers;
import dev.yagura.sandbox.flow.Connection;
import dev.yagura.sandbox.flow.FlowSpec;
import dev.yagura.sandbox.identity.AccessKey;
import dev.yagura.sandbox.identity.AccountSettings;
import dev.yagura.sandbox.identity.InstanceProfile;
import dev.yagura.sandbox.identity.PasswordRules;
import dev.yagura.sandbox.identity.Policy;
import dev.yagura.sandbox.identity.Role;
import dev.yagura.sandbox.identity.User;
import dev.yagura.sandbox.kubernetes.EksCluster;
import dev.yagura.sandbox.lambda.LambdaFunction;
import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.scaling.TargetGroup;
import dev.yagura.sandbox.seed.Seed.AutoScalingGroupSeed;
import dev.yagura.sandbox.seed.Seed.ContainerSeed;
import dev.yagura.sandbox.seed.Seed.FlowSeed;
import dev.yagura.sandbox.seed.Seed.FunctionSeed;
import dev.yagura.sandbox.seed.Seed.KeySeed;
import dev.yagura.sandbox.seed.Seed.NodeSeed;
import dev.yagura.sandbox.seed.Seed.PatchSeed;
import dev.yagura.sandbox.seed.Seed.ProfileSeed;
import dev.yagura.sandbox.seed.Seed.RoleSeed;
import dev.yagura.sandbox.seed.Seed.SettingsSeed;
import dev.yagura.sandbox.seed.Seed.SoftwareSeed;
import dev.yagura.sandbox.seed.Seed.TargetGroupSeed;
import dev.yagura.sandbox.seed.Seed.UserSeed;
import dev.yagura.sandbox.shell.Scripts;
import dev.yagura.sandbox.ssm.PatchState;
import dev.yagura.sandbox.ssm.Software;
import dev.yagura.sandbox.world.Account;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.Limits;
import dev.yagura.sandbox.world.ResourceIds;
import dev.yagura.sandbox.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes a cloud of a seed: identities, resources, then what runs on them. */
public final class Planting {
    /** Between an action and the only resource that it is allowed on. */
    private static final String ON = " on ";

    private static final String USER = "user/";
    private static final String FOREIGN_USER = USER + "arn:";
    private static final int HTTPS = 443;
    private static final Duration LONGEST_SESSION = Duration.ofHours(1);

    private final Seed seed;
    private final DocumentFolder documents;
    private final Cloud cloud;
    private final Instant now;
    private final String salt;

    /**
     * @param salt of ids that are made of names, which several accounts have
     */
    private Planting(Seed seed, DocumentFolder documents, Cloud cloud, String salt) {
        this.salt = salt;
        this.seed = seed;
        this.documents = documents;
        this.cloud = cloud;
        this.now = cloud.clock().instant();
    }

    /**
     * A cloud that has what the seed says.
     *
     * @param scripts what runs scripts on this machine; null if none may run
     * @param surroundings what it shares; its users and roles are added to that directory
     * @throws IllegalArgumentException or IllegalStateException if the seed contradicts itself
     */
    public static Cloud grow(
            Seed seed,
            DocumentFolder documents,
            @Nullable Scripts scripts,
            Surroundings surroundings) {
        Account account = new Account(seed.account(), seed.region(), seed.partition());
        World world =
                new World(
                        account,
                        Limits.AWS_DEFAULTS,
                        seed.timing(),
                        new ResourceIds(seed.idSeed()));
        Cloud cloud = new Cloud(world, Cidr.parse(seed.publicPool()), scripts, surroundings);
        Planting planting =
                new Planting(
                        seed,
                        documents,
                        cloud,
                        surroundings.organization().isManagement(account.id()) ? "" : account.id());
        planting.identities();
        ResourcePlanting.plant(seed, world, planting.now);
        planting.programs();
        planting.groups();
        orEmpty(seed.buckets())
                .forEach(bucket ->
                        cloud.buckets().add(bucket.name(), bucket.versioned(), planting.now));
        planting.outside();
        orEmpty(seed.functions()).forEach(planting::function);
        orEmpty(seed.containers()).forEach(planting::containers);
        orEmpty(seed.clusters()).forEach(planting::cluster);
        planting.documents.plant(cloud.documents(), planting.now);
        cloud.recorder().notice(planting.now);
        return cloud;
    }

    private void outside() {
        orEmpty(seed.topics()).forEach(cloud.channels()::addTopic);
        orEmpty(seed.eventBuses()).forEach(cloud.channels()::addBus);
        orEmpty(seed.stateMachines())
                .forEach(machine ->
                        cloud.stateMachines()
                                .add(
                                        machine.name(),
                                        machine.type() == null ? "STANDARD" : machine.type(),
                                        machine.takes(),
                                        machine.error() == null ? "" : machine.error()));
    }

    private void identities() {
        Account account = cloud.world().account();
        AccountSettings settings = cloud.directory().settings();
        for (UserSeed user : seed.users()) {
            cloud.directory()
                    .add(
                            new User(
                                    user.name(),
                                    "AIDA" + uniqueId(user.name()),
                                    account.globalArn("iam", "user/" + user.name()),
                                    policy(user.allow(), user.deny()),
                                    user.tags() == null ? Map.of() : user.tags(),
                                    now,
                                    keys(user)));
            settings.setSignIn(
                    user.name(), new AccountSettings.SignIn(user.password(), user.mfa()));
        }
        if (seed.settings() != null) {
            settle(settings, seed.settings());
        }
        for (RoleSeed role : seed.roles()) {
            cloud.directory().add(role(role, account));
        }
        for (ProfileSeed profile : seed.instanceProfiles()) {
            cloud.directory()
                    .add(
                            new InstanceProfile(
                                    profile.name(),
                                    "AIPA" + uniqueId(profile.name()),
                                    account.globalArn("iam", "instance-profile/" + profile.name()),
                                    profile.role(),
                                    now));
        }
    }

    private static void settle(AccountSettings settings, SettingsSeed seed) {
        settings.setRoot(new AccountSettings.Root(true, seed.rootMfa(), false));
        if (seed.passwordLength() != null) {
            settings.setPasswordRules(
                    new PasswordRules(
                            seed.passwordLength(),
                            seed.passwordReuse() == null ? 0 : seed.passwordReuse()));
        }
    }

    private List<AccessKey> keys(UserSeed user) {
        return Stream.concat(
                        Stream.of(new KeySeed(user.accessKeyId(), user.secretKey())),
                        orEmpty(user.moreKeys()).stream())
                .map(key -> new AccessKey(key.accessKeyId(), key.secretKey(), now))
                .toList();
    }

    private Role role(RoleSeed role, Account account) {
        List<String> trusted =
                Stream.concat(
                                orEmpty(role.trustedUsers()).stream().map(name -> USER + name),
                                orEmpty(role.trustedRoles()).stream().map(name -> "role/" + name))
                        .map(principal ->
                                principal.startsWith(FOREIGN_USER)
                                        ? principal.substring(USER.length())
                                        : account.globalArn("iam", principal))
                        .toList();
        String path = role.path() == null ? "/" : role.path();
        Account home =
                role.account() == null
                        ? account
                        : new Account(role.account(), account.region(), account.partition());
        return new Role(
                role.name(),
                "AROA" + uniqueId(role.name()),
                home.globalArn("iam", "role" + path + role.name()),
                path,
                attached(role, account),
                trusted,
                role.trustedService(),
                role.externalId(),
                LONGEST_SESSION,
                policy(role.allow(), role.deny()),
                role.tags() == null ? Map.of() : role.tags(),
                now);
    }

    /** What a role may do comes from AWS's policies, or else from one of the account's own. */
    private static List<String> attached(RoleSeed role, Account account) {
        return role.awsManagedPolicies() == null
                ? List.of(account.globalArn("iam", "policy/" + role.name()))
                : role.awsManagedPolicies().stream()
                        .map(name ->
                                "arn:%s:iam::aws:policy/%s".formatted(account.partition(), name))
                        .toList();
    }

    private static Policy policy(List<String> allow, @Nullable List<String> deny) {
        List<Policy.Statement> statements = new ArrayList<>();
        allow.forEach(text -> statements.add(allowed(text)));
        if (orEmpty(deny).stream().anyMatch(text -> text.contains(ON))) {
            throw new IllegalArgumentException("deny names actions only: " + deny);
        }
        statements.add(new Policy.Statement(false, orEmpty(deny), Policy.Statement.EVERY_RESOURCE));
        return new Policy(statements);
    }

    /** {@code ACTION}, or {@code ACTION on ARN}. */
    private static Policy.Statement allowed(String text) {
        int on = text.indexOf(ON);
        String action = on < 0 ? text : text.substring(0, on);
        String resource =
                on < 0 ? Policy.Statement.EVERY_RESOURCE : text.substring(on + ON.length());
        return new Policy.Statement(true, List.of(action), resource);
    }

    /** Seventeen characters as in AWS's unique ids, the same for the same name and account. */
    private String uniqueId(String name) {
        String digits = Long.toString(Integer.toUnsignedLong((salt + name).hashCode()), 32);
        return "SANDBOX" + "0".repeat(10 - digits.length()) + digits.toUpperCase(Locale.ROOT);
    }

    private void programs() {
        for (NodeSeed node : seed.managedNodes()) {
            Instance instance = cloud.connections().instance(node.instance());
            Connection channel =
                    cloud.connections()
                            .outbound(
                                    instance,
                                    null,
                                    IpProtocol.TCP,
                                    "endpoint:" + node.endpoint(),
                                    HTTPS,
                                    null);
            FlowSpec spec =
                    new FlowSpec(
                            "amazon-ssm-agent",
                            channel,
                            node.keepalive(),
                            true,
                            node.reopenEvery());
            cloud.nodes().register(instance.id(), spec, now);
            PatchSeed patches = node.patches();
            if (patches != null) {
                cloud.nodes()
                        .patched(
                                instance.id(),
                                new PatchState(
                                        patches.missing(),
                                        0,
                                        0,
                                        patches.critical(),
                                        patches.security(),
                                        now.minus(patches.age())));
            }
            SoftwareSeed software = node.software();
            if (software != null) {
                cloud.nodes()
                        .reported(
                                instance.id(),
                                new Software(software.packages(), now.minus(software.age())));
            }
        }
        for (FlowSeed flow : seed.flows()) {
            FlowSpec spec =
                    new FlowSpec(
                            flow.label(),
                            connection(flow),
                            flow.keepalive(),
                            flow.persistent(),
                            null);
            boolean allowed = cloud.flows().open(spec, now).verdict().allowed();
            if (!allowed) {
                throw new IllegalStateException("the seed's own rules block " + flow);
            }
        }
    }

    private Connection connection(FlowSeed flow) {
        Instance instance = cloud.connections().instance(flow.instance());
        return switch (flow.direction()) {
            case "outbound" ->
                    cloud.connections()
                            .outbound(
                                    instance,
                                    flow.networkInterface(),
                                    IpProtocol.TCP,
                                    flow.remote(),
                                    flow.port(),
                                    null);
            case "inbound" ->
                    cloud.connections()
                            .inbound(
                                    instance,
                                    flow.networkInterface(),
                                    IpProtocol.TCP,
                                    flow.remote(),
                                    flow.port(),
                                    null);
            default -> throw new IllegalArgumentException("not a direction: " + flow.direction());
        };
    }

    private void groups() {
        for (AutoScalingGroupSeed group : seed.autoScalingGroups()) {
            String subnet = cloud.world().subnets().all().iterator().next().id();
            cloud.groups()
                    .put(
                            cloud.groups()
                                    .make(group.name(), subnet)
                                    .resized(group.min(), group.desired(), group.max()));
        }
        Account account = cloud.world().account();
        for (TargetGroupSeed group : seed.targetGroups()) {
            String arn =
                    account.arn(
                            "elasticloadbalancing",
                            "targetgroup/%s/%016x".formatted(group.name(), seed.idSeed()));
            cloud.groups()
                    .add(
                            new TargetGroup(
                                    group.name(),
                                    arn,
                                    group.protocol(),
                                    group.port(),
                                    group.vpc(),
                                    group.type(),
                                    account.arn(
                                            "elasticloadbalancing",
                                            "loadbalancer/" + group.loadBalancer())));
        }
    }

    private void cluster(Seed.ClusterSeed cluster) {
        Account account = cloud.world().account();
        Map<String, List<String>> access = new HashMap<>();
        for (Seed.AccessSeed each : cluster.access()) {
            access.put(
                    account.globalArn(
                            "iam",
                            each.user() == null ? "role/" + each.role() : "user/" + each.user()),
                    each.groups());
        }
        List<EksCluster.PodIdentity> identities =
                orEmpty(cluster.podIdentities()).stream()
                        .map(each ->
                                new EksCluster.PodIdentity(
                                        "a-" + uniqueId(each.role()).toLowerCase(Locale.ROOT),
                                        each.namespace(),
                                        each.serviceAccount(),
                                        account.globalArn("iam", "role/" + each.role())))
                        .toList();
        EksCluster grown = new EksCluster(cluster.name(), access, identities, cloud.clock());
        grown.plant(cluster.objects());
        cloud.clusters().add(grown);
    }

    private void function(FunctionSeed function) {
        cloud.functions()
                .add(
                        new LambdaFunction(
                                function.name(),
                                cloud.directory().role(function.role()).orElseThrow().arn(),
                                function.code(),
                                function.reserved(),
                                new LambdaFunction.Settings(
                                        function.timeout(),
                                        function.behaviour(),
                                        orEmpty(function.versions()),
                                        orEmpty(function.aliases()),
                                        orEmpty(function.eventSources()),
                                        function.invoker(),
                                        function.url(),
                                        function.network(),
                                        orEmpty(function.tags())),
                                now));
    }

    private void containers(ContainerSeed tasks) {
        cloud.registry()
                .push(
                        Containers.REPOSITORY,
                        Containers.DIGEST,
                        Containers.TAG,
                        cloud.clock().instant());
        cloud.containers()
                .define(
                        tasks.definition(),
                        new Containers.Roles(tasks.role(), tasks.executionRole()));
        cloud.containers()
                .place(tasks.definition(), new Containers.Place(tasks.instance(), tasks.subnet()));
        if (tasks.service() == null) {
            cloud.containers()
                    .addTask(
                            tasks.definition(),
                            tasks.launchType(),
                            orEmpty(tasks.tags()),
                            tasks.roleOverride());
        } else {
            cloud.containers()
                    .addService(
                            tasks.service(),
                            tasks.definition(),
                            tasks.launchType(),
                            tasks.desired() == null ? 1 : tasks.desired());
        }
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }

    static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
