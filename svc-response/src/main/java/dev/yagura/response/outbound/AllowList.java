package dev.yagura.response.outbound;

import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import java.util.List;

/** Checks that an ARN may be used, and is there. */
final class AllowList {
    private AllowList() {}

    static PreflightCheck allowed(String arn, List<String> allowed, String key) {
        String label = "it is on the allow-list";
        return allowed.contains(arn)
                ? Checks.passed(label, arn)
                : Checks.refused(
                        label,
                        arn + " is not; allowed: " + OutboundConfig.listed(allowed),
                        "find out who gets what it takes, then add it to " + key);
    }

    static PreflightCheck exists(boolean found, String arn) {
        String label = "it exists";
        return found
                ? Checks.passed(label, "")
                : Checks.refused(
                        label, arn + " does not", "make it, or take it off the allow-list");
    }
}
