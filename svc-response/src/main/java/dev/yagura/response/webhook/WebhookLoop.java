package dev.yagura.response.webhook;

import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.text.Texts;
import dev.yagura.response.outbox.Delivery;
import dev.yagura.response.outbox.DeliveryState;
import dev.yagura.response.outbox.DeliveryStore;
import dev.yagura.response.outbox.DeliveryStore.Claim;
import dev.yagura.response.outbox.DeliveryStore.Disabled;
import dev.yagura.response.outbox.DeliveryStore.Outcome;
import dev.yagura.response.outbox.EventTypes;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what is due: a thread for each endpoint, so that a slow one delays no other. */
@ApplicationScoped
public class WebhookLoop {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookLoop.class);

    /** Attempts at one endpoint at a time. */
    private static final int BATCH = 8;

    private static final int GONE = 410;
    private static final Duration LONGEST_PAUSE = Duration.ofHours(24);
    private static final Duration UPKEEP = Duration.ofSeconds(30);

    /** Another replica may have a newer configuration. */
    private static final Duration UNKNOWN_FOR = Duration.ofHours(1);

    private static final int FORGOTTEN_AT_ONCE = 1000;
    private static final int LONGEST_ERROR = 500;
    private static final int LONGEST_ANSWER = 16 * 1024;

    private final WebhookEndpoints endpoints;
    private final DeliveryStore store;
    private final WebhookConfig config;
    private final WebhookSender sender;
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Inject
    WebhookLoop(WebhookEndpoints endpoints, DeliveryStore store, Clock clock)
            throws NoSuchAlgorithmException {
        this(
                endpoints,
                store,
                new WebhookSender(endpoints.config(), SSLContext.getDefault(), clock));
    }

    WebhookLoop(WebhookEndpoints endpoints, DeliveryStore store, WebhookSender sender) {
        this.endpoints = endpoints;
        this.store = store;
        this.config = endpoints.config();
        this.sender = sender;
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        for (EndpointConfig endpoint : endpoints.all()) {
            Thread.ofPlatform()
                    .name("webhook-" + endpoint.name())
                    .daemon()
                    .start(() -> repeat(config.poll(), () -> deliverDue(endpoint)));
        }
        Thread.ofPlatform()
                .name("webhook-upkeep")
                .daemon()
                .start(() -> repeat(UPKEEP, this::keepUp));
    }

    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) throws IOException {
        stopped.countDown();
        sender.close();
    }

    /** A look: true when there may be more. */
    private interface Look {
        boolean go();
    }

    private void repeat(Duration pause, Look look) {
        try {
            boolean end = false;
            while (!end) {
                boolean more = tried(look);
                end = stopped.await(more ? 0 : pause.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean tried(Look look) {
        try {
            return look.go();
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot look after webhooks; trying again");
            return false;
        }
    }

    /** Makes an attempt at what is due for an endpoint; true when there may be more. */
    boolean deliverDue(EndpointConfig endpoint) {
        if (endpoints.disabled(endpoint).isPresent()) {
            return false;
        }
        // Until the last of them has been read and marked, with room.
        Duration lease = config.timeout().multipliedBy(3).plusSeconds(30);
        List<Claim> claims = store.claim(endpoint.name(), BATCH, lease);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            claims.forEach(claim -> threads.submit(() -> deliver(endpoint, claim)));
        }
        return claims.size() == BATCH;
    }

    private void deliver(EndpointConfig endpoint, Claim claim) {
        try {
            mark(endpoint, claim, sender.send(endpoint, claim.delivery()));
        } catch (RuntimeException e) {
            // Its lease runs out, and it is sent again.
            LOG.atWarn()
                    .addKeyValue(LogKeys.ENDPOINT, endpoint.name())
                    .addKeyValue(LogKeys.DELIVERY, claim.delivery().id())
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("what became of a webhook could not be written; it is sent again");
        }
    }

    private void mark(EndpointConfig endpoint, Claim claim, WebhookSender.Answer answer) {
        Delivery delivery = claim.delivery();
        if (answer.isSuccess()) {
            store.delivered(claim, new Outcome(answer.status(), "", kept(delivery, answer)));
            return;
        }
        Outcome outcome =
                new Outcome(answer.status(), Texts.clip(answer.error(), LONGEST_ERROR), "");
        boolean gone = answer.status() == GONE;
        if (gone) {
            disable(endpoint);
        }
        if (gone || delivery.attempts() > config.pauses().size()) {
            store.dead(claim, outcome);
            LOG.atWarn()
                    .addKeyValue(LogKeys.ENDPOINT, endpoint.name())
                    .addKeyValue(LogKeys.DELIVERY, delivery.id())
                    .addKeyValue(LogKeys.ATTEMPT, delivery.attempts())
                    .addKeyValue(LogKeys.REASON, outcome.error())
                    .log("webhook given up: a dead letter");
        } else {
            store.failed(claim, outcome, pause(delivery.attempts(), answer.retryAfter()));
        }
    }

    private void disable(EndpointConfig endpoint) {
        store.disable(
                endpoint.name(),
                endpoint.fingerprint(),
                "it answered 410 Gone; nothing is sent until its configuration changes");
        LOG.atError()
                .addKeyValue(LogKeys.ENDPOINT, endpoint.name())
                .log(
                        "a webhook endpoint is disabled: it answered 410 Gone; change its"
                                + " configuration");
    }

    /** Of a ticket the answer says which it is. */
    private static String kept(Delivery delivery, WebhookSender.Answer answer) {
        return delivery.type().equals(EventTypes.TICKET_REQUESTED)
                ? Texts.clip(answer.body(), LONGEST_ANSWER)
                : "";
    }

    /** What is configured, up to a fifth more by chance, and not before it was asked for. */
    private Duration pause(int attempts, Optional<Duration> retryAfter) {
        long usual = config.pauses().get(attempts - 1).toMillis();
        Duration pause =
                Duration.ofMillis(usual + ThreadLocalRandom.current().nextLong(usual / 5 + 1));
        Duration asked =
                retryAfter.filter(each -> each.compareTo(LONGEST_PAUSE) < 0).orElse(Duration.ZERO);
        return pause.compareTo(asked) > 0 ? pause : asked;
    }

    /** Ends what nobody will send, and forgets what ended long ago. */
    boolean keepUp() {
        for (String name : store.awaited()) {
            Optional<EndpointConfig> endpoint = endpoints.find(name);
            if (endpoint.isEmpty()) {
                store.giveUp(name, UNKNOWN_FOR, "no endpoint " + name + " is configured");
            } else {
                Optional<Disabled> disabled = endpoints.disabled(endpoint.get());
                disabled.ifPresent(each -> store.giveUp(name, Duration.ZERO, each.reason()));
            }
        }
        int forgotten =
                store.forget(DeliveryState.DELIVERED, config.retention(), FORGOTTEN_AT_ONCE)
                        + store.forget(
                                DeliveryState.DEAD, config.deadRetention(), FORGOTTEN_AT_ONCE);
        return forgotten >= FORGOTTEN_AT_ONCE;
    }
}
