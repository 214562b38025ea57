package dev.yagura.cli;

import static dev.yagura.proto.response.v1.CheckOutcome.CHECK_OUTCOME_PASSED;
import static dev.yagura.proto.response.v1.CheckOutcome.CHECK_OUTCOME_REFUSED;

import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionServiceGrpc;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PreflightCheck;
import io.grpc.stub.StreamObserver;

/** A plan for validate_only; everything else is refused. */
final class RefusedActions extends ActionServiceGrpc.ActionServiceImplBase {
    @Override
    public void createAction(CreateActionRequest request, StreamObserver<Action> observer) {
        if (!request.getValidateOnly()) {
            throw new PreconditionFailedException(
                    request.getTarget().getInstanceId(), "member of web-asg");
        }
        boolean grouped =
                request.getTarget().getInstanceId().endsWith("0")
                        && !request.getOverrideGuardsList().contains("minimum-healthy");
        observer.onNext(
                Action.newBuilder()
                        .setTarget(request.getTarget())
                        .setIncident(request.getIncident())
                        .setPlan(
                                Plan.newBuilder()
                                        .addChecks(
                                                PreflightCheck.newBuilder()
                                                        .setLabel("in no Auto Scaling group")
                                                        .setOutcome(
                                                                grouped
                                                                        ? CHECK_OUTCOME_REFUSED
                                                                        : CHECK_OUTCOME_PASSED)
                                                        .setDetail(
                                                                grouped
                                                                        ? "member of web-asg"
                                                                        : "")))
                        .build());
        observer.onCompleted();
    }
}
