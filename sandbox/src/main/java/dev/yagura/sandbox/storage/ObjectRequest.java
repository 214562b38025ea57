package dev.yagura.sandbox.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.sandbox.identity.SignedRequest;
import dev.yagura.sandbox.wire.Parameters;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A request of S3, with the bucket in its path if it has one, as operation and parameters. */
public final class ObjectRequest {
    static final String BUCKET = "Bucket";
    static final String KEY = "Key";

    /** Names an operation to whoever reads logs. */
    private static final String OPERATION = "x-id";

    /** What proves who calls, and is no parameter. */
    private static final String SIGNING = "x-amz-";

    private static final Set<String> PROOF =
            Set.of("x-amz-content-sha256", "x-amz-date", "x-amz-security-token");

    /** The SDK sends it also with requests that have no content. */
    private static final String CHECKSUM = "x-amz-checksum-crc32";

    private static final String SIGNED_FOR_S3 = "/s3/aws4_request";

    private ObjectRequest() {}

    /** Also of one without a bucket, whose path other services have, too. */
    public static boolean isOne(SignedRequest request) {
        return !request.path().equals("/")
                || (request.method().equals("GET")
                        && request.header("authorization").orElse("").contains(SIGNED_FOR_S3));
    }

    /** IAM's name of what is asked for, empty for what the sandbox does not have. */
    public static String operation(SignedRequest request) {
        if (request.path().equals("/")) {
            return "ListAllMyBuckets";
        }
        if (!parameters(request).has(KEY)) {
            return "";
        }
        return switch (request.method()) {
            case "PUT" -> "PutObject";
            // HeadObject is the same without the content, and needs the same permission.
            case "GET", "HEAD" -> "GetObject";
            case "DELETE" -> "DeleteObject";
            default -> "";
        };
    }

    public static Parameters parameters(SignedRequest request) {
        Map<String, String> values = new HashMap<>();
        String path = decoded(request.path().substring(1));
        int slash = path.indexOf('/');
        if (!path.isEmpty()) {
            values.put(BUCKET, slash < 0 ? path : path.substring(0, slash));
        }
        if (slash >= 0 && slash < path.length() - 1) {
            values.put(KEY, path.substring(slash + 1));
        }
        for (String pair : request.query().split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            if (!name.isEmpty()
                    && !name.equals(OPERATION)
                    && !name.regionMatches(true, 0, SIGNING, 0, SIGNING.length())) {
                values.put(name, equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        request.headers()
                .forEach((name, given) -> {
                    boolean matters =
                            name.startsWith(SIGNING)
                                    || name.startsWith("if-")
                                    || name.equals("content-md5")
                                    || name.equals("range");
                    boolean proof =
                            PROOF.contains(name)
                                    || (name.equals(CHECKSUM) && request.body().length == 0);
                    if (matters && !proof) {
                        values.put(name, String.join(",", given));
                    }
                });
        return new Parameters(values);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    }
}
