package dev.yagura.sandbox.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.sandbox.flow.FlowView;
import dev.yagura.sandbox.front.JournalEntry;
import dev.yagura.sandbox.ssm.Application;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The control API for Java: tests of other modules, the demo. Instances are named by id or Name
 * tag. Every method throws {@link IllegalStateException} with the sandbox's own words if it
 * refuses.
 */
public final class SandboxClient implements AutoCloseable {
    private final ControlCalls calls;

    /**
     * @param endpoint the sandbox's address, for example {@code http://127.0.0.1:18500}
     */
    public SandboxClient(URI endpoint) {
        this(new ControlCalls(endpoint));
    }

    private SandboxClient(ControlCalls calls) {
        this.calls = calls;
    }

    /**
     * The same for another account and region than the first: its instances, recorder, faults and
     * journal. What is of the whole sandbox stays so; closing this one closes it.
     */
    public SandboxClient at(String account, String region) {
        return new SandboxClient(calls.at(account, region));
    }

    /** An account, whether it is there already or to be added. */
    public AccountClient account(String id) {
        return new AccountClient(calls, id);
    }

    /** Back to the seed. */
    public void reset() {
        call("POST", "reset", null);
    }

    /** Simulated time stands still until {@link #advance} or {@link #runClock}. */
    public void freezeClock() {
        call("PUT", "clock", new Requests.ClockMode(false));
    }

    public void runClock() {
        call("PUT", "clock", new Requests.ClockMode(true));
    }

    /** Moves simulated time on and returns what it is then. */
    public Instant advance(Duration by) {
        return Instant.parse(
                call("POST", "clock/advance", new Requests.Advance(by)).path("now").asText());
    }

    /** Connections of an instance, oldest first. */
    public List<FlowView> flows(String instance) {
        return ControlCalls.list(
                call("GET", "instances/" + instance + "/flows", null).path("flows"),
                FlowView[].class);
    }

    /** The instance opens a TCP connection that sends a packet each keepalive. */
    public Passage openOutbound(
            String instance, String label, String remote, int port, Duration keepalive) {
        return open(instance, "outbound", label, remote, port, keepalive);
    }

    /** Somebody opens a TCP connection to the instance. */
    public Passage openInbound(
            String instance, String label, String remote, int port, Duration keepalive) {
        return open(instance, "inbound", label, remote, port, keepalive);
    }

    /** A connection with every choice; names as in {@code POST instances/I/flows}. */
    public Passage openFlow(String instance, Map<String, ?> request) {
        return ControlCalls.read(
                call("POST", "instances/" + instance + "/flows", request), Passage.class);
    }

    /** Sends one packet. */
    public Passage sendPacket(String flowId) {
        return ControlCalls.read(call("POST", "flows/" + flowId + "/packets", null), Passage.class);
    }

    public FlowView flow(String flowId) {
        return ControlCalls.read(call("GET", "flows/" + flowId, null), FlowView.class);
    }

    /** Whether a new TCP connection between two places would pass, and why. */
    public ProbeView probe(String source, String destination, int port) {
        return ControlCalls.read(
                call("POST", "probes", new Requests.Probe(source, destination, "tcp", port)),
                ProbeView.class);
    }

    /** What each interface of an instance may send and receive. */
    public JsonNode effectiveRules(String instance) {
        return call("GET", "instances/" + instance + "/effective-rules", null)
                .path("networkInterfaces");
    }

    public void start(String instance) {
        call("POST", "instances/" + instance + "/start", null);
    }

    public void stop(String instance) {
        call("POST", "instances/" + instance + "/stop", null);
    }

    public void terminate(String instance) {
        call("POST", "instances/" + instance + "/terminate", null);
    }

    /** Stops or starts the instance's SSM agent. */
    public void setAgentRunning(String instance, boolean running) {
        call("POST", "instances/" + instance + "/agent", new Requests.Agent(running));
    }

