package dev.yagura.cli;

import com.google.protobuf.Timestamp;
import dev.yagura.proto.inventory.v1.GetAccountPostureRequest;
import dev.yagura.proto.inventory.v1.GetPostureRequest;
import dev.yagura.proto.inventory.v1.ListMisconfigurationsRequest;
import dev.yagura.proto.inventory.v1.ListMisconfigurationsResponse;
import dev.yagura.proto.inventory.v1.Misconfiguration;
import dev.yagura.proto.inventory.v1.MisconfigurationSeverity;
import dev.yagura.proto.inventory.v1.Posture;
import dev.yagura.proto.inventory.v1.PostureItem;
import dev.yagura.proto.inventory.v1.PostureOutcome;
import dev.yagura.proto.inventory.v1.PostureServiceGrpc;
import dev.yagura.proto.inventory.v1.PostureVerdict;
import dev.yagura.proto.inventory.v1.UnreadAssets;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.stub.StreamObserver;

/**
 * A host that is denied or, by its asset name, allowed; an account that is denied; a bucket that is
 * public, and one of which that is not known.
 */
final class CannedPosture extends PostureServiceGrpc.PostureServiceImplBase {
    ListMisconfigurationsRequest asked = ListMisconfigurationsRequest.getDefaultInstance();

    @Override
    public void getPosture(GetPostureRequest request, StreamObserver<Posture> observer) {
        Posture.Builder posture = Posture.newBuilder().setPolicy("standard");
        if (request.hasReadTime()) {
            posture.setStartTime(request.getReadTime());
        }
        if (request.getInstanceId().isEmpty()) {
            posture.setVerdict(PostureVerdict.POSTURE_VERDICT_ALLOW);
        } else {
            posture.setNativeId(request.getInstanceId())
                    .setVerdict(PostureVerdict.POSTURE_VERDICT_DENY)
                    .addReasons("imdsv2-required: IMDSv1 answers\u001b[2J")
                    .addItems(
                            PostureItem.newBuilder()
                                    .setCheck("imdsv2-required")
                                    .setOutcome(PostureOutcome.POSTURE_OUTCOME_FAIL)
                                    .setDetail("IMDSv1 answers")
                                    .setRemedy("require tokens")
                                    .setObserveTime(Timestamp.newBuilder().setSeconds(60)))
                    .addItems(
                            PostureItem.newBuilder()
                                    .setCheck("os-supported")
                                    .setOutcome(PostureOutcome.POSTURE_OUTCOME_UNKNOWN)
                                    .setDetail("nobody said"));
        }
        observer.onNext(posture.build());
        observer.onCompleted();
    }

    @Override
    public void getAccountPosture(
            GetAccountPostureRequest request, StreamObserver<Posture> observer) {
        observer.onNext(
                Posture.newBuilder()
                        .setPolicy("standard")
                        .setResourceType("AWS::::Account")
                        .setNativeId(request.getAccountId())
                        .setVerdict(PostureVerdict.POSTURE_VERDICT_DENY)
                        .addReasons("users-mfa: 1 of 3 users")
                        .build());
        observer.onCompleted();
    }

    @Override
    public void listMisconfigurations(
            ListMisconfigurationsRequest request,
            StreamObserver<ListMisconfigurationsResponse> observer) {
        asked = request;
        observer.onNext(
                ListMisconfigurationsResponse.newBuilder()
                        .addMisconfigurations(
                                Misconfiguration.newBuilder()
                                        .setCheck("bucket-not-public")
                                        .setNativeId("leaflets")
                                        .setSeverity(
                                                MisconfigurationSeverity
                                                        .MISCONFIGURATION_SEVERITY_CRITICAL)
                                        .setDetail("its policy allows everybody"))
                        .addUnknown(
                                Misconfiguration.newBuilder()
                                        .setCheck("bucket-not-public")
                                        .setNativeId("posters")
                                        .setScope(Scope.newBuilder().setAccountId("444455556666"))
                                        .setDetail("AWS Config has not told its policy"))
                        .addUnread(
                                UnreadAssets.newBuilder()
                                        .setScope(
                                                Scope.newBuilder()
                                                        .setAccountId("444455556666")
                                                        .setRegion("eu-west-1"))
                                        .setReason("AWS::EC2::Volume is not recorded"))
                        .build());
        observer.onCompleted();
    }
}
