package dev.yagura.response.channel;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.grpc.ServiceServer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The streams of agents that are open in this process. */
@ApplicationScoped
class OpenStreams {
    /** Names this process in the rows of its channels; another one after a restart. */
    private final UUID replicaId = UUID.randomUUID();

    private final Map<ChannelStore.Stream, OpenStream> open = new ConcurrentHashMap<>();
    private final Semaphore wakeUps = new Semaphore(0);

    UUID replicaId() {
        return replicaId;
    }

    void add(OpenStream stream) {
        open.put(stream.id(), stream);
        wake();
    }

    void remove(ChannelStore.Stream stream) {
        open.remove(stream);
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    Collection<OpenStream> all() {
        return List.copyOf(open.values());
    }

    /** Streams of an agent: one, or two while the newer takes over. */
    List<OpenStream> of(UUID agentId) {
        return open.values().stream().filter(each -> each.id().agentId().equals(agentId)).toList();
    }

    Optional<OpenStream> find(ChannelStore.Stream stream) {
        return Optional.ofNullable(open.get(stream));
    }

    /** There may be something to deliver. Never blocks. */
    void wake() {
        wakeUps.release();
    }

    /** Waits for that, or for a while. */
    void await(Duration longest) throws InterruptedException {
        if (wakeUps.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            wakeUps.drainPermits();
        }
    }

    /** The service stops: agents come back to another replica. */
    void drain(@Observes ServiceServer.DrainStarted event) {
        all().forEach(stream ->
                stream.end(
                        new DependencyUnavailableException("this replica", Duration.ofSeconds(1))));
    }
}
