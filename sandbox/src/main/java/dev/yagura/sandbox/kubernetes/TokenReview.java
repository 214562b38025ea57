package dev.yagura.sandbox.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.sandbox.identity.SignedRequest;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What EKS asks of a token, as aws-iam-authenticator does: a presigned sts:GetCallerIdentity of the
 * region's own endpoint, with the name of the cluster in a signed header, and nothing else.
 */
public final class TokenReview {
    private static final String PREFIX = "k8s-aws-v1.";
    private static final String CLUSTER = "x-k8s-aws-id";
    private static final int LONGEST_TOKEN = 4096;
    private static final int LONGEST_SECONDS = 900;
    private static final Set<String> KNOWN =
            Set.of(
                    "action",
                    "version",
                    "x-amz-algorithm",
                    "x-amz-credential",
                    "x-amz-date",
                    "x-amz-expires",
                    "x-amz-security-token",
                    "x-amz-signature",
                    "x-amz-signedheaders");

    private TokenReview() {}

    /**
     * The request that STS would be sent, whose signature is still to be checked; empty for a token
     * that is none of this cluster.
     */
    public static Optional<SignedRequest> of(String authorization, String cluster, String region) {
        if (!authorization.startsWith("Bearer " + PREFIX)
                || authorization.length() > LONGEST_TOKEN) {
            return Optional.empty();
        }
        try {
            URI url =
                    URI.create(
                            new String(
                                    Base64.getUrlDecoder()
                                            .decode(
                                                    authorization.substring(
                                                            ("Bearer " + PREFIX).length())),
                                    UTF_8));
            return isCallerIdentity(url, region)
                    ? Optional.of(
                            new SignedRequest(
                                    "GET",
                                    "/",
                                    url.getRawQuery(),
                                    Map.of(
                                            "host",
                                            List.of(url.getHost()),
                                            CLUSTER,
                                            List.of(cluster)),
                                    new byte[0]))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isCallerIdentity(URI url, String region) {
        Map<String, String> query =
                Stream.of(String.valueOf(url.getRawQuery()).split("&", -1))
                        .map(each -> each.split("=", 2))
                        .filter(each -> each.length == 2)
                        .collect(
                                Collectors.toMap(
                                        each -> each[0].toLowerCase(Locale.ROOT),
                                        each -> each[1],
                                        (first, second) -> "twice"));
        String expires = query.getOrDefault("x-amz-expires", "");
        return "https".equals(url.getScheme())
                && ("sts." + region + ".amazonaws.com").equals(url.getHost())
                && "/".equals(url.getPath())
                && KNOWN.containsAll(query.keySet())
                && "GetCallerIdentity".equals(query.get("action"))
                && "2011-06-15".equals(query.get("version"))
                && List.of(query.getOrDefault("x-amz-signedheaders", "").split("%3B", -1))
                        .contains(CLUSTER)
                && expires.matches("[1-9]\\d{0,3}")
                && Integer.parseInt(expires) <= LONGEST_SECONDS;
    }
}
