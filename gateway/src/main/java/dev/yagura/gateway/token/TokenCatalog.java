package dev.yagura.gateway.token;

import com.google.protobuf.ByteString;
import dev.yagura.common.config.Settings;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.UnauthenticatedException;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.Ids;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.type.v1.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Makes tokens and says whose a shown one is. */
@ApplicationScoped
public class TokenCatalog {
    static final String COLLECTION = "tokens";
    static final Duration DEFAULT_LIFE = Duration.ofDays(30);
    static final Duration MAX_LIFE = Duration.ofDays(365);
    private static final Duration MIN_LIFE = Duration.ofSeconds(1);
    private static final int MAX_NAME = 200;
    private static final int MAX_ACCOUNTS = 1_000;
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

    /** A new token and what its owner shows; it is nowhere else. */
    record Created(Token token, TokenSecret secret) {}

    /** What is asked for. */
    record Wish(
            String displayName,
            Role role,
            List<String> accountIds,
            Duration life,
            boolean bootstrap,
            boolean automation) {}

    private final TokenStore store;
    private final Clock clock;
    private final Ids ids;
    private final TokenCache cache;

    @Inject
    TokenCatalog(TokenStore store, Clock clock, Ids ids, Settings settings) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        TokenConfig config = TokenConfig.from(settings);
        this.cache = new TokenCache(clock, config.cacheSize(), config.cacheTime());
    }

    /** True when saying whose it is needs no look at the database. */
    public boolean isKnown(String shown) {
        return TokenSecret.parse(shown)
                .flatMap(secret ->
                        cache.fresh(secret.tokenId())
                                .filter(token ->
                                        secret.matches(token.secretSha256().toByteArray())))
                .isPresent();
    }

    /**
     * Whose the shown token is. May wait for the database.
     *
     * @throws UnauthenticatedException unknown, revoked or expired
     * @throws dev.yagura.common.error.DependencyUnavailableException it cannot be said now
     */
    public Principal authenticate(String shown) {
        Token token =
                TokenSecret.parse(shown)
                        .flatMap(secret ->
                                cache.get(secret.tokenId(), store::find)
                                        .filter(found ->
                                                secret.matches(found.secretSha256().toByteArray())))
                        .orElseThrow(() ->
                                new UnauthenticatedException(
                                        "the bearer token is unknown; ask an admin for one"));
        if (token.revokeTime().isPresent()) {
            throw new UnauthenticatedException("the bearer token was revoked");
        }
        if (!token.isLive(clock.instant())) {
            throw new UnauthenticatedException("the bearer token expired");
        }
        return token.principal();
    }

    Created create(Wish wish) {
        check(wish);
        UUID id = ids.v7();
        TokenSecret secret = TokenSecret.generate(id);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Token token =
                new Token(
                        id,
                        ByteString.copyFrom(secret.sha256()),
                        wish.displayName().strip(),
                        wish.role(),
                        wish.accountIds().stream().distinct().sorted().toList(),
                        wish.bootstrap(),
                        wish.automation(),
                        now,
                        now.plus(wish.life()),
                        Optional.empty());
        store.insert(token);
        return new Created(token, secret);
    }

    List<Token> list(Optional<UUID> below, int limit) {
        return store.list(below, limit);
    }

    Token revoke(UUID id) {
        Token revoked =
                store.revoke(id, clock.instant())
                        .orElseThrow(() ->
                                new NotFoundException("token", ResourceName.of(COLLECTION, id)));
        forget(id);
        return revoked;
    }

    /** The token changed: what is kept of it is old. */
    void forget(UUID id) {
        cache.invalidate(id);
    }

    void forgetAll() {
        cache.invalidateAll();
    }

    private static void check(Wish wish) {
        if (wish.displayName().isBlank() || wish.displayName().length() > MAX_NAME) {
            throw new InvalidFieldException(
                    "display_name",
                    "is empty or longer than " + MAX_NAME,
                    "say who or what will use the token");
        }
        if (wish.role() == Role.ROLE_UNSPECIFIED || wish.role() == Role.UNRECOGNIZED) {
            throw new InvalidFieldException(
                    "role", "is not set", "send one of viewer, analyst, responder, admin");
        }
        if (wish.accountIds().size() > MAX_ACCOUNTS) {
            throw new InvalidFieldException(
                    "account_ids",
                    "are more than " + MAX_ACCOUNTS,
                    "send fewer, or none for every account");
        }
        for (int i = 0; i < wish.accountIds().size(); i++) {
            if (!ACCOUNT.matcher(wish.accountIds().get(i)).matches()) {
                throw new InvalidFieldException(
                        "account_ids[" + i + "]",
                        "is no AWS account id",
                        "send twelve digits, or no account for every account");
            }
        }
        if (wish.life().compareTo(MIN_LIFE) < 0 || wish.life().compareTo(MAX_LIFE) > 0) {
            throw new InvalidFieldException(
                    "ttl", "is out of range", "send 1 s to 365 days, or nothing for 30 days");
        }
    }
}
