package dev.yagura.cli;

import dev.yagura.proto.detection.v1.CreateRuleRequest;
import dev.yagura.proto.detection.v1.ImportRulePackRequest;
import dev.yagura.proto.detection.v1.ImportRulePackResponse;
import dev.yagura.proto.detection.v1.Rule;
import dev.yagura.proto.detection.v1.RuleDeployment;
import dev.yagura.proto.detection.v1.RuleDiagnostic;
import dev.yagura.proto.detection.v1.RulePack;
import dev.yagura.proto.detection.v1.RuleServiceGrpc;
import dev.yagura.proto.detection.v1.RuleState;
import dev.yagura.proto.detection.v1.VerifyRuleRequest;
import dev.yagura.proto.detection.v1.VerifyRuleResponse;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;

/** Keeps what it was sent. */
final class CannedRules extends RuleServiceGrpc.RuleServiceImplBase {
    String text = "";
    final ByteArrayOutputStream archive = new ByteArrayOutputStream();

    @Override
    public void createRule(CreateRuleRequest request, StreamObserver<Rule> observer) {
        text = request.getText();
        observer.onNext(
                Rule.newBuilder()
                        .setName("rules/custom/r-1")
                        .setDeployment(
                                RuleDeployment.newBuilder().setState(request.getDeploymentState()))
                        .build());
        observer.onCompleted();
    }

    @Override
    public void verifyRule(VerifyRuleRequest request, StreamObserver<VerifyRuleResponse> observer) {
        observer.onNext(
                VerifyRuleResponse.newBuilder()
                        .setState(RuleState.RULE_STATE_CANNOT_FIRE)
                        .addDiagnostics(
                                RuleDiagnostic.newBuilder().setMessage("no sensor delivers it"))
                        .build());
        observer.onCompleted();
    }

    @Override
    public StreamObserver<ImportRulePackRequest> importRulePack(
            StreamObserver<ImportRulePackResponse> observer) {
        return new StreamObserver<>() {
            private String pack = "";

            @Override
            public void onNext(ImportRulePackRequest part) {
                pack = part.hasHeader() ? part.getHeader().getPack() : pack;
                archive.writeBytes(part.getChunk().toByteArray());
            }

            @Override
            public void onError(Throwable error) {
                throw new AssertionError(error);
            }

            @Override
            public void onCompleted() {
                observer.onNext(
                        ImportRulePackResponse.newBuilder()
                                .setPack(RulePack.newBuilder().setName("rulePacks/" + pack))
                                .addRules(
                                        Rule.newBuilder()
                                                .setSourcePath("linux/a.yml")
                                                .setState(RuleState.RULE_STATE_INVALID)
                                                .addDiagnostics(
                                                        RuleDiagnostic.newBuilder()
                                                                .setLine(1)
                                                                .setColumn(1)
                                                                .setMessage(
                                                                        "the rule has no"
                                                                                + " logsource")))
                                .build());
                observer.onCompleted();
            }
        };
    }
}
