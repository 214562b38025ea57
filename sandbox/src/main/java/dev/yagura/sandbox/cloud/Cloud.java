package dev.yagura.sandbox.cloud;

import dev.yagura.sandbox.backup.BackupApi;
import dev.yagura.sandbox.backup.RecoveryPoints;
import dev.yagura.sandbox.config.Aggregator;
import dev.yagura.sandbox.config.ConfigApi;
import dev.yagura.sandbox.config.Recorder;
import dev.yagura.sandbox.container.Containers;
import dev.yagura.sandbox.container.EcsApi;
import dev.yagura.sandbox.container.Registry;
import dev.yagura.sandbox.container.RegistryApi;
import dev.yagura.sandbox.document.Documents;
import dev.yagura.sandbox.ec2.Ec2Api;
import dev.yagura.sandbox.flow.FlowTable;
import dev.yagura.sandbox.flow.PathEvaluator;
import dev.yagura.sandbox.guardduty.GuardDuty;
import dev.yagura.sandbox.guardduty.GuardDutyApi;
import dev.yagura.sandbox.identity.Directory;
import dev.yagura.sandbox.identity.IamApi;
import dev.yagura.sandbox.identity.StsApi;
import dev.yagura.sandbox.kms.KmsApi;
import dev.yagura.sandbox.kubernetes.Clusters;
import dev.yagura.sandbox.kubernetes.EksApi;
import dev.yagura.sandbox.lambda.Functions;
import dev.yagura.sandbox.lambda.LambdaApi;
import dev.yagura.sandbox.messaging.Channels;
import dev.yagura.sandbox.messaging.EventBusApi;
import dev.yagura.sandbox.messaging.QueueApi;
import dev.yagura.sandbox.messaging.Queues;
import dev.yagura.sandbox.messaging.TopicApi;
import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.organization.Member;
import dev.yagura.sandbox.organization.Organization;
import dev.yagura.sandbox.organization.OrganizationsApi;
import dev.yagura.sandbox.resolver.ResolverApi;
import dev.yagura.sandbox.scaling.AutoScalingApi;
import dev.yagura.sandbox.scaling.Groups;
import dev.yagura.sandbox.scaling.LoadBalancingApi;
import dev.yagura.sandbox.securityhub.SecurityHub;
import dev.yagura.sandbox.securityhub.SecurityHubApi;
import dev.yagura.sandbox.shell.Scripts;
import dev.yagura.sandbox.shell.Shells;
import dev.yagura.sandbox.ssm.ManagedNodes;
import dev.yagura.sandbox.ssm.RunCommand;
import dev.yagura.sandbox.ssm.SsmApi;
import dev.yagura.sandbox.storage.AccountStorageApi;
import dev.yagura.sandbox.storage.Buckets;
import dev.yagura.sandbox.storage.StorageApi;
import dev.yagura.sandbox.trail.Trail;
import dev.yagura.sandbox.trail.TrailApi;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.workflow.StateMachineApi;
import dev.yagura.sandbox.workflow.StateMachines;
import dev.yagura.sandbox.world.InstancePower;
import dev.yagura.sandbox.world.SimulatedClock;
import dev.yagura.sandbox.world.World;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything of one account and region. Not safe for use by several threads at once. */
public final class Cloud {
    private final World world;
    private final SimulatedClock clock;
    private final FlowTable flows;
    private final PathEvaluator paths;
    private final Connections connections;
    private final InstancePower power;
    private final ManagedNodes nodes;
    private final Documents documents;
    private final RunCommand runCommand;
    private final Groups groups;
    private final Directory directory;
    private final Buckets buckets = new Buckets();
    private final Channels channels;
    private final Queues queues;
    private final StateMachines stateMachines;
    private final Functions functions;
    private final Containers containers;
    private final Registry registry;
    private final SecurityHub securityHub;
    private final GuardDuty guardDuty;
    private final RecoveryPoints recoveryPoints;
    private final Recorder recorder;
    private final Aggregator aggregator;
    private final Clusters clusters;
    private final List<Api> apis;
    private final Organization organization;
    private Instant settledAt;

