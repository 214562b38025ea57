package dev.yagura.sandbox.resolver;

import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.Protocol;
import dev.yagura.sandbox.world.World;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** Route 53 Resolver as one service. */
public final class ResolverApi {
    private ResolverApi() {}

    public static Api of(World world, Clock clock) {
        Firewall firewall = new Firewall(world, clock);
        return Api.of(
                "route53resolver",
                Protocol.JSON,
                "",
                "Route53Resolver",
                false,
                Stream.of(
                                new DomainListOperations(firewall).all(),
                                new RuleGroupOperations(firewall).all(),
                                new AssociationOperations(firewall).all())
                        .flatMap(List::stream)
                        .toList());
    }
}
