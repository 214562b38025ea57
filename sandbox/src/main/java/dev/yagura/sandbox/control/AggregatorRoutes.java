package dev.yagura.sandbox.control;

import dev.yagura.sandbox.cloud.UnknownNameException;
import dev.yagura.sandbox.config.Aggregator;
import dev.yagura.sandbox.front.Sandbox;
import java.util.List;
import java.util.Map;

/** AWS Config's aggregator of all accounts and regions. */
final class AggregatorRoutes {
    private final Sandbox sandbox;

    AggregatorRoutes(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> all() {
        return List.of(
                Route.of("PUT", "aggregators/*", this::change),
                Route.of("PUT", "aggregators/sources/*/*", this::changeSource));
    }

    private Object change(ControlRequest request) {
        Requests.ChangeAggregator wanted = request.as(Requests.ChangeAggregator.class);
        return sandbox.within(cloud -> {
            cloud.aggregator().create(cloud.world().account(), request.part(0));
            if (wanted.lag() != null) {
                cloud.aggregator().lagBy(wanted.lag());
            }
            return Map.of();
        });
    }

    private Object changeSource(ControlRequest request) {
        Requests.ChangeSource wanted = request.as(Requests.ChangeSource.class);
        Aggregator.Status status = Aggregator.Status.valueOf(wanted.status());
        String account = request.part(0);
        String region = request.part(1);
        return sandbox.within(cloud -> {
            if (!cloud.aggregator().change(account, region, status, cloud.clock().instant())) {
                throw new UnknownNameException("account and region", account + " " + region);
            }
            return Map.of();
        });
    }
}