    /** A scan of Patch Manager has found so many patches that are missing; the rest is in place. */
    public void setMissingPatches(
            String instance, int missing, int critical, int security, Duration age) {
        call(
                "PUT",
                "instances/" + instance + "/patches",
                new Requests.Patches(missing, 0, 0, critical, security, age));
    }

    /** Patch Manager has never scanned it. */
    public void forgetPatches(String instance) {
        call("DELETE", "instances/" + instance + "/patches", null);
    }

    /** Its SSM agent has reported just this, so long ago. */
    public void setSoftware(String instance, List<Application> packages, Duration age) {
        call("PUT", "instances/" + instance + "/software", new Requests.Installed(packages, age));
    }

    /** Its SSM agent has never reported what is installed. */
    public void forgetSoftware(String instance) {
        call("DELETE", "instances/" + instance + "/software", null);
    }

    /** Sizes of an Auto Scaling group, as if somebody had updated it. */
    public void resizeAutoScalingGroup(String group, int min, int desired, int max) {
        call(
                "PUT",
                "auto-scaling-groups/" + group,
                new Requests.ChangeAutoScalingGroup(min, max, desired, null, null, null));
    }

    /** Suspends exactly these processes of an Auto Scaling group. */
    public void suspendProcesses(String group, List<String> processes) {
        call(
                "PUT",
                "auto-scaling-groups/" + group,
                new Requests.ChangeAutoScalingGroup(null, null, null, processes, null, null));
    }

    /** Attaches exactly these target groups to an Auto Scaling group; registers nobody. */
    public void attachTargetGroups(String group, List<String> targetGroups) {
        call(
                "PUT",
                "auto-scaling-groups/" + group,
                new Requests.ChangeAutoScalingGroup(null, null, null, null, targetGroups, null));
    }

    /** Makes it a Spot Instance, or an ordinary one. */
    public void setSpot(String instance, boolean spot) {
        call("PUT", "instances/" + instance + "/market", new Requests.Market(spot, false));
    }

    /** Makes it a Spot Instance of a persistent request, which can be stopped. */
    public void setPersistentSpot(String instance) {
        call("PUT", "instances/" + instance + "/market", new Requests.Market(true, true));
    }

    /** Makes it one of another type, for example {@code m6id.large}, which has instance store. */
    public void setType(String instance, String type) {
        call("PUT", "instances/" + instance + "/type", new Requests.OfType(type));
    }

    /** New keys as a program on the instance, or whoever controls it, gets them. */
    public CredentialsView takeCredentials(String instance) {
        return ControlCalls.read(
                call("POST", "instances/" + instance + "/credentials", null),
                CredentialsView.class);
    }

    public void joinAutoScalingGroup(String instance, String group) {
        call(
                "PUT",
                "instances/" + instance + "/auto-scaling-group",
                new Requests.JoinAutoScalingGroup(group, null, null, false));
    }

    /** With a state of its own: "Standby", "Terminating:Wait". */
    public void joinAutoScalingGroup(String instance, String group, String lifecycleState) {
        call(
                "PUT",
                "instances/" + instance + "/auto-scaling-group",
                new Requests.JoinAutoScalingGroup(group, lifecycleState, null, false));
    }

    public void leaveAutoScalingGroup(String instance) {
        call("DELETE", "instances/" + instance + "/auto-scaling-group", null);
    }

    public void registerTarget(String instance, String targetGroup) {
        call(
                "PUT",
                "instances/" + instance + "/target-groups/" + targetGroup,
                new Requests.RegisterTarget(null, null));
    }

    /** On a port of its own. */
    public void registerTarget(String instance, String targetGroup, int port) {
        call(
                "PUT",
                "instances/" + instance + "/target-groups/" + targetGroup,
                new Requests.RegisterTarget(port, null));
    }

    public void deregisterTarget(String instance, String targetGroup) {
        call("DELETE", "instances/" + instance + "/target-groups/" + targetGroup, null);
    }

