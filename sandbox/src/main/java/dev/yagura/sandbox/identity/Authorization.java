package dev.yagura.sandbox.identity;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Authorization header of Signature Version 4: {@code AWS4-HMAC-SHA256
 * Credential=KEY/20260729/ap-northeast-1/ec2/aws4_request, SignedHeaders=host;x-amz-date,
 * Signature=…}.
 */
public record Authorization(
        String accessKeyId,
        String date,
        String region,
        String service,
        List<String> signedHeaders,
        String signature) {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final String TERMINATOR = "aws4_request";

    /** What the header says, or empty if it is not of that form. */
    public static Optional<Authorization> parse(String header) {
        if (!header.startsWith(ALGORITHM + " ")) {
            return Optional.empty();
        }
        Map<String, String> parts = new HashMap<>();
        for (String part : header.substring(ALGORITHM.length()).split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
            }
        }
        String[] scope = parts.getOrDefault("Credential", "").split("/", -1);
        String headers = parts.getOrDefault("SignedHeaders", "");
        String signature = parts.getOrDefault("Signature", "");
        boolean complete = scope.length == 5 && TERMINATOR.equals(scope[4]);
        if (!complete || headers.isEmpty() || signature.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Authorization(
                        scope[0],
                        scope[1],
                        scope[2],
                        scope[3],
                        List.of(headers.split(";", -1)),
                        signature));
    }

    String scope() {
        return String.join("/", date, region, service, TERMINATOR);
    }
}
