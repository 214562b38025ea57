package dev.yagura.sandbox.control;

import dev.yagura.sandbox.cloud.Cloud;
import dev.yagura.sandbox.front.Place;
import dev.yagura.sandbox.front.Sandbox;
import dev.yagura.sandbox.world.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Health, reset, clock, journal. */
final class SandboxRoutes {
    private static final Duration LONGEST_STEP = Duration.ofDays(366);

    /** The clock as the API shows it. */
    record ClockView(Instant now, boolean running) {}

    private final Sandbox sandbox;

    SandboxRoutes(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> all() {
        return List.of(
                Route.of("GET", "health", request -> health()),
                Route.of("POST", "reset", request -> reset()),
                Route.of("GET", "clock", request -> sandbox.within(SandboxRoutes::view)),
                Route.of("PUT", "clock", this::mode),
                Route.of("POST", "clock/advance", this::advance),
                Route.of("GET", "journal", this::journal),
                Route.of("DELETE", "journal", request -> clearJournal()),
                Route.of("POST", "journal/baseline", request -> baseline()));
    }

    private Object health() {
        Account account = sandbox.within(cloud -> cloud.world().account());
        return Map.of("status", "UP", "account", account.id(), "region", account.region());
    }

    private Object reset() {
        sandbox.reset();
        return Map.of();
    }

    private Object mode(ControlRequest request) {
        boolean running = request.as(Requests.ClockMode.class).running();
        return sandbox.within(cloud -> {
            if (running) {
                cloud.clock().run();
            } else {
                cloud.clock().freeze();
            }
            return view(cloud);
        });
    }

    private Object advance(ControlRequest request) {
        Duration by =
                Objects.requireNonNullElse(request.as(Requests.Advance.class).by(), Duration.ZERO);
        if (by.compareTo(LONGEST_STEP) > 0) {
            throw new IllegalArgumentException("at most " + LONGEST_STEP + " a step");
        }
        sandbox.within(cloud -> {
            cloud.clock().advance(by);
            cloud.settle();
            return cloud;
        });
        return sandbox.within(SandboxRoutes::view);
    }

    private Object journal(ControlRequest request) {
        String after = request.query().getOrDefault("after", "0");
        Optional<Place> place = sandbox.place();
        return Map.of(
                "entries",
                sandbox.journal().after(Long.parseLong(after)).stream()
                        .filter(entry -> place.isEmpty() || entry.place().equals(place.get()))
                        .toList());
    }

    private Object clearJournal() {
        sandbox.journal().clear();
        return Map.of();
    }

    private Object baseline() {
        sandbox.setBaseline();
        return Map.of();
    }

    private static ClockView view(Cloud cloud) {
        return new ClockView(cloud.clock().instant(), !cloud.clock().isFrozen());
    }
}
