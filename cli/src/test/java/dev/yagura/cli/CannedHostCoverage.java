package dev.yagura.cli;

import com.google.protobuf.Timestamp;
import dev.yagura.proto.inventory.v1.AssetCoverage;
import dev.yagura.proto.inventory.v1.CoverageFilter;
import dev.yagura.proto.inventory.v1.CoverageFinding;
import dev.yagura.proto.inventory.v1.CoverageReason;
import dev.yagura.proto.inventory.v1.CoverageReasonCount;
import dev.yagura.proto.inventory.v1.CoverageScope;
import dev.yagura.proto.inventory.v1.CoverageServiceGrpc;
import dev.yagura.proto.inventory.v1.CoverageStanding;
import dev.yagura.proto.inventory.v1.CoverageSummary;
import dev.yagura.proto.inventory.v1.GetCoverageSummaryRequest;
import dev.yagura.proto.inventory.v1.ListCoverageRequest;
import dev.yagura.proto.inventory.v1.ListCoverageResponse;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.stub.StreamObserver;

/** A host that is protected, one with two gaps, and a scope that was never read. */
final class CannedHostCoverage extends CoverageServiceGrpc.CoverageServiceImplBase {
    CoverageFilter asked = CoverageFilter.getDefaultInstance();

    @Override
    public void listCoverage(
            ListCoverageRequest request, StreamObserver<ListCoverageResponse> observer) {
        asked = request.getFilter();
        AssetCoverage web =
                AssetCoverage.newBuilder()
                        .setNativeId("i-0000000000000000a")
                        .setStanding(CoverageStanding.COVERAGE_STANDING_PROTECTED)
                        .build();
        AssetCoverage app =
                AssetCoverage.newBuilder()
                        .setNativeId("i-0000000000000000b")
                        .setStanding(CoverageStanding.COVERAGE_STANDING_GAP)
                        .setOwner("shop\u001b[2J")
                        .addGaps(gap(CoverageReason.COVERAGE_REASON_NO_AGENT, "run an agent"))
                        .addGaps(gap(CoverageReason.COVERAGE_REASON_SSM_NOT_MANAGED, "manage it"))
                        .build();
        observer.onNext(
                ListCoverageResponse.newBuilder().addCoverage(web).addCoverage(app).build());
        observer.onCompleted();
    }

    @Override
    public void getCoverageSummary(
            GetCoverageSummaryRequest request, StreamObserver<CoverageSummary> observer) {
        observer.onNext(
                CoverageSummary.newBuilder()
                        .setProtected(1)
                        .setGap(1)
                        .setUnknown(1)
                        .setNotRunning(4)
                        .addReasons(
                                CoverageReasonCount.newBuilder()
                                        .setReason(CoverageReason.COVERAGE_REASON_NO_AGENT)
                                        .setAssets(1)
                                        .setOldest(Timestamp.newBuilder().setSeconds(60)))
                        .addScopes(
                                CoverageScope.newBuilder()
                                        .setScope(
                                                Scope.newBuilder()
                                                        .setPartition("aws")
                                                        .setAccountId("444455556666")
                                                        .setRegion("eu-west-1"))
                                        .setInstancesFailure("no credentials")
                                        .setGuarddutyFailure("not authorized"))
                        .build());
        observer.onCompleted();
    }

    private static CoverageFinding gap(CoverageReason reason, String remedy) {
        return CoverageFinding.newBuilder()
                .setReason(reason)
                .setSince(Timestamp.newBuilder().setSeconds(60))
                .setRemedy(remedy)
                .build();
    }
}