    /**
     * @param scripts what runs scripts on this machine; null if none may run
     */
    public Cloud(
            World world, Cidr publicPool, @Nullable Scripts scripts, Surroundings surroundings) {
        this.organization = surroundings.organization();
        this.world = world;
        this.clock = surroundings.clock();
        this.flows = new FlowTable(world);
        this.paths = new PathEvaluator(world);
        this.connections = new Connections(world);
        this.power = new InstancePower(world, publicPool);
        this.nodes = new ManagedNodes(world, flows);
        this.documents = new Documents(world.account(), clock.instant());
        this.runCommand =
                new RunCommand(world, nodes, new Shells(world.account().region(), scripts));
        this.groups = new Groups(clock);
        this.directory = surroundings.directory();
        this.channels = new Channels(world.account());
        this.queues = new Queues(world.account());
        this.stateMachines = new StateMachines(world.account());
        this.functions = new Functions(world.account());
        this.containers = new Containers(world.account(), clock);
        this.registry = new Registry(world.account());
        this.securityHub = new SecurityHub(world.account());
        this.guardDuty = new GuardDuty(world.account(), clock.instant());
        this.recoveryPoints = new RecoveryPoints(world.account());
        this.recorder = new Recorder(world, directory, buckets, groups, clock.instant());
        this.aggregator = surroundings.aggregator();
        aggregator.join(recorder);
        Trail trail = new Trail(world.account().region(), clock, surroundings.wall());
        this.clusters = new Clusters(world.account());
        this.apis =
                List.of(
                        Ec2Api.of(world, directory, power, this::regions, clock),
                        StsApi.of(directory, organization::entered, trail),
                        OrganizationsApi.of(organization),
                        TrailApi.of(trail),
                        IamApi.of(directory, clock),
                        SsmApi.of(world, nodes, documents, runCommand, clock),
                        AutoScalingApi.of(world, groups, clock),
                        LoadBalancingApi.of(world, groups),
                        ResolverApi.of(world, clock),
                        StorageApi.of(world.account(), buckets, directory, clock),
                        AccountStorageApi.of(directory),
                        TopicApi.of(channels, clock),
                        EventBusApi.of(channels),
                        QueueApi.of(queues, clock),
                        StateMachineApi.of(stateMachines, clock),
                        LambdaApi.of(functions, directory),
                        EcsApi.of(containers, registry, clock),
                        RegistryApi.of(registry),
                        SecurityHubApi.of(securityHub),
                        GuardDutyApi.of(guardDuty),
                        BackupApi.of(recoveryPoints, world),
                        ConfigApi.of(recorder, aggregator, clock),
                        KmsApi.of(world),
                        EksApi.of(clusters));
        this.settledAt = clock.instant();
    }

    /** Of the account. */
    private List<String> regions() {
        return organization
                .member(world.account().id())
                .map(Member::regions)
                .orElseGet(() -> List.of(world.account().region()));
    }

    public World world() {
        return world;
    }

    public SimulatedClock clock() {
        return clock;
    }

    public FlowTable flows() {
        return flows;
    }

    public PathEvaluator paths() {
        return paths;
    }

    public Connections connections() {
        return connections;
    }

    public InstancePower power() {
        return power;
    }

    public ManagedNodes nodes() {
        return nodes;
    }

    public Documents documents() {
        return documents;
    }

    public RunCommand runCommand() {
        return runCommand;
    }

    public Groups groups() {
        return groups;
    }

    public Directory directory() {
        return directory;
    }

    public Buckets buckets() {
        return buckets;
    }

    public Channels channels() {
        return channels;
    }

    public Queues queues() {
        return queues;
    }

    public StateMachines stateMachines() {
        return stateMachines;
    }

    public Containers containers() {
        return containers;
    }

    /** ECR's. */
    public Registry registry() {
        return registry;
    }

    public Clusters clusters() {
        return clusters;
    }

    public SecurityHub securityHub() {
        return securityHub;
    }

    public GuardDuty guardDuty() {
        return guardDuty;
    }

    public RecoveryPoints recoveryPoints() {
        return recoveryPoints;
    }

    /** AWS Config's. */
    public Recorder recorder() {
        return recorder;
    }

    /** AWS Config's, of all accounts and regions. */
    public Aggregator aggregator() {
        return aggregator;
    }

    public Functions functions() {
        return functions;
    }

    public List<Api> apis() {
        return apis;
    }

    /** Brings everything up to the present: packets, instance states, commands, in time order. */
    public void settle() {
        Instant now = clock.instant();
        Optional<Instant> next = nextChange(now);
        while (next.isPresent()) {
            settle(next.get());
            power.settle(next.get());
            flows.afterChange(next.get());
            recorder.notice(next.get());
            next = nextChange(now);
        }
        settle(now);
        recorder.notice(now);
    }

    /** What a change of the world means for open connections and AWS Config; call it after one. */
    public void changed() {
        Instant now = clock.instant();
        flows.afterChange(now);
        recorder.notice(now);
    }

    private Optional<Instant> nextChange(Instant now) {
        return Stream.of(power.nextChange(), runCommand.nextChange(settledAt))
                .flatMap(Optional::stream)
                .filter(at -> !at.isAfter(now))
                .min(Instant::compareTo);
    }

    private void settle(Instant to) {
        world.detachEnded(to);
        flows.settle(to);
        nodes.settle();
        runCommand.settle(settledAt, to);
        settledAt = to;
    }
}
