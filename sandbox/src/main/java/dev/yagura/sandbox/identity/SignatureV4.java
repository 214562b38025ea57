package dev.yagura.sandbox.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signature Version 4 as the AWS General Reference describes it ("Create a signed AWS API
 * request"): canonical request, string to sign, derived key.
 */
final class SignatureV4 {
    private SignatureV4() {}

    /** The signature that the holder of the secret would have made. */
    static String of(SignedRequest request, Proof proof, String secretKey) {
        Authorization authorization = proof.authorization();
        String stringToSign =
                String.join(
                        "\n",
                        Authorization.ALGORITHM,
                        proof.timestamp(),
                        authorization.scope(),
                        hex(sha256(canonical(request, proof).getBytes(UTF_8))));
        byte[] key = hmac(("AWS4" + secretKey).getBytes(UTF_8), authorization.date());
        key = hmac(key, authorization.region());
        key = hmac(key, authorization.service());
        key = hmac(key, Authorization.TERMINATOR);
        return hex(hmac(key, stringToSign));
    }

    static String payloadHash(SignedRequest request) {
        return hex(sha256(request.body()));
    }

    private static String canonical(SignedRequest request, Proof proof) {
        Authorization authorization = proof.authorization();
        String headers =
                authorization.signedHeaders().stream()
                        .map(name -> name + ":" + trimmed(request.header(name).orElse("")) + "\n")
                        .collect(Collectors.joining());
        String query =
                Arrays.stream(proof.query().split("&", -1))
                        .filter(part -> !part.isEmpty())
                        .map(part -> part.contains("=") ? part : part + "=")
                        .sorted()
                        .collect(Collectors.joining("&"));
        return String.join(
                "\n",
                request.method(),
                path(request, authorization),
                query,
                headers,
                String.join(";", authorization.signedHeaders()),
                proof.payloadHash());
    }

    /** All services but S3 encode a path that is encoded already once more. */
    private static String path(SignedRequest request, Authorization authorization) {
        return authorization.service().equals("s3")
                ? request.path()
                : request.path().replace("%", "%25").replace(":", "%3A");
    }

    private static String trimmed(String value) {
        return value.strip().replaceAll(" +", " ");
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
