package dev.yagura.sandbox.ssm;

import dev.yagura.sandbox.flow.FlowSpec;
import dev.yagura.sandbox.flow.FlowTable;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every managed node, and whether its agent can be reached. */
public final class ManagedNodes {
    /** Judgement: agents report every five minutes; one missed report is a lost connection. */
    private static final Duration LOST_AFTER = Duration.ofMinutes(5);

    private final World world;
    private final FlowTable flows;
    private final TreeMap<String, ManagedNode> nodes = new TreeMap<>();

    public ManagedNodes(World world, FlowTable flows) {
        this.world = world;
        this.flows = flows;
    }

    /** Registers an instance and starts its agent. */
    public void register(String instanceId, FlowSpec channel, Instant now) {
        nodes.put(instanceId, new ManagedNode(instanceId, channel, now));
        startAgent(instanceId, now);
    }

    /** False if the instance is no managed node. */
    public boolean startAgent(String instanceId, Instant now) {
        Optional<ManagedNode> node = find(instanceId);
        node.filter(stopped -> stopped.channelFlowId().isEmpty())
                .ifPresent(stopped ->
                        flows.open(stopped.channel(), now)
                                .flowId()
                                .ifPresent(stopped::agentStarted));
        return node.isPresent();
    }

    /** False if the instance is no managed node. */
    public boolean stopAgent(String instanceId, Instant now) {
        Optional<ManagedNode> node = find(instanceId);
        node.ifPresent(running -> {
            running.channelFlowId().ifPresent(id -> flows.close(id, now));
            running.agentStopped();
        });
        return node.isPresent();
    }

    /**
     * What Patch Manager finds on a node from now on. False if the instance is no managed node.
     *
     * @param state null: it has never scanned it
     */
    public boolean patched(String instanceId, @Nullable PatchState state) {
        Optional<ManagedNode> node = find(instanceId);
        node.ifPresent(known -> known.patched(state));
        return node.isPresent();
    }

    /**
     * What a node's agent has reported. False if the instance is no managed node.
     *
     * @param installed null: nothing so far
     */
    public boolean reported(String instanceId, @Nullable Software installed) {
        Optional<ManagedNode> node = find(instanceId);
        node.ifPresent(known -> known.reported(installed));
        return node.isPresent();
    }

    /** Notes when each agent was last heard, and drops nodes of instances that are gone. */
    public void settle() {
        nodes.keySet().removeIf(id -> instance(id).isEmpty());
        for (ManagedNode node : nodes.values()) {
            node.channelFlowId().flatMap(flows::lastPacketAt).ifPresent(node::heardAt);
        }
    }

    Collection<ManagedNode> all() {
        return nodes.values();
    }

    /** The node, unless its instance is shutting down or terminated. */
    Optional<ManagedNode> commandable(String instanceId) {
        return find(instanceId)
                .filter(node ->
                        instance(node.instanceId())
                                .filter(instance -> !instance.isTerminating())
                                .isPresent());
    }

    /** Whether a command or a result would get through now. */
    boolean isReachable(String instanceId, Instant now) {
        return find(instanceId)
                .flatMap(ManagedNode::channelFlowId)
                .filter(flowId -> flows.isAlive(flowId, now))
                .isPresent();
    }

    /** Whether the agent was stopped, as opposed to cut off. */
    boolean isAgentStopped(String instanceId) {
        return find(instanceId).filter(node -> node.channelFlowId().isEmpty()).isPresent();
    }

    boolean isRunning(String instanceId) {
        return instance(instanceId).filter(Instance::isRunning).isPresent();
    }

    String pingStatus(ManagedNode node, Instant now) {
        boolean lost = Duration.between(node.lastPing(), now).compareTo(LOST_AFTER) > 0;
        return lost ? "ConnectionLost" : "Online";
    }

    private Optional<ManagedNode> find(String instanceId) {
        return Optional.ofNullable(nodes.get(instanceId));
    }

    private Optional<Instance> instance(String instanceId) {
        return world.instances().find(instanceId);
    }
}
