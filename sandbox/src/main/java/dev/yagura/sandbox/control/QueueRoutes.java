package dev.yagura.sandbox.control;

import dev.yagura.sandbox.cloud.UnknownNameException;
import dev.yagura.sandbox.front.Sandbox;
import dev.yagura.sandbox.messaging.Queue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/** Queues of SQS: made, held, and what is in them. */
final class QueueRoutes {
    private static final String MESSAGES = "queues/*/messages";

    private final Sandbox sandbox;

    QueueRoutes(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> all() {
        return List.of(
                Route.of("PUT", "queues/*", this::change),
                Route.of("GET", MESSAGES, this::messages),
                Route.of("POST", MESSAGES, this::send),
                Route.of("DELETE", MESSAGES, this::take));
    }

    private Object change(ControlRequest request) {
        Requests.ChangeQueue wanted = request.as(Requests.ChangeQueue.class);
        return sandbox.within(cloud -> {
            Queue queue = cloud.queues().open(request.part(0));
            if (wanted.visibility() != null) {
                queue.hideFor(wanted.visibility());
            }
            if (wanted.deadLetters() != null) {
                queue.redriveTo(
                        cloud.queues().open(wanted.deadLetters()),
                        Objects.requireNonNullElse(wanted.maxReceives(), 1));
            }
            if (wanted.held() != null) {
                queue.hold(wanted.held());
            }
            return Map.of();
        });
    }

    private Object messages(ControlRequest request) {
        return within(request, (queue, now) -> Map.of("messages", queue.bodies()));
    }

    private Object send(ControlRequest request) {
        Requests.Send wanted = request.as(Requests.Send.class);
        if (wanted.body() == null) {
            throw new IllegalArgumentException("body is missing");
        }
        Duration delay = Objects.requireNonNullElse(wanted.delay(), Duration.ZERO);
        return within(request, (queue, now) -> Map.of("id", queue.send(wanted.body(), delay, now)));
    }

    private Object take(ControlRequest request) {
        return within(
                request,
                (queue, now) -> {
                    List<String> bodies = queue.bodies();
                    queue.clear();
                    return Map.of("messages", bodies);
                });
    }

    private Object within(ControlRequest request, BiFunction<Queue, Instant, Object> action) {
        return sandbox.within(cloud -> {
            Queue queue =
                    cloud.queues()
                            .find(request.part(0))
                            .orElseThrow(() -> new UnknownNameException("queue", request.part(0)));
            return action.apply(queue, cloud.clock().instant());
        });
    }
}
