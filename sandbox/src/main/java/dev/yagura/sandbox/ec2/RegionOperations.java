package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Xml;
import java.util.List;
import java.util.function.Supplier;

/** DescribeRegions: those that the account has, none of which had to be opted in to. */
final class RegionOperations {
    private final Supplier<List<String>> regions;

    RegionOperations(Supplier<List<String>> regions) {
        this.regions = regions;
    }

    List<Operation> all() {
        return List.of(
                Operation.named("DescribeRegions", this::describe)
                        .knows("RegionName.N", "AllRegions"));
    }

    private Body describe(Call call) {
        List<String> known = regions.get().stream().sorted().toList();
        List<String> wanted = call.parameters().list("RegionName");
        List<String> unknown = wanted.stream().filter(name -> !known.contains(name)).toList();
        if (!unknown.isEmpty()) {
            throw ApiFault.of(
                    "InvalidParameterValue", "Invalid region: [%s]", String.join(", ", unknown));
        }
        return Xml.ofItems()
                .list(
                        "regionInfo",
                        wanted.isEmpty() ? known : wanted,
                        (xml, name) ->
                                xml.text("regionName", name)
                                        .text(
                                                "regionEndpoint",
                                                "ec2.%s.amazonaws.com".formatted(name))
                                        .text("optInStatus", "opt-in-not-required"))
                .body();
    }
}
