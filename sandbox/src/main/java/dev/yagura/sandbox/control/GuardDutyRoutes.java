package dev.yagura.sandbox.control;

import dev.yagura.sandbox.front.Sandbox;
import java.util.List;
import java.util.Map;

/** GuardDuty, as somebody in its console would change it. */
final class GuardDutyRoutes {
    private final Sandbox sandbox;

    GuardDutyRoutes(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> all() {
        return List.of(Route.of("PUT", "guardduty", this::change));
    }

    private Object change(ControlRequest request) {
        Requests.ChangeGuardDuty wanted = request.as(Requests.ChangeGuardDuty.class);
        return sandbox.within(cloud -> {
            if (wanted.status() != null) {
                cloud.guardDuty().change(wanted.status());
            }
            if (wanted.features() != null) {
                wanted.features().forEach(cloud.guardDuty()::turn);
            }
            return Map.of();
        });
    }
}
