package dev.yagura.sandbox.guardduty;

import dev.yagura.sandbox.identity.SignedRequest;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request of GuardDuty, whose operation is in its method and path. */
public final class DetectorRequest {
    static final String ID = "detectorId";

    private static final Pattern PATH = Pattern.compile("/detector(/([^/]+))?");

    private DetectorRequest() {}

    public static boolean isOne(SignedRequest request) {
        return PATH.matcher(request.path()).matches()
                && request.header("authorization").orElse("").contains("/guardduty/");
    }

    /** IAM's name of what is asked for, empty for what the sandbox does not have. */
    public static String operation(SignedRequest request) {
        if (!request.method().equals("GET")) {
            return "";
        }
        return ofPath(request).isEmpty() ? "ListDetectors" : "GetDetector";
    }

    /** Those of the path. */
    public static Map<String, String> ofPath(SignedRequest request) {
        Matcher path = PATH.matcher(request.path());
        return path.matches() && path.group(2) != null ? Map.of(ID, path.group(2)) : Map.of();
    }
}
