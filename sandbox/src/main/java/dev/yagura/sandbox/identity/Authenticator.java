package dev.yagura.sandbox.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Protocol;
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

    /** Of the account's own, and of others: they answer the same. */
    private static final Set<String> IN_EVERY_REGION = Set.of("sts", "cloudtrail");

    private final Directory directory;
    private final String region;

    /**
     * @param region whose services are called
     */
    public Authenticator(Directory directory, String region) {
        this.directory = directory;
        this.region = region;
    }

    /** What a service answers to whoever signs with a key that is good for nothing there. */
    public static ApiFault notAdmitted(Api api) {
        return Refusal.UNKNOWN_KEY.fault(api.protocol());
    }

    /** Whether requests for a service are answered wherever they are signed for. */
    public static boolean isEverywhere(Api api) {
        return api.global() || IN_EVERY_REGION.contains(api.name());
    }

    /**
     * Who signed it.
     *
     * @throws dev.yagura.sandbox.wire.ApiFault in the words of the service, if it is not believed
     */
    public Identity authenticate(SignedRequest request, Api api) {
        return authenticate(
                request,
                api,
                proof(request, api).orElseThrow(() -> refuse(Refusal.INCOMPLETE, api)));
    }

    /**
     * Who signed a URL of a service that takes none by itself, but is asked for it by another.
     *
     * @throws dev.yagura.sandbox.wire.ApiFault if it is not believed
     */
    public Identity authenticateUrl(SignedRequest request, Api api) {
        return authenticate(
                request,
                api,
                Proof.ofQuery(request, SignatureV4.payloadHash(request))
                        .orElseThrow(() -> refuse(Refusal.INCOMPLETE, api)));
    }

    private Identity authenticate(SignedRequest request, Api api, Proof proof) {
        Credential credential =
                directory
                        .credential(proof.authorization().accessKeyId())
                        .orElseThrow(() -> refuse(Refusal.UNKNOWN_KEY, api));
        Optional<Refusal> refusal =
                wrongScope(proof.authorization(), api)
                        .or(() -> tooOld(proof))
                        .or(() -> wrongSession(proof, credential))
                        .or(() -> wrongSignature(request, proof, credential, api));
        if (refusal.isPresent()) {
            throw refuse(refusal.get(), api);
        }
        directory.used(credential, proof.authorization().service(), proof.authorization().region());
        return credential.identity();
    }

    /** A presigned URL is S3's; the other services take the header only. */
    private static Optional<Proof> proof(SignedRequest request, Api api) {
        if (api.protocol() == Protocol.REST_XML && Proof.isPresigned(request)) {
            return Proof.ofQuery(request, Proof.UNSIGNED_PAYLOAD);
        }
        String header =
                request.header("authorization").orElseThrow(() -> refuse(Refusal.UNSIGNED, api));
        return Proof.ofHeader(request, header);
    }

    private Optional<Refusal> wrongScope(Authorization authorization, Api api) {
        Set<String> regions = api.global() ? GLOBAL_REGIONS : Set.of(region);
        boolean fits =
                authorization.service().equals(api.name())
                        && (IN_EVERY_REGION.contains(api.name())
                                || regions.contains(authorization.region()));
        return fits ? Optional.empty() : Optional.of(Refusal.WRONG_SCOPE);
    }

    private Optional<Refusal> tooOld(Proof proof) {
        String text = proof.timestamp();
        if (!text.startsWith(proof.authorization().date())) {
            return Optional.of(Refusal.INCOMPLETE);
        }
        try {
            Instant signedAt = LocalDateTime.parse(text, TIMESTAMP).toInstant(ZoneOffset.UTC);
            Duration age = Duration.between(signedAt, directory.now());
            if (proof.lifetime() != null && age.compareTo(proof.lifetime()) > 0) {
                return Optional.of(Refusal.EXPIRED_URL);
            }
            return proof.lifetime() == null && age.abs().compareTo(LARGEST_SKEW) > 0
                    ? Optional.of(Refusal.OLD_REQUEST)
                    : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.of(Refusal.INCOMPLETE);
        }
    }

    private Optional<Refusal> wrongSession(Proof proof, Credential credential) {
        String expected = credential.sessionToken() == null ? "" : credential.sessionToken();
        if (!proof.sessionToken().equals(expected)) {
            return Optional.of(Refusal.UNKNOWN_KEY);
        }
        Instant expiresAt = credential.expiresAt();
        return expiresAt != null && directory.now().isAfter(expiresAt)
                ? Optional.of(Refusal.EXPIRED_SESSION)
                : Optional.empty();
    }

    private static Optional<Refusal> wrongSignature(
            SignedRequest request, Proof proof, Credential credential, Api api) {
        boolean presigned = proof.lifetime() != null;
        boolean unsigned = proof.payloadHash().equals(Proof.UNSIGNED_PAYLOAD);
        boolean sameBody =
                unsigned
                        ? api.protocol() == Protocol.REST_XML
                        : proof.payloadHash().equals(SignatureV4.payloadHash(request));
        boolean hostSigned = proof.authorization().signedHeaders().contains("host");
        byte[] expected = SignatureV4.of(request, proof, credential.secretKey()).getBytes(UTF_8);
        boolean sameSignature =
                MessageDigest.isEqual(expected, proof.authorization().signature().getBytes(UTF_8));
        if (!sameBody || !hostSigned || !sameSignature) {
            return Optional.of(Refusal.WRONG_SIGNATURE);
        }
        return presigned && !proof.signsAll(request)
                ? Optional.of(Refusal.UNSIGNED_HEADER)
                : Optional.empty();
    }

    private static RuntimeException refuse(Refusal refusal, Api api) {
        return refusal.fault(api.protocol());
    }
}
