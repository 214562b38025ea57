package dev.yagura.sandbox.control;

import dev.yagura.sandbox.front.Fault;
import dev.yagura.sandbox.front.PlannedFault;
import dev.yagura.sandbox.front.Sandbox;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Faults of the next calls. */
final class FaultRoutes {
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);

    private final Sandbox sandbox;

    FaultRoutes(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> all() {
        return List.of(
                Route.of("GET", "faults", request -> pending()),
                Route.of("POST", "faults", this::plan),
                Route.of("DELETE", "faults", request -> clear()));
    }

    private Object pending() {
        return Map.of("faults", sandbox.faults().pending());
    }

    private Object plan(ControlRequest request) {
        Requests.PlanFault wanted = request.as(Requests.PlanFault.class);
        if (wanted.operation() == null || wanted.kind() == null) {
            throw new IllegalArgumentException("operation and kind must be given");
        }
        sandbox.faults()
                .add(
                        new PlannedFault(
                                sandbox.place().orElse(null),
                                wanted.operation(),
                                Objects.requireNonNullElse(wanted.when(), Map.of()),
                                wanted.skip(),
                                Objects.requireNonNullElse(wanted.times(), 1),
                                fault(wanted)));
        return pending();
    }

    private static Fault fault(Requests.PlanFault wanted) {
        return switch (wanted.kind()) {
            case "throttle" -> new Fault.Throttle();
            case "lost-reply" -> new Fault.LostReply();
            case "stale" -> new Fault.Stale();
            case "delay" -> new Fault.Delay(delay(wanted));
            case "error" -> {
                if (wanted.code() == null) {
                    throw new IllegalArgumentException("code must be given");
                }
                yield new Fault.Failure(
                        wanted.code(),
                        Objects.requireNonNullElse(wanted.status(), 400),
                        Objects.requireNonNullElse(wanted.message(), "planned by a test"));
            }
            default ->
                    throw new IllegalArgumentException(
                            "kind: throttle, error, lost-reply, stale, delay");
        };
    }

    private static Duration delay(Requests.PlanFault wanted) {
        Duration delay = wanted.delay();
        if (delay == null || delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
            throw new IllegalArgumentException("delay must be from 0 to " + LONGEST_DELAY);
        }
        return delay;
    }

    private Object clear() {
        sandbox.faults().clear();
        return pending();
    }
}
