package dev.yagura.gateway.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a caller shows: "yagura_{token id, 32 hexadecimal digits}_{256 random bits, base64url}". The
 * id finds the row; only the hash of the rest is stored. The prefix lets scanners find leaked ones.
 */
final class TokenSecret {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 32;
    private static final Pattern FORM =
            Pattern.compile("yagura_([0-9a-f]{16})([0-9a-f]{16})_([A-Za-z0-9_-]{43})");

    private final UUID tokenId;
    private final String random;

    private TokenSecret(UUID tokenId, String random) {
        this.tokenId = tokenId;
        this.random = random;
    }

    static TokenSecret generate(UUID tokenId) {
        byte[] bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return new TokenSecret(
                tokenId, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Reads what was shown; empty when it is no token of ours. */
    static Optional<TokenSecret> parse(String shown) {
        Matcher matcher = FORM.matcher(shown);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        UUID id =
                new UUID(
                        Long.parseUnsignedLong(matcher.group(1), 16),
                        Long.parseUnsignedLong(matcher.group(2), 16));
        return Optional.of(new TokenSecret(id, matcher.group(3)));
    }

    UUID tokenId() {
        return tokenId;
    }

    /** The whole text, to show once. */
    String reveal() {
        return "yagura_"
                + "%016x%016x"
                        .formatted(
                                tokenId.getMostSignificantBits(), tokenId.getLeastSignificantBits())
                + "_"
                + random;
    }

    /** SHA-256: the secret has 256 random bits, so there is nothing for a slow hash to protect. */
    byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(random.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** In time that does not depend on where they differ. */
    boolean matches(byte[] storedSha256) {
        return MessageDigest.isEqual(sha256(), storedSha256);
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return "token " + tokenId;
    }
}
