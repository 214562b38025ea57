package dev.yagura.response.invocation;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.FunctionInvocation;
import dev.yagura.proto.response.v1.InvocationTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.FunctionName;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.SavedTime;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Objects;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** One invocation: sent at most once. Lambda keeps no list in which a lost one could be found. */
final class InvocationSending {
    /** What a record keeps of an answer, which may have 6 MB. */
    private static final int LONGEST_RESULT = 32_000;

    /** Of it, what a sentence about a failure has. */
    private static final int MOST_OF_ERROR = 500;

    private final InvocationCloud cloud;
    private final InvocationConfig config;
    private final ActionRun run;
    private final Clock clock;
    private final ActionTarget target;

    InvocationSending(InvocationCloud cloud, InvocationConfig config, ActionRun run, Clock clock) {
        this.cloud = cloud;
        this.config = config;
        this.run = run;
        this.clock = clock;
        this.target = run.action().getTarget();
    }

    void apply() {
        if (invocation().getStatusCode() == 0) {
            if (invocation().getSendBegun()) {
                giveUp();
            }
            send();
        }
        run.verifying("the function has answered");
        judge();
    }

    private FunctionInvocation invocation() {
        return run.action().getFunctionInvocation();
    }

    /**
     * Written before the call that it may have been made, and after it only when Lambda has refused
     * it: what may have been sent is never sent again.
     */
    private void send() {
        InvocationTarget asked = target.getInvocation();
        InvocationSurvey survey =
                InvocationSurvey.take(cloud.lambda(), FunctionName.of(asked.getName()), config);
        Plan plan = InvocationPlan.of(survey, target, config, clock.instant());
        Checks.requireNoneRefused(plan.getChecksList());
        InvocationSurvey.LiveVersion version = survey.version().orElseThrow();
        FunctionInvocation begun =
                FunctionInvocation.newBuilder()
                        .setVersion(version.number())
                        .setCodeSha256(version.codeSha256())
                        .setSendBegun(true)
                        .build();
        run.prepared(plan, saving -> saving.setFunctionInvocation(begun));
        try {
            InvokeResponse answer =
                    run.call(
                            InvocationPlan.call(asked, version.number()),
                            () ->
                                    cloud.sender()
                                            .invoke(
                                                    InvocationPlan.request(
                                                            asked, version.number())));
            run.saved(saving -> saving.setFunctionInvocation(answered(begun, answer)));
        } catch (AwsServiceException e) {
            if (e.isThrottlingException() || !AwsErrors.isTransient(e)) {
                reset(begun);
            }
            throw e;
        }
    }

    private void reset(FunctionInvocation begun) {
        FunctionInvocation notSent = begun.toBuilder().setSendBegun(false).build();
        run.saved(saving -> saving.setFunctionInvocation(notSent));
    }

    private static FunctionInvocation answered(FunctionInvocation begun, InvokeResponse answer) {
        // What is no UTF-8 becomes a replacement character.
        String result =
                answer.payload() == null
                        ? ""
                        : new String(answer.payload().asByteArray(), StandardCharsets.UTF_8);
        boolean cut = result.length() > LONGEST_RESULT;
        return begun.toBuilder()
                .setStatusCode(answer.statusCode())
                .setFunctionError(Objects.requireNonNullElse(answer.functionError(), ""))
                .setResult(cut ? result.substring(0, LONGEST_RESULT) : result)
                .setResultCut(cut)
                .build();
    }

    private void giveUp() {
        if (!new CallHistory(run.action()).perhapsMade(InvocationPlan.INVOKE)) {
            // The runner died between the two writes: nothing was called.
            reset(invocation());
            throw new RetryLaterException("the process stopped before it invoked the function");
        }
        throw new ActionFailedException(
                "outcome unknown: the invocation was not answered; it is not sent again by itself."
                        + " Look at the function's log from "
                        + lastCall()
                        + " on, then ask for a new action if it must run");
    }

    private String lastCall() {
        return run.action().getCallsList().stream()
                .filter(each -> each.getOperation().equals(InvocationPlan.INVOKE))
                .reduce((first, second) -> second)
                .map(each -> SavedTime.read(each.getStartTime()).toString())
                .orElse("");
    }

    /** Fails when the function did. */
    private void judge() {
        FunctionInvocation done = invocation();
        boolean passed = done.getFunctionError().isEmpty();
        String detail =
                "%s:%s %s (status %d%s)"
                        .formatted(
                                FunctionName.of(target.getInvocation().getName()),
                                done.getVersion(),
                                passed ? "answered" : failure(done),
                                done.getStatusCode(),
                                done.getResultCut() ? ", its answer is cut" : "");
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, passed, detail);
        if (!passed) {
            throw new ActionFailedException(detail);
        }
    }

    private static String failure(FunctionInvocation done) {
        String result = done.getResult();
        return "ended with an error, %s: %s"
                .formatted(
                        done.getFunctionError(),
                        result.substring(0, Math.min(MOST_OF_ERROR, result.length())));
    }
}
