package dev.yagura.response.aws;

import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/** EC2's own answer to "may I", which checks permissions and changes nothing. */
public final class Ec2DryRun {
    private static final String DENIED = "denied: ";
    private static final String REFUSED = "refused: ";
    private static final String ALLOWED = "allowed";
    private static final String WOULD_SUCCEED = "DryRunOperation";

    private Ec2DryRun() {}

    /**
     * "allowed"; or "denied: ", for permissions, or "refused: ", for all else, and why. Throws what
     * the SDK throws when EC2 does not answer.
     *
     * @param call with the parameter DryRun
     */
    public static String of(Runnable call) {
        try {
            call.run();
            return ALLOWED;
        } catch (Ec2Exception e) {
            if (AwsErrors.code(e).equals(WOULD_SUCCEED)) {
                return ALLOWED;
            }
            if (AwsErrors.isTransient(e)) {
                throw e;
            }
            return (AwsErrors.isDenied(e) ? DENIED : REFUSED) + AwsErrors.text(e);
        }
    }

    /** Refuses a plan with a call that EC2 denied. */
    public static PreflightCheck check(ActionKind kind, List<PlannedCall> planned) {
        String label = "EC2 allows every call";
        List<PlannedCall> refused =
                planned.stream()
                        .filter(call ->
                                call.getDryRun().startsWith(DENIED)
                                        || call.getDryRun().startsWith(REFUSED))
                        .toList();
        return refused.isEmpty()
                ? Checks.passed(label, "by EC2's DryRun where it can be asked")
                : Checks.refused(
                        label,
                        refused.stream()
                                .map(call -> call.getOperation() + " " + call.getDryRun())
                                .distinct()
                                .collect(Collectors.joining("; ")),
                        remedy(kind, refused));
    }

    private static String remedy(ActionKind kind, List<PlannedCall> refused) {
        Set<String> denied =
                refused.stream()
                        .filter(call -> call.getDryRun().startsWith(DENIED))
                        .map(PlannedCall::getOperation)
                        .collect(Collectors.toSet());
        return denied.isEmpty()
                ? "see to what EC2 says, then plan again"
                : "give the role of svc-response "
                        + String.join(", ", denied)
                        + " as in "
                        + AwsErrors.policy(kind);
    }
}
