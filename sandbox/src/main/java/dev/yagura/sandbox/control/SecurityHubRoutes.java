package dev.yagura.sandbox.control;

import dev.yagura.sandbox.front.Sandbox;
import java.util.List;
import java.util.Map;

/** Security Hub, as somebody in its console would change it. */
final class SecurityHubRoutes {
    private final Sandbox sandbox;

    SecurityHubRoutes(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> all() {
        return List.of(Route.of("PUT", "security-hub", this::change));
    }

    private Object change(ControlRequest request) {
        Requests.ChangeSecurityHub wanted = request.as(Requests.ChangeSecurityHub.class);
        return sandbox.within(cloud -> {
            if (wanted.enabled() != null) {
                cloud.securityHub().enable(wanted.enabled());
            }
            if (wanted.workflow() != null) {
                cloud.securityHub().work(wanted.workflow(), cloud.clock().instant());
            }
            return Map.of();
        });
    }
}
