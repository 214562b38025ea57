package dev.yagura.gateway.token;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.tls.Pem;
import dev.yagura.proto.type.v1.Role;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first admin token, in a file that only this process's user can read. Nothing is done while
 * the file holds a valid admin token. Otherwise a new one is made and earlier ones of this file are
 * revoked; but not where an admin has made another admin token: then somebody can sign in, and a
 * lost or foreign file must not open a second door.
 */
@ApplicationScoped
class BootstrapToken {
    /** After migrations (100), before the server listens (10,000). */
    private static final int BEFORE_SERVER = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(BootstrapToken.class);

    private final TokenStore store;
    private final TokenCatalog tokens;
    private final Clock clock;
    private final TokenConfig config;

    @Inject
    BootstrapToken(TokenStore store, TokenCatalog tokens, Clock clock, Settings settings) {
        this.store = store;
        this.tokens = tokens;
        this.clock = clock;
        this.config = TokenConfig.from(settings);
    }

    void start(
            @Observes @Priority(BEFORE_SERVER) @Initialized(ApplicationScoped.class) Object event) {
        config.bootstrapFile().ifPresent(this::ensure);
    }

    void ensure(Path file) {
        try {
            Instant now = clock.instant();
            List<Token> admins = store.liveAdmins(now);
            Optional<TokenSecret> inFile = read(file);
            if (inFile.filter(secret -> isOneOf(admins, secret)).isPresent()) {
                return;
            }
            if (admins.stream().anyMatch(Predicate.not(Token::bootstrap))) {
                LOG.atWarn()
                        .addKeyValue(LogKeys.FILE, file)
                        .log(
                                "the bootstrap file holds no valid token and stays as it is, since"
                                        + " another admin token is valid: use that one");
                return;
            }
            replace(file, admins);
        } catch (IOException e) {
            throw new InvalidSettingException(
                    "yagura.gateway.token.bootstrap-file",
                    "cannot read or write " + file + " (" + e.getMessage() + ")");
        }
    }

    private static boolean isOneOf(List<Token> admins, TokenSecret secret) {
        return admins.stream()
                .anyMatch(token ->
                        token.id().equals(secret.tokenId())
                                && secret.matches(token.secretSha256().toByteArray()));
    }

    private void replace(Path file, List<Token> earlier) throws IOException {
        earlier.forEach(token -> tokens.revoke(token.id()));
        TokenCatalog.Created created =
                tokens.create(
                        new TokenCatalog.Wish(
                                "bootstrap",
                                Role.ROLE_ADMIN,
                                List.of(),
                                config.bootstrapLife(),
                                true,
                                false));
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        // A crash before this line leaves a token that nobody knows; the next start revokes it.
        Pem.writePrivate(file, created.secret().reveal() + "\n");
        LOG.atInfo().addKeyValue(LogKeys.FILE, file).log("wrote a new admin token");
    }

    /** Empty when the file is not there or holds something else. */
    private static Optional<TokenSecret> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return TokenSecret.parse(Files.readString(file).strip());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
