package dev.yagura.gateway.token;

import dev.yagura.common.error.CursorExpiredException;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.watch.Change;
import dev.yagura.common.watch.ChangeFeeds;
import dev.yagura.common.watch.ChangeSubscription;
import dev.yagura.gateway.stream.OpenCalls;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of revocations by any gateway: forgets the token, then closes its calls. After a gap
 * (database away, feed rewound) everything kept is forgotten, so that each token is read again.
 */
@ApplicationScoped
class TokenRevocations {
    static final String FEED = "tokens";
    private static final Logger LOG = LoggerFactory.getLogger(TokenRevocations.class);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final long PAUSE_MILLIS = 1_000;

    private final ChangeFeeds feeds;
    private final TokenCatalog tokens;
    private final OpenCalls calls;
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Inject
    TokenRevocations(ChangeFeeds feeds, TokenCatalog tokens, OpenCalls calls) {
        this.feeds = feeds;
        this.tokens = tokens;
        this.calls = calls;
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        Thread.ofVirtual().name("token-revocations").start(this::run);
    }

    void stop(@Observes @Priority(0) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        stopped.countDown();
    }

    private void run() {
        String cursor = "";
        try {
            while (stopped.getCount() > 0) {
                try (ChangeSubscription changes = feeds.feed(FEED).watcher().subscribe(cursor)) {
                    tokens.forgetAll();
                    cursor = changes.cursor();
                    while (stopped.getCount() > 0) {
                        changes.next(LOOK).forEach(this::revoked);
                        cursor = changes.cursor();
                    }
                } catch (CursorExpiredException e) {
                    cursor = "";
                    endAll();
                } catch (RuntimeException e) {
                    // This thread must not end: revocations would be missed without a sign.
                    pause(e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void revoked(Change change) {
        tokens.forget(change.key());
        Principal.TOKENS.forEach(kind ->
                calls.terminate(kind, change.key().toString(), "the bearer token was revoked"));
    }

    /** Whose token was revoked in the gap is not known: everyone shows it again. */
    private void endAll() {
        tokens.forgetAll();
        Principal.TOKENS.forEach(kind ->
                calls.terminateAll(
                        kind,
                        new DependencyUnavailableException(
                                "the list of revoked tokens", Duration.ofMillis(PAUSE_MILLIS))));
    }

    private void pause(RuntimeException cause) throws InterruptedException {
        if (stopped.getCount() == 0) {
            return;
        }
        LOG.atWarn()
                .addKeyValue(LogKeys.REASON, String.valueOf(cause.getMessage()))
                .log("cannot follow revocations of tokens; trying again");
        long jittered = ThreadLocalRandom.current().nextLong(PAUSE_MILLIS / 2, PAUSE_MILLIS + 1);
        stopped.await(jittered, TimeUnit.MILLISECONDS);
    }
}
