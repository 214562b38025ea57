package dev.yagura.sandbox.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a request brings to be believed: headers, or the query of a presigned URL.
 *
 * @param timestamp when it was signed, as it is written
 * @param sessionToken empty without one
 * @param payloadHash that was signed
 * @param query that was signed: of a presigned URL all but the signature
 * @param lifetime of a presigned URL; null for a request that is signed by itself
 */
record Proof(
        Authorization authorization,
        String timestamp,
        String sessionToken,
        String payloadHash,
        String query,
        @Nullable Duration lifetime) {
    static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";
    private static final String SIGNATURE = "X-Amz-Signature";
    private static final long LONGEST_SECONDS = 604_800;

    static boolean isPresigned(SignedRequest request) {
        return request.header("authorization").isEmpty() && request.query().contains(SIGNATURE);
    }

    /** Empty for a header that is none. */
    static Optional<Proof> ofHeader(SignedRequest request, String header) {
        return Authorization.parse(header)
                .map(authorization ->
                        new Proof(
                                authorization,
                                request.header("x-amz-date").orElse(""),
                                request.header("x-amz-security-token").orElse(""),
                                request.header("x-amz-content-sha256")
                                        .orElse(SignatureV4.payloadHash(request)),
                                request.query(),
                                null));
    }

    /** Empty for a query that misses something. */
    static Optional<Proof> ofQuery(SignedRequest request, String payloadHash) {
        Map<String, String> query = new HashMap<>();
        for (String part : request.query().split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                query.put(
                        part.substring(0, equals),
                        URLDecoder.decode(part.substring(equals + 1), UTF_8));
            }
        }
        Optional<Authorization> authorization =
                Authorization.parse(
                        "%s Credential=%s, SignedHeaders=%s, Signature=%s"
                                .formatted(
                                        query.get("X-Amz-Algorithm"),
                                        query.get("X-Amz-Credential"),
                                        query.get("X-Amz-SignedHeaders"),
                                        query.get(SIGNATURE)));
        String seconds = query.getOrDefault("X-Amz-Expires", "");
        if (authorization.isEmpty()
                || !seconds.matches("[1-9]\\d{0,5}")
                || Long.parseLong(seconds) > LONGEST_SECONDS) {
            return Optional.empty();
        }
        String signed =
                Arrays.stream(request.query().split("&", -1))
                        .filter(part -> !part.startsWith(SIGNATURE + "="))
                        .collect(Collectors.joining("&"));
        return Optional.of(
                new Proof(
                        authorization.get(),
                        query.getOrDefault("X-Amz-Date", ""),
                        query.getOrDefault("X-Amz-Security-Token", ""),
                        payloadHash,
                        signed,
                        Duration.ofSeconds(Long.parseLong(seconds))));
    }

    /** Whether every header that changes what S3 does is signed. */
    boolean signsAll(SignedRequest request) {
        List<String> signed = authorization.signedHeaders();
        return request.headers().keySet().stream()
                .filter(name -> name.startsWith("x-amz-"))
                .allMatch(signed::contains);
    }
}
