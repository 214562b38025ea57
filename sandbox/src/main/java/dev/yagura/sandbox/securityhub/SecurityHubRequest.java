package dev.yagura.sandbox.securityhub;

import dev.yagura.sandbox.identity.SignedRequest;
import java.util.Map;

/** A request of Security Hub, whose operation is in its method and path. */
public final class SecurityHubRequest {
    private static final Map<String, String> OPERATIONS =
            Map.of(
                    "POST /findings/import", "BatchImportFindings",
                    "POST /findings", "GetFindings",
                    "GET /accounts", "DescribeHub");

    private SecurityHubRequest() {}

    public static boolean isOne(SignedRequest request) {
        return OPERATIONS.containsKey(shape(request));
    }

    /** IAM's name of what is asked for. */
    public static String operation(SignedRequest request) {
        return OPERATIONS.getOrDefault(shape(request), "");
    }

    private static String shape(SignedRequest request) {
        return request.method() + " " + request.path();
    }
}
