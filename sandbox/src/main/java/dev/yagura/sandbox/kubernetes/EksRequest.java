package dev.yagura.sandbox.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.sandbox.identity.SignedRequest;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request of EKS, whose operation is in its method and path. */
public final class EksRequest {
    static final String CLUSTER = "name";
    static final String ASSOCIATION = "associationId";

    private static final Pattern PATH =
            Pattern.compile("/clusters/([^/]+)(/pod-identity-associations(/([^/]+))?)?");

    private EksRequest() {}

    public static boolean isOne(SignedRequest request) {
        return PATH.matcher(request.path()).matches()
                && request.header("authorization").orElse("").contains("/eks/");
    }

    /** IAM's name of what is asked for, empty for what the sandbox does not have. */
    public static String operation(SignedRequest request) {
        Matcher path = PATH.matcher(request.path());
        if (!path.matches() || !request.method().equals("GET")) {
            return "";
        }
        if (path.group(2) == null) {
            return "DescribeCluster";
        }
        return path.group(4) == null
                ? "ListPodIdentityAssociations"
                : "DescribePodIdentityAssociation";
    }

    /** Those of the path and the query. */
    public static Map<String, String> parameters(SignedRequest request) {
        Map<String, String> values = new HashMap<>();
        Matcher path = PATH.matcher(request.path());
        if (path.matches()) {
            values.put(CLUSTER, URLDecoder.decode(path.group(1), UTF_8));
            if (path.group(4) != null) {
                values.put(ASSOCIATION, path.group(4));
            }
        }
        for (String pair : request.query().split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), UTF_8));
            }
        }
        return values;
    }
}
