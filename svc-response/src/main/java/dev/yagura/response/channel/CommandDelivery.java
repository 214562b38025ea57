package dev.yagura.response.channel;

import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.log.LogKeys;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives commands to the agents whose streams are here, and keeps their rows alive. */
@ApplicationScoped
class CommandDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(CommandDelivery.class);

    /** What another replica orders is found so late; what this one orders, at once. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private static final Duration BEATS = Duration.ofSeconds(1);
    private static final int BEATS_A_CLEANING = 60;
    private static final Duration KEPT_COMMANDS = Duration.ofDays(30);
    private static final Duration KEPT_CHANNELS = Duration.ofDays(1);
    private static final int AT_ONCE = 200;

    private final ChannelStore store;
    private final OpenStreams streams;
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Inject
    CommandDelivery(ChannelStore store, OpenStreams streams) {
        this.store = store;
        this.streams = streams;
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        Thread.ofPlatform().name("agent-commands").daemon().start(this::deliverOnAndOn);
        Thread.ofPlatform().name("agent-beats").daemon().start(this::keepUpOnAndOn);
    }

    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) {
        stopped.countDown();
        streams.wake();
    }

    private void deliverOnAndOn() {
        try {
            while (stopped.getCount() > 0) {
                tried(this::deliver);
                streams.await(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keepUpOnAndOn() {
        try {
            for (int beats = 0; !stopped.await(BEATS.toMillis(), TimeUnit.MILLISECONDS); beats++) {
                tried(this::keepAlive);
                if (beats % BEATS_A_CLEANING == 0) {
                    tried(() -> store.forget(KEPT_COMMANDS, KEPT_CHANNELS));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tried(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot look after the command channels of agents; trying again");
        }
    }

    /** The row says which process delivers, the process which stream. */
    void deliver() {
        if (streams.isEmpty()) {
            return;
        }
        for (ChannelStore.Due due : store.due(streams.replicaId(), AT_ONCE)) {
            streams.of(due.agentId()).forEach(stream -> stream.deliver(due));
        }
    }

    /** Whose row is another stream's by now is ended: its agent has a newer one. */
    void keepAlive() {
        Map<ChannelStore.Stream, ChannelStore.Beat> beats = new HashMap<>();
        for (OpenStream stream : streams.all()) {
            stream.takeBeat().ifPresent(beat -> beats.put(stream.id(), beat));
        }
        if (beats.isEmpty()) {
            return;
        }
        Set<ChannelStore.Stream> known = store.beat(beats.values());
        List<ChannelStore.Stream> lost =
                beats.keySet().stream().filter(each -> !known.contains(each)).toList();
        for (ChannelStore.Stream each : lost) {
            Optional<OpenStream> stream = streams.find(each);
            stream.ifPresent(open -> open.end(superseded(each.agentId())));
        }
    }

    private static PreconditionFailedException superseded(UUID agentId) {
        return new PreconditionFailedException(
                ResourceName.of("agents", agentId),
                "a newer stream of this agent took over; when two hosts have its key, enrol each"
                        + " by itself");
    }
}
