package dev.yagura.cli;

import dev.yagura.proto.detection.v1.AttackCoverage;
import dev.yagura.proto.detection.v1.Canary;
import dev.yagura.proto.detection.v1.CanaryStage;
import dev.yagura.proto.detection.v1.CanaryState;
import dev.yagura.proto.detection.v1.CoverageServiceGrpc;
import dev.yagura.proto.detection.v1.CoveringRule;
import dev.yagura.proto.detection.v1.GetAttackCoverageRequest;
import dev.yagura.proto.detection.v1.ListCanariesRequest;
import dev.yagura.proto.detection.v1.ListCanariesResponse;
import dev.yagura.proto.detection.v1.RuleProof;
import dev.yagura.proto.detection.v1.TechniqueCoverage;
import dev.yagura.proto.detection.v1.UncountedReason;
import dev.yagura.proto.detection.v1.UncountedRules;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** One technique that is covered, and one log source that is not proven. */
final class CannedCoverage extends CoverageServiceGrpc.CoverageServiceImplBase {
    @Override
    public void listCanaries(
            ListCanariesRequest request, StreamObserver<ListCanariesResponse> observer) {
        List<Canary> all =
                List.of(
                        Canary.newBuilder()
                                .setName("canaries/linux.process_creation.auditd")
                                .setLogsource("linux/process_creation/*")
                                .setState(CanaryState.CANARY_STATE_FAILING)
                                .setLastStage(CanaryStage.CANARY_STAGE_APPENDED)
                                .addAllFailingPartitions(List.of(2, 5))
                                .build(),
                        Canary.newBuilder()
                                .setName("canaries/aws.cloudtrail.cloudtrail")
                                .setLogsource("aws/*/cloudtrail")
                                .setState(CanaryState.CANARY_STATE_IDLE)
                                .build());
        observer.onNext(
                ListCanariesResponse.newBuilder()
                        .addAllCanaries(
                                all.stream()
                                        .filter(canary -> canary.getState() == request.getState())
                                        .toList())
                        .build());
        observer.onCompleted();
    }

    @Override
    public void getAttackCoverage(
            GetAttackCoverageRequest request, StreamObserver<AttackCoverage> observer) {
        observer.onNext(
                AttackCoverage.newBuilder()
                        .setWindow(request.getWindow())
                        .addTechniques(
                                TechniqueCoverage.newBuilder()
                                        .setTechnique("T1053.003")
                                        .addRules(
                                                CoveringRule.newBuilder()
                                                        .setName("rules/yagura/cron")
                                                        .setTitle("Cron file written")
                                                        .setProof(RuleProof.RULE_PROOF_CASES)))
                        .addUncounted(
                                UncountedRules.newBuilder()
                                        .setReason(UncountedReason.UNCOUNTED_REASON_NO_TELEMETRY)
                                        .setRuleCount(3)
                                        .addNames("rules/yagura/one"))
                        .build());
        observer.onCompleted();
    }
}
