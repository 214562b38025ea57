package dev.yagura.inventory.agent;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.YaguraException;
import dev.yagura.common.grpc.ServiceServer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The report streams that are open in this process, by agent. */
@ApplicationScoped
class OpenReports {
    private final Map<UUID, Set<Consumer<YaguraException>>> open = new ConcurrentHashMap<>();

    /**
     * Remembers a stream.
     *
     * @param end ends it with an error; called at most a few times, from any thread
     * @return forgets it
     */
    Runnable add(UUID agentId, Consumer<YaguraException> end) {
        open.compute(
                agentId,
                (id, streams) -> {
                    Set<Consumer<YaguraException>> known =
                            streams == null ? ConcurrentHashMap.newKeySet() : streams;
                    known.add(end);
                    return known;
                });
        return () ->
                open.computeIfPresent(
                        agentId,
                        (id, streams) -> {
                            streams.remove(end);
                            return streams.isEmpty() ? null : streams;
                        });
    }

    List<UUID> agents() {
        return List.copyOf(open.keySet());
    }

    /** Ends the streams of an agent. */
    void end(UUID agentId, YaguraException reason) {
        for (Consumer<YaguraException> stream : open.getOrDefault(agentId, Set.of())) {
            stream.accept(reason);
        }
    }

    /** The service stops: agents come back to another replica. */
    void drain(@Observes ServiceServer.DrainStarted event) {
        for (UUID agentId : agents()) {
            end(
                    agentId,
                    new DependencyUnavailableException(
                            "this replica",
                            Duration.ofSeconds(1),
                            new IllegalStateException("it stops")));
        }
    }
}
