package dev.yagura.response.invocation;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.InvocationTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.action.FunctionName;
import dev.yagura.response.aws.SavedTime;
import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;

/** Writes down what would be invoked, and makes the request that is sent. */
final class InvocationPlan {
    static final String INVOKE = "lambda:Invoke";

    private static final List<String> RISKS =
            List.of(
                    "There is no undo: what the function does stays.",
                    "Nothing but the function itself refuses a second run. An invocation that was"
                            + " not answered ends as outcome unknown, and is not sent again.",
                    "The code is pinned, and with a published version its configuration. What it"
                            + " reads elsewhere, and what its role may do, are not.",
                    "The event and the answer are kept as evidence: put no secrets into them.");

    private InvocationPlan() {}

    static Plan of(
            InvocationSurvey survey, ActionTarget target, InvocationConfig config, Instant now) {
        String name = FunctionName.of(target.getInvocation().getName());
        Plan.Builder plan =
                Plan.newBuilder()
                        .setCreateTime(SavedTime.of(now))
                        .addAllChecks(InvocationPreflight.checks(survey, name, target, config))
                        .addAllResidualRisks(RISKS);
        survey.version()
                .ifPresent(version ->
                        plan.addCalls(
                                call(target.getInvocation(), version.number()).toBuilder()
                                        .setAfter("what the function does, by its role")
                                        .setDryRun(survey.dryRun())));
        return plan.build();
    }

    /** The event is in the target: it is not told a second time. */
    static PlannedCall call(InvocationTarget target, String version) {
        return PlannedCall.newBuilder()
                .setOperation(INVOKE)
                .putParameters("FunctionName", FunctionName.of(target.getName()))
                .putParameters("Qualifier", version)
                .putParameters("InvocationType", InvocationType.REQUEST_RESPONSE.toString())
                .build();
    }

    static InvokeRequest request(InvocationTarget target, String version) {
        return InvokeRequest.builder()
                .functionName(FunctionName.of(target.getName()))
                .qualifier(version)
                .invocationType(InvocationType.REQUEST_RESPONSE)
                .payload(
                        SdkBytes.fromUtf8String(
                                target.getPayload().isEmpty() ? "{}" : target.getPayload()))
                .build();
    }
}
