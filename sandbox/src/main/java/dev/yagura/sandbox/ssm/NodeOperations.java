package dev.yagura.sandbox.ssm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.net.IpAddresses;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.World;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** DescribeInstanceInformation. */
final class NodeOperations {
    private static final Page.Rules PAGES =
            new Page.Rules(
                    "MaxResults",
                    "NextToken",
                    5,
                    50,
                    10,
                    "InvalidNextToken",
                    "ValidationException");
    private static final String AGENT_VERSION = "3.3.2299.0";

    private final World world;
    private final ManagedNodes nodes;
    private final Clock clock;

    NodeOperations(World world, ManagedNodes nodes, Clock clock) {
        this.world = world;
        this.nodes = nodes;
        this.clock = clock;
    }

    List<Operation> all() {
        return List.of(
                Operation.named("DescribeInstanceInformation", this::describe)
                        .knows(
                                "Filters.N.Key",
                                "Filters.N.Values.N",
                                "InstanceInformationFilterList.N.key",
                                "InstanceInformationFilterList.N.valueSet.N",
                                "MaxResults",
                                "NextToken"));
    }

    private Body describe(Call call) {
        Instant now = clock.instant();
        List<ManagedNode> matching =
                nodes.all().stream()
                        .filter(filter(call.parameters(), "Filters", "Key", "Values", now))
                        .filter(
                                filter(
                                        call.parameters(),
                                        "InstanceInformationFilterList",
                                        "key",
                                        "valueSet",
                                        now))
                        .toList();
        Page<ManagedNode> page =
                Page.of(matching, ManagedNode::instanceId, call.parameters(), PAGES);
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("InstanceInformationList");
        page.items().forEach(node -> write(list.addObject(), node, now));
        page.nextToken().ifPresent(token -> answer.put("NextToken", token));
        return new Body.Members(answer);
    }

    private Predicate<ManagedNode> filter(
            Parameters parameters, String list, String key, String values, Instant now) {
        Predicate<ManagedNode> all = node -> true;
        for (Parameters filter : parameters.structures(list)) {
            List<String> wanted = filter.list(values);
            Predicate<ManagedNode> one =
                    switch (filter.required(key)) {
                        case "InstanceIds" -> node -> wanted.contains(node.instanceId());
                        case "PingStatus" -> node -> wanted.contains(nodes.pingStatus(node, now));
                        case "PlatformTypes" -> node -> wanted.contains("Linux");
                        case "ResourceType" -> node -> wanted.contains("EC2Instance");
                        default ->
                                throw ApiFault.of(
                                        "InvalidFilterKey",
                                        "The filter key %s is not valid",
                                        filter.required(key));
                    };
            all = all.and(one);
        }
        return all;
    }

    private void write(ObjectNode json, ManagedNode node, Instant now) {
        String id = node.instanceId();
        List<NetworkInterface> interfaces = world.interfacesOf(id);
        json.put("InstanceId", id)
                .put("PingStatus", nodes.pingStatus(node, now))
                .put("LastPingDateTime", Json.time(node.lastPing()))
                .put("AgentVersion", AGENT_VERSION)
                .put("IsLatestVersion", true)
                .put("PlatformType", "Linux")
                .put("PlatformName", "Amazon Linux")
                .put("PlatformVersion", "2023")
                .put("ResourceType", "EC2Instance")
                .put("SourceId", id)
                .put("SourceType", "AWS::EC2::Instance");
        if (!interfaces.isEmpty()) {
            String address = IpAddresses.format(interfaces.getFirst().privateAddress());
            json.put("IPAddress", address)
                    .put(
                            "ComputerName",
                            "ip-%s.%s.compute.internal"
                                    .formatted(
                                            address.replace('.', '-'), world.account().region()));
        }
    }
}
