package dev.yagura.response.isolation;

import dev.yagura.response.aws.AwsErrors;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/** EC2's own answer to "may I", which checks permissions and changes nothing. */
final class DryRun {
    static final String DENIED = "denied: ";
    private static final String NOT_SUPPORTED =
            "not supported: this service has no DryRun; refused, it is the action that says so";
    private static final String ALLOWED = "allowed";
    private static final String WOULD_SUCCEED = "DryRunOperation";

    private DryRun() {}

    /**
     * "allowed", "denied: " and why, or "not supported: " and why. Throws what the SDK throws when
     * EC2 does not answer.
     */
    static String of(Cloud cloud, Change change) {
        if (!change.hasDryRun()) {
            return NOT_SUPPORTED;
        }
        try {
            change.tryOut(cloud);
            return ALLOWED;
        } catch (Ec2Exception e) {
            if (AwsErrors.code(e).equals(WOULD_SUCCEED)) {
                return ALLOWED;
            }
            if (AwsErrors.isTransient(e)) {
                throw e;
            }
            return DENIED + AwsErrors.text(e);
        }
    }
}
