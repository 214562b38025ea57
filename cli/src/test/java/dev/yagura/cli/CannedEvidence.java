package dev.yagura.cli;

import dev.yagura.common.evidence.EvidenceLink;
import dev.yagura.proto.response.v1.EvidenceHead;
import dev.yagura.proto.response.v1.EvidenceRecord;
import dev.yagura.proto.response.v1.EvidenceServiceGrpc;
import dev.yagura.proto.response.v1.ExportEvidenceRequest;
import dev.yagura.proto.response.v1.ExportEvidenceResponse;
import dev.yagura.proto.response.v1.GetEvidenceHeadRequest;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A chain of four: the first and the third of one action, the second of another; the last of a run.
 */
final class CannedEvidence extends EvidenceServiceGrpc.EvidenceServiceImplBase {
    static final String RUN = "playbookRuns/r-1";

    private final List<EvidenceRecord> records = new ArrayList<>();
    private EvidenceLink.Head head = EvidenceLink.Head.EMPTY;

    CannedEvidence() {
        append("actions/a-1");
        append("actions/a-2");
        append("actions/a-1");
        append(
                "{\"accountId\":\"111122223333\",\"event\":\"EVIDENCE_EVENT_RUN_STARTED\",\"playbookRun\":\"%s\",\"run\":{\"reason\":\"beacon\"}}"
                        .formatted(RUN),
                EvidenceRecord.newBuilder().setPlaybookRun(RUN));
    }

    private void append(String action) {
        append(
                "{\"accountId\":\"111122223333\",\"action\":\"%s\",\"change\":{\"reason\":\"beacon\"},\"event\":\"EVIDENCE_EVENT_REQUESTED\"}"
                        .formatted(action),
                EvidenceRecord.newBuilder().setAction(action));
    }

    private void append(String record, EvidenceRecord.Builder filed) {
        EvidenceLink link = EvidenceLink.next(head, record);
        head = link.head();
        records.add(
                filed.setNumber(link.number())
                        .setPreviousHash(link.previousHash())
                        .setRecord(record)
                        .setRecordHash(link.recordHash())
                        .setHash(link.hash())
                        .setAccountId("111122223333")
                        .build());
    }

    void change(int index, UnaryOperator<EvidenceRecord.Builder> operator) {
        records.set(index, operator.apply(records.get(index).toBuilder()).build());
    }

    @Override
    public void getEvidenceHead(
            GetEvidenceHeadRequest request, StreamObserver<EvidenceHead> observer) {
        observer.onNext(
                EvidenceHead.newBuilder().setNumber(head.number()).setHash(head.hash()).build());
        observer.onCompleted();
    }

    @Override
    public void exportEvidence(
            ExportEvidenceRequest request, StreamObserver<ExportEvidenceResponse> observer) {
        for (EvidenceRecord record : records) {
            boolean shown =
                    request.getAction().equals(record.getAction())
                                    && request.getPlaybookRun().equals(record.getPlaybookRun())
                            || request.equals(ExportEvidenceRequest.getDefaultInstance());
            EvidenceRecord sent =
                    shown
                            ? record
                            : record.toBuilder()
                                    .clearRecord()
                                    .clearAction()
                                    .clearPlaybookRun()
                                    .clearAccountId()
                                    .build();
            observer.onNext(ExportEvidenceResponse.newBuilder().setRecord(sent).build());
        }
        observer.onCompleted();
    }
}
