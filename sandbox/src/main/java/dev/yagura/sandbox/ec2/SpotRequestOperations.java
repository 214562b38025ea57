package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.Market;
import dev.yagura.sandbox.world.World;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** DescribeSpotInstanceRequests: every Spot Instance has one of its own. */
final class SpotRequestOperations {
    private static final int DIGITS = 8;

    private final World world;

    SpotRequestOperations(World world) {
        this.world = world;
    }

    List<Operation> all() {
        return List.of(
                Operation.named("DescribeSpotInstanceRequests", this::describe)
                        .needs("SpotInstanceRequestId"));
    }

    /** Id of the request of a Spot Instance. */
    static String id(Instance instance) {
        return "sir-" + instance.id().substring(instance.id().length() - DIGITS);
    }

    private Body describe(Call call) {
        Map<String, Instance> byId =
                world.instances().all().stream()
                        .filter(Instance::spot)
                        .collect(Collectors.toMap(SpotRequestOperations::id, Function.identity()));
        List<String> wanted = call.parameters().list("SpotInstanceRequestId");
        wanted.forEach(ResourceKind.SPOT_INSTANCES_REQUEST::checkForm);
        List<String> unknown = wanted.stream().filter(id -> !byId.containsKey(id)).toList();
        if (!unknown.isEmpty()) {
            throw ResourceKind.SPOT_INSTANCES_REQUEST.unknown(unknown);
        }
        return Xml.ofItems()
                .list(
                        "spotInstanceRequestSet",
                        byId.entrySet().stream()
                                .filter(each -> wanted.contains(each.getKey()))
                                .toList(),
                        (xml, each) ->
                                xml.text("spotInstanceRequestId", each.getKey())
                                        .text("instanceId", each.getValue().id())
                                        .text("type", type(each.getValue()))
                                        .text("state", "active"))
                .body();
    }

    private static String type(Instance instance) {
        return instance.market() == Market.PERSISTENT_SPOT ? "persistent" : "one-time";
    }
}
