package dev.yagura.sandbox.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.sandbox.wire.Api;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;

/** Checks key, scope, age, session token and signature of a request. */
public final class Authenticator {
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");
    private static final Duration LARGEST_SKEW = Duration.ofMinutes(15);

    /** The second is what the SDK for Java signs for a global service with another endpoint. */
    private static final Set<String> GLOBAL_REGIONS = Set.of("us-east-1", "aws-global");

    private final Directory directory;

    public Authenticator(Directory directory) {
        this.directory = directory;
    }

    /**
     * Who signed it.
     *
     * @throws dev.yagura.sandbox.wire.ApiFault in the words of the service, if it is not believed
     */
    public Identity authenticate(SignedRequest request, Api api) {
        Authorization authorization =
                Authorization.parse(
                                request.header("authorization")
                                        .orElseThrow(() -> refuse(Refusal.UNSIGNED, api)))
                        .orElseThrow(() -> refuse(Refusal.INCOMPLETE, api));
        Credential credential =
                directory
                        .credential(authorization.accessKeyId())
                        .orElseThrow(() -> refuse(Refusal.UNKNOWN_KEY, api));
        Optional<Refusal> refusal =
                wrongScope(authorization, api)
                        .or(() -> tooOld(request, authorization))
                        .or(() -> wrongSession(request, credential))
                        .or(() -> wrongSignature(request, authorization, credential));
        if (refusal.isPresent()) {
            throw refuse(refusal.get(), api);
        }
        directory.used(credential, authorization.service(), authorization.region());
        return credential.identity();
    }

    private Optional<Refusal> wrongScope(Authorization authorization, Api api) {
        Set<String> regions = api.global() ? GLOBAL_REGIONS : Set.of(directory.account().region());
        boolean fits =
                authorization.service().equals(api.name())
                        && regions.contains(authorization.region());
        return fits ? Optional.empty() : Optional.of(Refusal.WRONG_SCOPE);
    }

    private Optional<Refusal> tooOld(SignedRequest request, Authorization authorization) {
        String text = request.header("x-amz-date").orElse("");
        if (!text.startsWith(authorization.date())) {
            return Optional.of(Refusal.INCOMPLETE);
        }
        try {
            Instant signedAt = LocalDateTime.parse(text, TIMESTAMP).toInstant(ZoneOffset.UTC);
            Duration skew = Duration.between(signedAt, directory.now()).abs();
            return skew.compareTo(LARGEST_SKEW) > 0
                    ? Optional.of(Refusal.OLD_REQUEST)
                    : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.of(Refusal.INCOMPLETE);
        }
    }

    private Optional<Refusal> wrongSession(SignedRequest request, Credential credential) {
        String token = request.header("x-amz-security-token").orElse("");
        String expected = credential.sessionToken() == null ? "" : credential.sessionToken();
        if (!token.equals(expected)) {
            return Optional.of(Refusal.UNKNOWN_KEY);
        }
        Instant expiresAt = credential.expiresAt();
        return expiresAt != null && directory.now().isAfter(expiresAt)
                ? Optional.of(Refusal.EXPIRED_SESSION)
                : Optional.empty();
    }

    private static Optional<Refusal> wrongSignature(
            SignedRequest request, Authorization authorization, Credential credential) {
        String declared =
                request.header("x-amz-content-sha256").orElse(SignatureV4.payloadHash(request));
        boolean sameBody = declared.equals(SignatureV4.payloadHash(request));
        boolean hostSigned = authorization.signedHeaders().contains("host");
        byte[] expected =
                SignatureV4.of(request, authorization, credential.secretKey()).getBytes(UTF_8);
        boolean sameSignature =
                MessageDigest.isEqual(expected, authorization.signature().getBytes(UTF_8));
        return sameBody && hostSigned && sameSignature
                ? Optional.empty()
                : Optional.of(Refusal.WRONG_SIGNATURE);
    }

    private static RuntimeException refuse(Refusal refusal, Api api) {
        return refusal.fault(api.protocol());
    }
}