    /** A snapshot that is pending is complete after a while from now. */
    public void completeSnapshotIn(String snapshotId, Duration duration) {
        change(snapshotId, new Requests.ChangeSnapshot(duration, null, null, null));
    }

    /** A snapshot that is pending fails at once, with EC2's message. */
    public void failSnapshot(String snapshotId, String message) {
        change(snapshotId, new Requests.ChangeSnapshot(Duration.ZERO, message, null, null));
    }

    /** Locks a snapshot, so that nobody can delete it, or unlocks it. */
    public void lockSnapshot(String snapshotId, boolean locked) {
        change(snapshotId, new Requests.ChangeSnapshot(null, null, locked, null));
    }

    /** An AMI needs the snapshot from now on. */
    public void registerImage(String snapshotId, String imageId) {
        change(snapshotId, new Requests.ChangeSnapshot(null, null, null, imageId));
    }

    private void change(String snapshotId, Requests.ChangeSnapshot change) {
        call("PUT", "snapshots/" + snapshotId, change);
    }

    /**
     * A snapshot is a recovery point of AWS Backup from now on, or another one.
     *
     * @param status COMPLETED, EXPIRED, …
     * @param storageClass WARM or COLD
     */
    public void keepAsRecoveryPoint(
            String snapshotId, String vault, String status, String storageClass) {
        call(
                "PUT",
                "snapshots/" + snapshotId + "/recovery-point",
                new Requests.KeepSnapshot(vault, status, storageClass));
    }

    /** New code of a Lambda function, as if somebody had updated it: SHA-256 in base64. */
    public void changeCode(String function, String sha256) {
        call("PUT", "functions/" + function, new Requests.ChangeFunction(sha256, null, null));
    }

    /** Another role of a Lambda function, by its name. */
    public void changeRole(String function, String role) {
        call("PUT", "functions/" + function, new Requests.ChangeFunction(null, role, null));
    }

    /** Provisioned concurrency of a Lambda function. */
    public void provision(String function, int concurrency) {
        call("PUT", "functions/" + function, new Requests.ChangeFunction(null, null, concurrency));
    }

    public void deleteFunction(String function) {
        call("DELETE", "functions/" + function, null);
    }

    /** How often a Lambda function has run. */
    public int invocations(String function) {
        return call("GET", "functions/" + function, null).path("invocations").asInt();
    }

    /** New keys as the code of a Lambda function gets them. */
    public CredentialsView takeFunctionCredentials(String function) {
        return ControlCalls.read(
                call("POST", "functions/" + function + "/credentials", null),
                CredentialsView.class);
    }

    /** New keys of a role as a task of ECS gets them. */
    public CredentialsView takeRoleCredentials(String role) {
        return ControlCalls.read(
                call("POST", "roles/" + role + "/credentials", null), CredentialsView.class);
    }

    /** With the policies inside it; its sessions are nobody's from then on. */
    public void deleteRole(String role) {
        call("DELETE", "roles/" + role, null);
    }

    /** Security Hub of the account; its findings go when it is disabled. */
    public void changeGuardDuty(String status) {
        call("PUT", "guardduty", new Requests.ChangeGuardDuty(status, null));
    }

    /** Names as {@code PUT guardduty} takes them. */
    public void turnGuardDutyFeature(String feature, boolean on) {
        call("PUT", "guardduty", new Requests.ChangeGuardDuty(null, Map.of(feature, on)));
    }

    public void enableSecurityHub(boolean enabled) {
        call("PUT", "security-hub", new Requests.ChangeSecurityHub(enabled, null));
    }

    /** Somebody gives every finding a status of its workflow, for example NOTIFIED. */
    public void workOnFindings(String status) {
        call("PUT", "security-hub", new Requests.ChangeSecurityHub(null, status));
    }

