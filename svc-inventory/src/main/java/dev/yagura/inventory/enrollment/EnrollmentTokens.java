package dev.yagura.inventory.enrollment;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.UnauthenticatedException;
import dev.yagura.common.ids.Ids;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Makes enrolment tokens, and decides whether one is good for another agent. */
@ApplicationScoped
public class EnrollmentTokens {
    static final Duration DEFAULT_TTL = Duration.ofHours(1);
    static final Duration MAX_TTL = Duration.ofDays(7);
    static final int MAX_USES = 10_000;

    private final EnrollmentTokenStore store;
    private final GuessLimit guesses;
    private final Ids ids;
    private final Clock clock;

    @Inject
    EnrollmentTokens(EnrollmentTokenStore store, GuessLimit guesses, Ids ids, Clock clock) {
        this.store = store;
        this.guesses = guesses;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * What an administrator asks for.
     *
     * @param ttl empty means 1 h
     * @param maxUses 0 means 1
     */
    public record Wish(
            Scope scope, Optional<Duration> ttl, long maxUses, String description, String owner) {}

    /** A new token; its secret is nowhere else. */
    public record Created(EnrollmentToken token, TokenSecret secret) {}

    @Transactional
    public Created create(Wish wish) {
        Duration ttl = wish.ttl().orElse(DEFAULT_TTL);
        if (ttl.compareTo(Duration.ofSeconds(1)) < 0 || ttl.compareTo(MAX_TTL) > 0) {
            throw new InvalidFieldException(
                    "ttl", "is not between 1 s and 7 days", "send such, or nothing for 1 h");
        }
        if (wish.maxUses() < 0 || wish.maxUses() > MAX_USES) {
            throw new InvalidFieldException(
                    "max_uses", "is more than " + MAX_USES, "send 1 to 10000, or nothing for 1");
        }
        Instant now = clock.instant();
        TokenSecret secret = TokenSecret.random();
        EnrollmentToken token =
                new EnrollmentToken(
                        ids.v7(),
                        wish.scope(),
                        wish.description(),
                        wish.owner(),
                        now,
                        now.plus(ttl),
                        Math.max(1, (int) wish.maxUses()),
                        0);
        store.insert(token, secret.sha256());
        return new Created(token, secret);
    }

    /**
     * The token of a secret, locked until the caller's transaction ends, so that its uses are
     * counted one after another.
     *
     * @throws UnauthenticatedException unknown or expired
     * @throws dev.yagura.common.error.LimitExceededException too many wrong ones lately
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public EnrollmentToken open(String secret) {
        guesses.requireRoom();
        EnrollmentToken token =
                TokenSecret.parse(secret)
                        .flatMap(parsed -> store.lock(parsed.sha256()))
                        .orElseThrow(() -> refused("is unknown"));
        if (!clock.instant().isBefore(token.expireTime())) {
            throw refused("expired");
        }
        return token;
    }

    /**
     * Counts one more agent; in the transaction of {@link #open}.
     *
     * @throws UnauthenticatedException used up
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void use(EnrollmentToken token) {
        if (token.uses() >= token.maxUses()) {
            throw refused("is used up");
        }
        store.countUse(token.id());
    }

    private UnauthenticatedException refused(String problem) {
        guesses.wrong();
        return new UnauthenticatedException(
                "the enrolment token " + problem + "; ask an administrator for a new one");
    }
}
