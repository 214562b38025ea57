package dev.yagura.response.evidence;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.evidence.EvidenceLink;
import dev.yagura.common.evidence.EvidenceLink.Head;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.grpc.ServerStreams;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.EvidenceHead;
import dev.yagura.proto.response.v1.EvidenceRecord;
import dev.yagura.proto.response.v1.EvidenceServiceGrpc;
import dev.yagura.proto.response.v1.ExportEvidenceRequest;
import dev.yagura.proto.response.v1.ExportEvidenceResponse;
import dev.yagura.proto.response.v1.GetEvidenceHeadRequest;
import dev.yagura.response.evidence.EvidenceLog.Subject;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** yagura.response.v1.EvidenceService: who may see what of the chain. */
@ApplicationScoped
public class EvidenceEndpoint extends EvidenceServiceGrpc.EvidenceServiceImplBase {
    private static final int PAGE = 200;

    private final EvidenceLog log;

    @Inject
    EvidenceEndpoint(EvidenceLog log) {
        this.log = log;
    }

    @Override
    public void getEvidenceHead(
            GetEvidenceHeadRequest request, StreamObserver<EvidenceHead> observer) {
        Replies.unary(
                observer,
                () -> {
                    Head head = log.head();
                    return EvidenceHead.newBuilder()
                            .setNumber(head.number())
                            .setHash(head.hash())
                            .build();
                });
    }

    @Override
    public void exportEvidence(
            ExportEvidenceRequest request, StreamObserver<ExportEvidenceResponse> observer) {
        Optional<Subject> subject = subject(request);
        if (request.getAfter() < 0) {
            throw new InvalidFieldException(
                    "after", "is negative", "send the number of the last record that you have");
        }
        admit(Callers.current(), subject);
        ServerStreams.serve(observer, sink -> send(sink, subject, request.getAfter()));
    }

    /** Whose evidence is asked for; empty for all. */
    private static Optional<Subject> subject(ExportEvidenceRequest request) {
        if (request.getPlaybookRun().isEmpty()) {
            return request.getAction().isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new Subject.OfAction(
                                    ResourceName.parse(
                                            "action", EvidenceLog.ACTIONS, request.getAction())));
        }
        if (!request.getAction().isEmpty()) {
            throw new InvalidFieldException(
                    "playbook_run", "stands beside action", "send one of them");
        }
        return Optional.of(
                new Subject.OfRun(
                        ResourceName.parse(
                                "playbook_run", EvidenceLog.RUNS, request.getPlaybookRun())));
    }

    private void admit(Principal caller, Optional<Subject> subject) {
        if (subject.isEmpty() && !caller.seesEveryAccount()) {
            throw new PermissionDeniedException(
                    "the evidence is of every account, "
                            + caller.displayName()
                            + " may see some: name an action of yours in `action`, a run in"
                            + " `playbook_run`, or use a token for every account");
        }
        if (subject.isPresent() && log.account(subject.get()).filter(caller::maySee).isEmpty()) {
            throw switch (subject.get()) {
                case Subject.OfAction(UUID id) ->
                        new NotFoundException("action", ResourceName.of(EvidenceLog.ACTIONS, id));
                case Subject.OfRun(UUID id) ->
                        new NotFoundException("run", ResourceName.of(EvidenceLog.RUNS, id));
            };
        }
    }

    private void send(
            ServerStreams.Sink<ExportEvidenceResponse> sink, Optional<Subject> subject, long from)
            throws InterruptedException {
        long last = log.head().number();
        long after = from;
        List<EvidenceLog.Stored> page;
        do {
            page = log.read(after, last, PAGE);
            for (EvidenceLog.Stored stored : page) {
                boolean shown = subject.isEmpty() || subject.get().equals(stored.subject());
                sink.send(
                        ExportEvidenceResponse.newBuilder()
                                .setRecord(record(stored, shown))
                                .build());
                after = stored.number();
            }
        } while (page.size() == PAGE);
    }

    private static EvidenceRecord record(EvidenceLog.Stored stored, boolean shown) {
        EvidenceLink link =
                EvidenceLink.whole(
                        stored.number(), stored.previousHash(), stored.record(), stored.hash(), "");
        EvidenceRecord.Builder record =
                EvidenceRecord.newBuilder()
                        .setNumber(link.number())
                        .setPreviousHash(link.previousHash())
                        .setRecordHash(link.recordHash())
                        .setHash(link.hash());
        if (shown) {
            record.setRecord(stored.record()).setAccountId(stored.accountId());
            switch (stored.subject()) {
                case Subject.OfAction(UUID id) ->
                        record.setAction(ResourceName.of(EvidenceLog.ACTIONS, id));
                case Subject.OfRun(UUID id) ->
                        record.setPlaybookRun(ResourceName.of(EvidenceLog.RUNS, id));
            }
        }
        return record.build();
    }
}