    /** Scripts that contain a text will end with this exit code and output after a while. */
    public void arrangeOutcome(
            @Nullable String instance,
            @Nullable String contains,
            int exitCode,
            String output,
            Duration duration) {
        call(
                "POST",
                "commands/outcomes",
                new Requests.ArrangeOutcome(instance, contains, exitCode, output, "", duration));
    }

    /**
     * Commands that are sent to an instance run on this machine from now on, unless an outcome was
     * arranged for them. The sandbox must have been started with {@code --run-scripts}.
     *
     * @param directory absolute; where scripts start and what they find in {@code YAGURA_STATE_DIR}
     */
    public void runScriptsOf(String instance, Path directory) {
        call(
                "PUT",
                "instances/" + instance + "/shell",
                new Requests.Shell(directory.toString(), null));
    }

    /**
     * The same, within the network and mount namespaces of a process of this machine: what a script
     * does to the network or to /etc stays there.
     */
    public void runScriptsOf(String instance, Path directory, long process) {
        call(
                "PUT",
                "instances/" + instance + "/shell",
                new Requests.Shell(directory.toString(), process));
    }

    /** Commands sent to an instance run nowhere again; those that run now go on. */
    public void runNoScriptsOf(String instance) {
        call("DELETE", "instances/" + instance + "/shell", null);
    }

    /** The next calls of an operation ({@code ec2:CreateSecurityGroup}) are throttled. */
    public void throttle(String operation, int times) {
        planFault(Map.of("operation", operation, "kind", "throttle", "times", times));
    }

    /** The next call is applied, and its connection closed without an answer. */
    public void loseReply(String operation) {
        planFault(Map.of("operation", operation, "kind", "lost-reply"));
    }

    /** The next reads are answered as the same read was before, as by a replica that lags. */
    public void answerStale(String operation, int times) {
        planFault(Map.of("operation", operation, "kind", "stale", "times", times));
    }

    /** The next call fails with an error code and HTTP status. */
    public void fail(String operation, String code, int status) {
        planFault(Map.of("operation", operation, "kind", "error", "code", code, "status", status));
    }

    /** A fault with every choice; names as in {@code POST faults}. */
    public void planFault(Map<String, ?> fault) {
        call("POST", "faults", fault);
    }

    public void clearFaults() {
        call("DELETE", "faults", null);
    }

    /** Calls with a higher sequence number, oldest first. */
    public List<JournalEntry> journal(long after) {
        return ControlCalls.list(
                call("GET", "journal?after=" + after, null).path("entries"), JournalEntry[].class);
    }

    /** {@link JournalEntry#beyondBaseline} compares with the access of this moment from now on. */
    public void setBaseline() {
        call("POST", "journal/baseline", null);
    }

    @Override
    public void close() {
        calls.close();
    }

    private Passage open(
            String instance,
            String direction,
            String label,
            String remote,
            int port,
            Duration keepalive) {
        return openFlow(
                instance,
                Map.of(
                        "direction", direction,
                        "label", label,
                        "remote", remote,
                        "port", port,
                        "keepalive", keepalive));
    }

    /** An EKS cluster. */
    public ClusterClient cluster(String name) {
        return new ClusterClient(calls, name);
    }

    /** AWS Config's recorder. */
    public RecorderClient recorder() {
        return new RecorderClient(calls);
    }

    /** The settings and users of the account. */
    public IdentityClient identity() {
        return new IdentityClient(calls);
    }

    /** AWS Config's aggregator of all accounts and regions. */
    public AggregatorClient aggregator(String name) {
        return new AggregatorClient(calls, name);
    }

    /** What comes, moves and goes in the account. */
    public ResourceClient resources() {
        return new ResourceClient(calls);
    }

    /** A queue of SQS, made if there is none of that name. */
    public QueueClient queue(String name) {
        return new QueueClient(calls, name);
    }

    private JsonNode call(String method, String path, @Nullable Object body) {
        return calls.call(method, path, body);
    }
}
